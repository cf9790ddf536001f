import { hostname } from 'node:os';
import type { ReportReading } from '../protocol/result';
import type { ServedCommit, StagingClass, StagingRunResult, StagingRunSpec } from '../protocol/staging';
import type { ReportFindings } from '../runners/read-report';
import type { RunContext, RunOutcome } from '../runners/run-context';
import type { Classification } from '../ssh/staging-evidence';
import { detailOf, oneLine } from './causes';
import { commandText, programOf, unusableNames, withEnvironment } from './command-text';
import { inContainer, sweepScript } from './container-text';
import { fetchReport } from './fetch-report';
import { takeHost, type HostLock } from './host-lock';
import { InnerScanner, markOf } from './inner-marks';
import { soundLimits, type StagingLimits } from './limits';
import { prepareHost, servedAfter, type Served } from './prepare-host';
import { remoteSupervision } from './remote-supervision';
import { unusableReportPath } from './report-text';
import type { ServiceTools } from './service-run';
import { judgeSession, superviseRemote, type SessionEnd } from './session';
import type { HostUse, StagingHosts } from './staging-hosts';

export interface StagingTools {
  hosts: StagingHosts;
  /** The remote supervisor's text. */
  script: string;
  limits: StagingLimits;
}

/** On every host: in the home of the user, closed to others. */
export const REMOTE_BASE = '~/.interlock/runs';

/** Ends a run early with an infra result. */
class Stop extends Error {
  readonly found: Finding;

  constructor(found: Finding) {
    super(found.cause);
    this.found = found;
  }
}

interface Finding {
  class: StagingClass;
  cause: string;
  detail: string;
}

/**
 * Runs the suite on its staging host: host taken for this run alone, served commit, suite, served commit again, report. All of it
 * under supervision there, by ids that are made of the run's own: doing it again for a run whose runner host died joins what is
 * there. Gives a result for whatever happens; never throws.
 */
export async function runStaging(spec: StagingRunSpec, context: RunContext, tools: StagingTools): Promise<RunOutcome> {
  const startedAt = Date.now();
  try {
    return await tools.hosts.use(spec.target, (use) => new StagingRun(spec, context, tools, use, startedAt).execute());
  } catch (error) {
    const found: Finding = { class: 'held', cause: 'internal', detail: oneLine((error as Error).message) };
    const remote = remoteSupervision(spec, null, null, startedAt, context.output);
    const { run, item, kind } = spec;
    return { result: { status: 'infra', run, item, kind, remote, served: null, ...found }, cases: null };
  }
}

class StagingRun {
  readonly #spec: StagingRunSpec;
  readonly #context: RunContext;
  readonly #use: HostUse;
  readonly #services: ServiceTools;
  readonly #startedAt: number;
  #served: ServedCommit | null = null;
  /** Why the host was not ours when we came back to it. */
  #lockLost: Classification | null = null;
  #suite: SessionEnd | null = null;

  constructor(spec: StagingRunSpec, context: RunContext, tools: StagingTools, use: HostUse, startedAt: number) {
    this.#spec = spec;
    this.#context = context;
    this.#use = use;
    this.#startedAt = startedAt;
    const { script, limits } = tools;
    this.#services = { host: use.host, script, limits: soundLimits(limits), base: REMOTE_BASE, stop: context.stop };
  }

  async execute(): Promise<RunOutcome> {
    let lock: HostLock | null = null;
    let outcome: { finding: Finding } | ReportFindings;
    try {
      this.#refuseUnusable();
      lock = await this.#take();
      outcome = await this.#withHost(lock);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      outcome = { finding: error.found };
    } finally {
      if (lock !== null) {
        this.#context.onStep('stopping', 'giving the staging host back');
        if (!(await lock.release())) this.#context.log('the host did not confirm that it is free; its lease ends that');
      }
    }
    const { run, item, kind } = this.#spec;
    const remote = remoteSupervision(
      this.#spec,
      this.#use.report(),
      this.#suite,
      this.#startedAt,
      this.#context.output,
    );
    const common = { run, item, kind, remote, served: this.#served };
    if ('finding' in outcome) {
      return { result: { status: 'infra', ...common, ...outcome.finding } satisfies StagingRunResult, cases: null };
    }
    return { result: { status: 'suite-ran', ...common, report: outcome.reading }, cases: outcome.cases };
  }

  /** What the host would misunderstand is not sent to it. */
  #refuseUnusable(): void {
    const { env, report } = this.#spec;
    const names = unusableNames(env);
    if (names.length > 0) throw stop('permanent-env', 'environment-name', oneLine(names.join(', ')));
    const reason = report === null ? null : unusableReportPath(report.path);
    if (reason !== null) throw stop('permanent-env', 'report-path', reason);
  }

  async #take(): Promise<HostLock | null> {
    const { run, item } = this.#spec;
    this.#context.onStep('running', 'taking the staging host');
    const owner = `${item} run ${run} of ${hostname()}`;
    const answer = await takeHost(
      { runId: `${run}-lock`, token: this.#token('lock'), owner, attachOnly: this.#context.adopted },
      this.#services,
    );
    if (answer.held) return answer.lock;
    // The suite may still go on there: it is joined, or ended, without the lock too.
    if (this.#context.adopted) {
      this.#lockLost = answer.found;
      return null;
    }
    this.#leaveIfStopped(answer.end);
    throw this.#stopFor(answer.found, oneLine(answer.owner));
  }

  async #withHost(lock: HostLock | null): Promise<{ finding: Finding } | ReportFindings> {
    const { spec, context, services } = { spec: this.#spec, context: this.#context, services: this.#services };
    const { run, cwd } = spec;
    // A suite that goes on comes first: it must not be left to itself, whatever else is found.
    if (!context.adopted) await this.#before();
    const code = await this.#runSuite();
    if (context.adopted) await this.#before();
    context.onStep('stopping', 'asking what the host serves');
    const after = await servedAfter({ ...spec, runId: `${run}-after`, token: this.#token('after') }, services);
    if (after !== null) this.#serves(after, (text) => ({ before: this.#served?.before ?? '', after: text }));
    const findings = await this.#report();
    const lost = lock === null ? this.#lockLost : lock.lost;
    if (lock === null || lost !== null) throw stop('transient-infra', 'host-lock-lost', lost?.cause);
    const { reading } = findings;
    // As with every other suite: shells give these codes when they can't run a program.
    if ((code === 126 || code === 127) && reading.state !== 'read') {
      throw stop('permanent-env', code === 127 ? 'command-not-found' : 'not-executable', `exit code ${code}, ${cwd}`);
    }
    return findings;
  }

  async #before(): Promise<void> {
    const { run } = this.#spec;
    const { adopted: attachOnly } = this.#context;
    this.#context.onStep('running', 'looking at the staging host');
    const asked = { ...this.#spec, runId: `${run}-before`, token: this.#token('before'), attachOnly };
    const served = await prepareHost(asked, this.#services);
    if (served !== null) this.#serves(served, (text) => ({ before: text, after: null }));
  }

  async #runSuite(): Promise<number> {
    const { spec, context, services } = { spec: this.#spec, context: this.#context, services: this.#services };
    const { run, command, cwd, container, timeoutMs, graceMs, env } = spec;
    const token = `ILK_RUN_${context.cookie}`;
    const mark = markOf(context.cookie);
    const text = withEnvironment(commandText(command), env);
    const scanner = container === null ? null : new InnerScanner(mark);
    context.onStep('running', context.adopted ? 'joining the suite that goes on' : 'running the suite');
    // Thrown on: a suite that nobody would ask for again if this runner host died is not started.
    context.onRemote();
    const suite = await superviseRemote(
      services.host,
      {
        ...{ runId: run, base: services.base, workdir: cwd, token, owner: '', timeoutMs, graceMs },
        command: container === null ? text : inContainer(container, { text, token, mark }),
        program: container === null ? programOf(command) : container.engine,
        sweep: container === null ? '' : sweepScript(container, token, graceMs),
        mostLogKib: services.limits.mostLogKib,
        attachOnly: context.adopted,
      },
      {
        ...{ script: services.script, limits: services.limits, stop: context.stop },
        write: (bytes) => {
          scanner?.push(bytes);
          context.output.write('stdout', bytes);
        },
      },
    );
    this.#suite = suite;
    this.#leaveIfStopped(suite);
    if (suite.failed !== null) throw stop('transient-infra', 'output-not-kept', oneLine(suite.failed.message));
    const found = judgeSession(suite, scanner?.marks ?? null);
    if (found.class !== 'suite-ran' || found.code === undefined) throw this.#stopFor(found);
    return found.code;
  }

  #serves(served: Served, note: (text: string) => ServedCommit): void {
    if (!served.ok) {
      if ('end' in served) this.#leaveIfStopped(served.end);
      throw 'end' in served ? this.#stopFor(served.found) : stop(served.class, served.cause, served.facts);
    }
    if (served.commit === null) return;
    this.#served = note(served.commit);
    const { head, sameContent = [] } = this.#spec;
    const said = served.commit.toLowerCase();
    if (![head, ...sameContent].some((commit) => commit.toLowerCase() === said)) {
      throw stop('permanent-env', 'served-commit', `it serves ${served.commit}, the item is ${head}`);
    }
  }

  async #report(): Promise<ReportFindings> {
    const { run, report, cwd } = this.#spec;
    const reading: ReportReading = { state: 'not-configured' };
    if (report === null) return { reading, cases: null, files: [] };
    this.#context.onStep('stopping', 'reading the report');
    const place = { runId: `${run}-report`, workdir: cwd, token: this.#token('report'), report, suite: run };
    const answer = await fetchReport({ ...place, scratch: this.#context.scratch }, this.#services);
    if (answer.ok) return answer.findings;
    this.#leaveIfStopped(answer.end);
    throw this.#stopFor(answer.found);
  }

  /** A run that was to end is cancelled only if the host says that nothing of it is left. */
  #leaveIfStopped({ killed, exit }: SessionEnd): void {
    if (!this.#context.stop.aborted) return;
    const survivors = exit?.survivors ?? killed?.survivors ?? null;
    if (survivors !== null && survivors > 0) throw stop('held', 'survivors', `${survivors}`);
    if (killed?.confirmed !== true && exit?.survivors !== 0) throw stop('held', 'kill-unconfirmed');
    throw new Stop({ class: 'cancelled', cause: 'cancelled', detail: oneLine(String(this.#context.stop.reason)) });
  }

  #stopFor(found: Classification, facts = ''): Stop {
    // A run that went on to its end where none was expected can't be: fail closed.
    const name = found.class === 'suite-ran' ? 'held' : found.class;
    return stop(name, found.class === 'suite-ran' ? 'unexpected-end' : found.cause, facts);
  }

  #token(part: string): string {
    return `ILK_RUN_${this.#context.cookie}_${part}`;
  }
}

function stop(name: StagingClass, cause: string, facts = ''): Stop {
  return new Stop({ class: name, cause, detail: detailOf(cause, facts) });
}
