import { age } from '../age';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { alertView } from '../json-views';
import { BLANK, line } from '../line';
import { requireWritable } from '../require';
import { table } from '../table';
import { texts } from '../texts';

/** What waits to be seen by a person, oldest first; with --seen it is marked as seen, and shown for the last time. */
export const alerts: Command = async ({ args, world, columns, engine: open, actor }) => {
  const engine = await open();
  const waiting = engine.read.alerts();
  const marks = args.flag('seen');
  if (marks) requireWritable(engine);
  const seen = marks ? await engine.seeAlerts(waiting, await actor()) : [];
  const now = world.now();
  const rows = waiting.map(({ item, at, code, text }) => ({ cells: [item, age(at, now), `${text} [${code}]`] }));
  return {
    exit: EXIT.fine,
    json: { alerts: waiting.map(alertView), seen: seen.map(({ id }) => id) },
    lines:
      waiting.length === 0
        ? [line(texts.noAlerts)]
        : [
            ...table(texts.columns.alerts, rows, columns),
            ...(marks ? [BLANK, line(texts.alertsSeen(seen.length))] : []),
          ],
  };
};
