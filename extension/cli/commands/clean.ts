import { refusedError } from '../cli-error';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { itemView } from '../json-views';
import { line } from '../line';
import { requireConfig, requireItem, requireWritable } from '../require';
import { texts } from '../texts';

/** Removes a done item's worktree and branch, with proof; says what went, what keeps it, and how it comes back. */
export const clean: Command = async (context) => {
  const engine = await context.engine();
  const { id } = requireItem(engine, context.args.positionals[0] ?? '');
  requireWritable(engine);
  await requireConfig(engine);
  const dryRun = context.args.flag('dry-run');
  const outcome = await engine.clean(id, await context.actor(), dryRun);
  if (!outcome.ok) throw refusedError(outcome.reason);
  const { item, text, clean: result, bringBack: back } = outcome;
  return {
    exit: EXIT.fine,
    json: { item: itemView(item), text, clean: result, bringBack: back },
    lines: [
      line(texts.sentenceOf(id, text), dryRun ? undefined : 'good'),
      ...(result.generated.length === 0 ? [] : [line(texts.generatedGoes(dryRun, result.generated))]),
      ...(back.length === 0 ? [] : [line(texts.bringBack)]),
      ...back.map((command) => line(`    ${command}`)),
    ],
  };
};
