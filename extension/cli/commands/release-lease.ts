import type { Command } from '../command';
import { refusedError } from '../cli-error';
import { EXIT } from '../exit-codes';
import { itemView, leaseView } from '../json-views';
import { line } from '../line';
import { requireItem, requireWritable } from '../require';
import { texts } from '../texts';

/** Takes an item's lease from an owner that is dead, or with --force from one that cannot be asked. */
export const releaseLease: Command = async ({ args, engine: open, actor }) => {
  const engine = await open();
  const { id } = requireItem(engine, args.positionals[0] ?? '');
  requireWritable(engine);
  const outcome = await engine.releaseLease(id, {
    actor: await actor(),
    reason: args.text('reason') ?? '',
    force: args.flag('force'),
  });
  if (!outcome.ok) throw refusedError(outcome.reason);
  const { item, text, owner } = outcome;
  return {
    exit: EXIT.fine,
    json: { item: itemView(item), lease: { ...leaseView(owner.lease), liveness: owner.liveness }, text },
    lines: [
      line(`${item.id}  ${item.stage}  ${item.condition}`, 'title'),
      line(`  ${text}`),
      line(texts.next(item.next_action)),
    ],
  };
};
