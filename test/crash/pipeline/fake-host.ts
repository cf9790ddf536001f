import type { Method, Params, Result, RunSummary } from '../../../runner-host/protocol/methods';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { RunSpec, type RunResult } from '../../../runner-host/protocol/runs';
import type { StagingRunResult, StagingRunSpec } from '../../../runner-host/protocol/staging';
import type { Clock, Host } from '../../../extension/pipeline/ports';
import { readReport, suiteRan } from '../../unit/artifacts/report-input';
import { stagingRan } from '../../unit/artifacts/staging-input';
import type { FakeGit } from './fake-git';

export const ENDS = ['green', 'red', 'no-report', 'timeout', 'command-not-found', 'cancelled'] as const;
export type End = (typeof ENDS)[number];
export type HostTrouble = 'start-refused' | 'follow-lost' | 'acknowledge-lost';

interface Run {
  spec: Exclude<RunSpec, { kind: 'merge' }>;
  tree: string;
  end: End;
  startedAt: number;
  result: RunResult | null;
}

const STAGING_CLASS = {
  timeout: 'transient-infra',
  'command-not-found': 'permanent-env',
  cancelled: 'cancelled',
} as const;
type InfraEnd = keyof typeof STAGING_CLASS;
const isInfra = (end: End): end is InfraEnd => end in STAGING_CLASS;

/** Runs that end as they are told to, once somebody waits for them; they outlive who started them. */
export class FakeHost implements Host {
  /** How the next run that is started will end. */
  end: End = 'green';
  trouble: HostTrouble | undefined;
  /** What happens in the world while a run goes. */
  meanwhile: () => Promise<void> = async () => undefined;
  readonly started: string[] = [];
  private readonly runs = new Map<string, Run>();

  constructor(
    private readonly git: FakeGit,
    private readonly clock: Clock,
  ) {}

  async request<M extends Method>(method: M, params: Params<M>): Promise<Result<M>> {
    return (await this.answer(method, params)) as Result<M>;
  }

  async follow(id: string): Promise<RunSummary> {
    const { meanwhile } = this;
    this.meanwhile = async () => undefined;
    await meanwhile();
    if (this.trouble === 'follow-lost') throw new Error('the connection is lost');
    const run = this.runs.get(id);
    if (!run) throw new Error(`no run ${id}`);
    run.result ??= this.resultOf(id, run);
    return this.summary(id, run);
  }

  async probe(): Promise<Host> {
    return this;
  }

  async close(): Promise<void> {}

  private async answer(method: Method, params: Params<Method>): Promise<unknown> {
    if (method === 'run/start' && 'spec' in params) {
      if (this.trouble === 'start-refused') throw new Error('no runner host could be started');
      return this.start(RunSpec.parse(params.spec));
    }
    if (method === 'run/cancel' && 'run' in params) return this.cancel(params.run);
    if (method === 'run/acknowledge' && this.trouble !== 'acknowledge-lost') return {};
    throw new Error(`${method} is not answered`);
  }

  private cancel(id: string): RunSummary {
    const run = this.runs.get(id);
    if (!run) throw new Error(`no run ${id}`);
    run.end = run.result ? run.end : 'cancelled';
    return this.summary(id, run);
  }

  private start(spec: RunSpec): RunSummary {
    const known = this.runs.get(spec.run);
    if (known && JSON.stringify(known.spec) !== JSON.stringify(spec)) throw new Error('another run has this id');
    if (!known) this.started.push(spec.run);
    if (spec.kind === 'merge') throw new Error('this world has no merge gate');
    const tree = this.git.treeOf(spec.head);
    const run = known ?? { spec, tree, end: this.end, startedAt: this.clock.now(), result: null };
    this.runs.set(spec.run, run);
    return this.summary(spec.run, run);
  }

  private summary(id: string, { spec, startedAt, result }: Run): RunSummary {
    const state = result ? 'finished' : 'running';
    return { run: id, item: spec.item, kind: spec.kind, state, position: null, startedAt, outputBytes: 0, result };
  }

  private resultOf(id: string, run: Run): RunResult {
    return run.spec.kind === 'test' ? this.testResult(id, run, run.spec) : stagingResult(id, run, run.spec);
  }

  private testResult(id: string, { tree, end, startedAt }: Run, spec: TestRunSpec): TestRunResult {
    const tip = spec.scratch ? spec.head : this.git.tip(spec.worktree);
    const proof = { head: spec.head, tree, treeAfter: this.git.treeOf(tip), headAfter: tip, changed: [] };
    const report =
      end === 'no-report'
        ? { state: 'missing' as const, path: 'report.xml' }
        : readReport(end === 'red' ? { passed: 10, failed: 1 } : {});
    const common = { run: id, item: spec.item };
    const ran = suiteRan({ ...common, tree: proof, report }, { startedAt, exitCode: end === 'red' ? 1 : 0 });
    if (!isInfra(end)) return ran;
    const { supervision, tree: tested } = ran;
    return {
      status: 'infra',
      ...common,
      kind: 'test',
      supervision,
      tree: tested,
      cause: end,
      detail: `it was: ${end}`,
    };
  }
}

function stagingResult(id: string, { end, startedAt }: Run, spec: StagingRunSpec): StagingRunResult {
  const report =
    end === 'no-report'
      ? { state: 'missing' as const, path: 'staging.xml' }
      : readReport(end === 'red' ? { passed: 10, failed: 1 } : {});
  const ran = stagingRan(
    { run: id, item: spec.item, report, served: { before: spec.head, after: spec.head } },
    { startedAt, exitCode: end === 'red' ? 1 : 0 },
  );
  if (!isInfra(end)) return ran;
  const { report: _, ...rest } = ran;
  return { ...rest, status: 'infra', class: STAGING_CLASS[end], cause: end, detail: `it was: ${end}` };
}
