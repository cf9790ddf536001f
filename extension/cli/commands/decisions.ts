import type { CommandOutcome, Engine } from '../../engine';
import type { Command } from '../command';
import { refusedError } from '../cli-error';
import { EXIT } from '../exit-codes';
import { itemView } from '../json-views';
import { line } from '../line';
import { requireItem, requireWritable } from '../require';
import { texts } from '../texts';

type Decide = (engine: Engine, item: string, actor: string, reason: string, named: string) => Promise<CommandOutcome>;

/** What a person decides about an item, recorded with name and reason. */
function decision(decide: Decide): Command {
  return async (context) => {
    const engine = await context.engine();
    const { id } = requireItem(engine, context.args.positionals[0] ?? '');
    requireWritable(engine);
    const text = (option: 'reason' | 'set' | 'finding'): string => context.args.text(option) ?? '';
    const outcome = await decide(engine, id, await context.actor(), text('reason'), text('set') || text('finding'));
    if (!outcome.ok) throw refusedError(outcome.reason);
    const { item, text: said } = outcome;
    return {
      exit: EXIT.fine,
      json: { item: itemView(item), text: said },
      lines: [
        line(`${item.id}  ${item.stage}  ${item.condition}`, 'title'),
        line(`  ${said}`),
        line(texts.next(item.next_action)),
      ],
    };
  };
}

export const hold = decision((engine, item, actor, reason) => engine.hold(item, actor, reason));
export const release = decision((engine, item, actor, reason) => engine.release(item, actor, reason));
export const acknowledge = decision((engine, ...given) => engine.acknowledge(...given));
export const waive = decision((engine, ...given) => engine.waive(...given));
export const renumber = decision((engine, item, actor) => engine.renumber(item, actor));
export const sendBack = decision((engine, item, actor, reason) => engine.sendBack(item, actor, reason));
export const cancel = decision((engine, item, actor, reason) => engine.cancel(item, actor, reason));
