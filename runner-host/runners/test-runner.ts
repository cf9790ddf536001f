import { realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, isAbsolute, sep } from 'node:path';
import { GitFailure } from '../git/run-git';
import { TreeReader } from '../git/tree-reader';
import type { InfraCause, ReportReading, TestRunResult, Supervision, TreeProof } from '../protocol/result';
import type { TestRunSpec } from '../protocol/run-spec';
import type { SupervisedEnd } from '../shim/supervise-by-shim';
import { openGuard } from '../guard/open-guard';
import { buildEnvironment } from '../supervisor/environment';
import { proveEnvironment } from '../supervisor/environment-proof';
import { resolveProgram } from '../supervisor/resolve-program';
import { isDiskFull, judgeEnd, type InfraFinding } from './judge-end';
import { noSupervision } from './no-supervision';
import { readReport, type ReportFindings } from './read-report';
import { findReportFiles, removeReportFiles, ReportPathUnusable } from './report-files';
import type { RunContext, RunOutcome } from './run-context';
import { askSmoke } from './smoke';

/** What is known of a run's grounds so far; all of it goes into the result, however the run ends. */
type Proven = Pick<TestRunResult, 'tree' | 'environment' | 'guard'>;

/** Ends a run early with an infra result. */
class Stop extends Error {
  readonly finding: InfraFinding;

  constructor(cause: InfraCause, detail: string) {
    super(detail);
    this.finding = { cause, detail };
  }
}

/**
 * Runs the project's test command in the item's worktree: old reports out of the way, tree proven, command supervised, report
 * read, tree proven again. Gives a result for whatever happens; never throws.
 */
export async function runTests(spec: TestRunSpec, context: RunContext): Promise<RunOutcome> {
  const startedAt = Date.now();
  const trees = new TreeReader({
    worktree: spec.worktree,
    artifacts: spec.artifacts,
    scratch: context.scratch,
    env: context.env,
    signal: context.stop,
  });
  const proven: Proven = { tree: null };
  const infra = (supervision: Supervision, { cause, detail }: InfraFinding): TestRunResult => {
    return {
      status: 'infra',
      run: spec.run,
      item: spec.item,
      kind: 'test',
      supervision,
      ...proven,
      cause,
      detail,
    };
  };
  try {
    const cwd = checkFolders(spec);
    context.onStep('running', 'reading the worktree');
    proven.tree = await proveBefore(spec, trees);
    const ended = await runCommand(spec, cwd, context, proven);
    // In processes of their own, while the report is read in this one.
    trees.look();
    context.onStep('stopping', 'reading the report');
    const { reading, cases, files } = await readFindings(spec, startedAt);
    context.onStep('stopping', 'checking the worktree');
    proven.tree = await proveAfter(trees, proven.tree, files);
    const { supervision } = ended;
    const finding = judgeEnd(ended.cause, supervision, reading, spec.timeoutMs);
    if (finding !== null) return { result: infra(supervision, finding), cases };
    const { run, item } = spec;
    const smoke = await afterGreen(spec, supervision, context);
    return {
      result: { status: 'suite-ran', run, item, kind: 'test', supervision, ...proven, ...smoke, report: reading },
      cases,
    };
  } catch (error) {
    return { result: infra(noSupervision(startedAt), findingOf(error, context.stop)), cases: null };
  } finally {
    await trees.close().catch((error: Error) => context.log(`scratch folder left behind: ${error.message}`));
  }
}

function findingOf(error: unknown, stop: AbortSignal): InfraFinding {
  if (error instanceof Stop) return error.finding;
  if (stop.aborted) return { cause: 'cancelled', detail: String(stop.reason) };
  if (error instanceof ReportPathUnusable) return { cause: 'report-path-unusable', detail: error.detail };
  if (error instanceof GitFailure) return { cause: 'worktree-unreadable', detail: error.message };
  const { code, message } = error as NodeJS.ErrnoException;
  return { cause: isDiskFull(code) ? 'disk-full' : 'spawn-failed', detail: message };
}

/** Returns the absolute working directory. */
function checkFolders(spec: TestRunSpec): string {
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder(spec.worktree)) throw new Stop('worktree-missing', `there is no folder ${spec.worktree}`);
  if (statSync(join(spec.worktree, '.git'), { throwIfNoEntry: false }) === undefined) {
    throw new Stop('worktree-missing', `${spec.worktree} is not the top folder of a git worktree`);
  }
  const cwd = resolve(spec.worktree, spec.cwd);
  if (!isFolder(cwd)) throw new Stop('worktree-missing', `the working directory ${spec.cwd} is not in the worktree`);
  const way = relative(realpathSync(spec.worktree), realpathSync(cwd));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    throw new Stop('worktree-missing', `the working directory ${spec.cwd} leads out of the worktree`);
  }
  return cwd;
}

async function proveBefore(spec: TestRunSpec, trees: TreeReader): Promise<TreeProof> {
  const head = await trees.begin(spec.head);
  if (head !== spec.head) throw new Stop('worktree-moved', `the worktree stands on ${head}, not on ${spec.head}`);
  if (spec.report !== null) {
    const stale = await findReportFiles(spec.worktree, spec.report.path);
    // A committed report would be there whether or not the suite wrote one.
    const committed = await trees.tracked(stale);
    if (committed.length > 0)
      throw new Stop('report-path-unusable', `the report is committed: ${committed.slice(0, 5).join(', ')}`);
    await removeReportFiles(spec.worktree, stale);
  }
  return { head, tree: await trees.tree([]), treeAfter: null, headAfter: null, changed: [] };
}

/** What could not be proven afterwards stays null: the run did happen. */
async function proveAfter(trees: TreeReader, before: TreeProof, reports: readonly string[]): Promise<TreeProof> {
  try {
    const headAfter = await trees.head();
    const treeAfter = await trees.tree(reports);
    return { ...before, headAfter, treeAfter, changed: await trees.changed(before.tree, treeAfter) };
  } catch {
    return before;
  }
}

async function runCommand(spec: TestRunSpec, cwd: string, context: RunContext, proven: Proven): Promise<SupervisedEnd> {
  const { cookie, tmp, table, output, log, stop, onReady, onStarted } = context;
  const env = buildEnvironment({ from: context.env, passEnv: spec.passEnv, env: spec.env, tmp, cookie });
  const program = resolveProgram(spec.command, cwd, env);
  if (!program.ok) throw new Stop(program.cause, program.detail);
  proven.environment = proveEnvironment({ env, program: program.command[0] ?? '', worktree: spec.worktree });
  if (stop.aborted) throw new Stop('cancelled', String(stop.reason));
  context.onStep('running', 'running the command');
  const guard = await openGuard(join(dirname(context.scratch), 'guard'), env, spec.network);
  try {
    return await context.supervisor.supervise(
      {
        command: program.command as [string, ...string[]],
        cwd,
        env: guard.env,
        cookie,
        timeoutMs: spec.timeoutMs,
        graceMs: spec.graceMs,
      },
      {
        table,
        output,
        log,
        stop,
        onReady,
        onStarted,
        onEnding: () => context.onStep('stopping', 'ending its processes'),
      },
    );
  } finally {
    proven.guard = await guard.close();
  }
}

/** A red suite is red whatever a service answers. */
async function afterGreen(
  { smoke = [] }: TestRunSpec,
  { exitCode }: Supervision,
  context: RunContext,
): Promise<Pick<TestRunResult, 'smoke'>> {
  if (exitCode !== 0 || smoke.length === 0) return {};
  context.onStep('stopping', 'asking the service');
  return { smoke: await askSmoke(smoke, context.stop) };
}

async function readFindings(spec: TestRunSpec, startedAt: number): Promise<ReportFindings> {
  if (spec.report === null) {
    const reading: ReportReading = { state: 'not-configured' };
    return { reading, cases: null, files: [] };
  }
  return readReport(spec.worktree, spec.report, startedAt);
}
