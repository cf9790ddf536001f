import type { CommandOutcome, Engine } from '../../engine';
import type { Command } from '../command';
import { refusedError } from '../cli-error';
import { EXIT } from '../exit-codes';
import { itemView } from '../json-views';
import { line } from '../line';
import { requireItem, requireWritable } from '../require';
import { texts } from '../texts';

type Decide = (engine: Engine, item: string, actor: string, reason: string) => Promise<CommandOutcome>;

/** What a person decides about an item, recorded with name and reason. */
function decision(decide: Decide): Command {
  return async (context) => {
    const engine = await context.engine();
    const { id } = requireItem(engine, context.args.positionals[0] ?? '');
    requireWritable(engine);
    const outcome = await decide(engine, id, await context.actor(), context.args.text('reason') ?? '');
    if (!outcome.ok) throw refusedError(outcome.reason);
    const { item, text } = outcome;
    return {
      exit: EXIT.fine,
      json: { item: itemView(item), text },
      lines: [
        line(`${item.id}  ${item.stage}  ${item.condition}`, 'title'),
        line(`  ${text}`),
        line(texts.next(item.next_action)),
      ],
    };
  };
}

export const hold = decision((engine, ...given) => engine.hold(...given));
export const release = decision((engine, ...given) => engine.release(...given));
export const sendBack = decision((engine, ...given) => engine.sendBack(...given));
export const cancel = decision((engine, ...given) => engine.cancel(...given));
