import type { Engine, RunReport } from '../../engine';
import type { AdvanceReport } from '../../pipeline/outcome';
import type { Command, CommandContext } from '../command';
import { colourOf } from '../colour';
import { describeError } from '../describe-error';
import { EXIT, exitOfAdvance } from '../exit-codes';
import { facts } from '../facts';
import { watchInterrupts } from '../interrupt';
import { BLANK, line, type Line } from '../line';
import { plainJson } from '../plain-text';
import { openProgress } from '../progress-view';
import { renderFailures, renderTail } from '../render-run';
import { requireConfig, requireItem, requireStage, requireWritable } from '../require';
import { texts } from '../texts';
import { toneOf } from '../tones';

const TAIL_LINES = 20;
const CANCELLED = 'infra:cancelled';

/** Takes an item one stage on, or as far as `--until`; Ctrl-C cancels its run. */
export const advance: Command = async (context) => {
  const engine = await context.engine();
  const item = requireItem(engine, context.args.positionals[0] ?? '');
  requireWritable(engine);
  const until = context.args.text('until');
  requireStage(await requireConfig(engine), until);
  const actor = await context.actor();

  const { world, verbose } = context;
  const progress = openProgress({
    world,
    item: item.id,
    stage: item.stage,
    colour: colourOf(world.stderr, world.env),
    verbose,
  });
  const interrupts = watchInterrupts({ world, item: item.id, say: progress.say, leave: () => leave(context, item.id) });
  let report: AdvanceReport;
  try {
    report = await engine.advance(item.id, {
      actor,
      ...(until === undefined ? {} : { until }),
      signal: interrupts.signal,
      onProgress: (event) => {
        if (event.kind === 'run' && (event.state === 'stopping' || event.state === 'finished')) interrupts.stopping();
        progress.report(event);
      },
    });
  } finally {
    progress.close();
    interrupts.close();
  }
  const run = await runOf(context, engine, report);
  const next = engine.read.item(report.item)?.next_action;
  return { exit: exitOfAdvance(report), json: report, lines: await render(context, report, run, next) };
};

/** The second Ctrl-C: the answer that is still owed to programs, then out. */
function leave({ world, json }: CommandContext, item: string): void {
  if (json) world.stdout.write(`${plainJson({ error: { code: 'interrupted', ...texts.interrupted(item) } })}\n`);
  world.leave(EXIT.standing);
}

/** The run behind the report. The advance is done whatever happens here: what cannot be read is said and left out. */
async function runOf(context: CommandContext, engine: Engine, report: AdvanceReport): Promise<RunReport | undefined> {
  const nothingToSee = report.verdict === 'PASS' || report.result === CANCELLED;
  if (report.run === null || context.json || nothingToSee) return undefined;
  try {
    return await engine.report(report.item, report.run);
  } catch (error) {
    context.say(line(texts.noDetails(describeError(error).message), 'warning'));
    return undefined;
  }
}

async function render(
  context: CommandContext,
  report: AdvanceReport,
  run: RunReport | undefined,
  next: string | undefined,
): Promise<Line[]> {
  const { item, from, to, outcome, verdict, result, reason } = report;
  const head = [texts.advanceHead(from, to, item), outcome, verdict].filter(Boolean).join('  ');
  const failures = run ? renderFailures(run, false) : [];
  const quiet = failures.length > 0 || run === undefined || run.log === null || context.verbose;
  const tail = quiet ? [] : renderTail(await context.world.tail(run.log ?? '', TAIL_LINES));
  return [
    line(head, toneOf(outcome) ?? 'title'),
    line(`  ${reason.text}`),
    ...facts([
      [texts.label.result, result],
      [texts.label.helps, reason.remedy],
      [texts.label.next, next === reason.remedy ? null : next],
      [texts.label.report, report.run === null ? null : texts.reportCommand(item, report.run)],
    ]),
    ...(failures.length === 0 ? [] : [BLANK, ...failures]),
    ...(tail.length === 0 ? [] : [BLANK, ...tail]),
  ];
}
