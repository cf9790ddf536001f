import { refusedError } from '../cli-error';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { itemView } from '../json-views';
import { line } from '../line';
import { requireItem, requireWritable } from '../require';

/** Gives an item the next free number of a series of documents. */
export const reserve: Command = async (context) => {
  const engine = await context.engine();
  const [named = '', series = null] = context.args.positionals;
  const { id } = requireItem(engine, named);
  requireWritable(engine);
  const outcome = await engine.reserve(id, series, await context.actor());
  if (!outcome.ok) throw refusedError(outcome.reason);
  const { item, text, number, start } = outcome;
  return {
    exit: EXIT.fine,
    json: { item: itemView(item), series: outcome.series, number, start, text },
    lines: [line(text, 'good')],
  };
};
