import type { Command, CommandContext, CommandResult } from '../command';
import { cliError, refusedError } from '../cli-error';
import { EXIT } from '../exit-codes';
import { itemView, leaseView } from '../json-views';
import { line } from '../line';
import { requireItem, requireWritable } from '../require';
import { texts } from '../texts';

/** Takes an item's lease, or a queue's, from an owner that is dead, or with --force from one that cannot be asked. */
export const releaseLease: Command = async (context) => {
  const { args, engine: open, actor } = context;
  const [named] = args.positionals;
  const queue = args.text('queue');
  if (named === undefined && queue === undefined)
    throw cliError('missing-argument', texts.missingArgument('release-lease', 'ID or --queue BRANCH'));
  if (named !== undefined && queue !== undefined)
    throw cliError('too-many-arguments', texts.tooManyArguments('release-lease --queue', named));
  const engine = await open();
  if (queue !== undefined) return releaseQueue(context, queue);
  const { id } = requireItem(engine, named ?? '');
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

async function releaseQueue({ args, engine: open, actor }: CommandContext, base: string): Promise<CommandResult> {
  const engine = await open();
  requireWritable(engine);
  const outcome = await engine.releaseQueueLease({
    base,
    actor: await actor(),
    reason: args.text('reason') ?? '',
    force: args.flag('force'),
  });
  if (!outcome.ok) throw refusedError(outcome.reason);
  const { text, owner } = outcome;
  return {
    exit: EXIT.fine,
    json: { base, lease: { ...leaseView(owner.lease), liveness: owner.liveness }, text },
    lines: [line(text, 'good'), line(texts.next('interlock queue'))],
  };
}
