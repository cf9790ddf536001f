import type { Command } from '../command';
import { cliError } from '../cli-error';
import { EXIT } from '../exit-codes';
import { reportView } from '../json-views';
import { BLANK } from '../line';
import { renderFailures, renderRun, renderTail } from '../render-run';
import { requireItem } from '../require';
import { texts } from '../texts';

const TAIL_LINES = 40;

/** The item's newest run, or the named one: verdict and figures, failures first, else the end of the log. */
export const report: Command = async (context) => {
  const engine = await context.engine();
  const { id, condition } = requireItem(engine, context.args.positionals[0] ?? '');
  const run = context.args.text('run');
  const found = await engine.report(id, run);
  if (!found)
    throw run === undefined
      ? cliError('no-run-yet', condition === 'done' ? texts.noRunLeft(id) : texts.noRunYet(id))
      : cliError('no-such-run', texts.noSuchRun(id, run));
  const failures = renderFailures(found, true);
  const passed = found.verdict?.verdict === 'PASS';
  const wantsTail = context.verbose || (failures.length === 0 && !passed);
  const tail = wantsTail && found.log !== null ? renderTail(await context.world.tail(found.log, TAIL_LINES)) : [];
  return {
    exit: EXIT.fine,
    json: reportView(found),
    lines: [
      ...renderRun(found, context.world.now()),
      ...(failures.length === 0 ? [] : [BLANK, ...failures]),
      ...(tail.length === 0 ? [] : [BLANK, ...tail]),
    ],
  };
};
