import type { Supervision } from '../protocol/result';
import { within } from '../supervisor/bounded';
import type { EndCause } from '../supervisor/first-cause';
import { readOutput, type OutputReading } from '../supervisor/read-output';
import type { Members } from '../supervisor/members';
import type { SuperviseRequest, SuperviseTools } from '../supervisor/supervise';
import { watchMembers } from '../supervisor/watch-members';
import type { Shim } from './start-shim';
import { membersBelowShim, type Findings } from './members-below-shim';
import type { FromShimOf } from './messages';
import { sweepAfterShim } from './sweep-after-shim';
import { watchShim } from './watch-shim';

const READY_BOUND_MS = 15_000;
const EXIT_BOUND_MS = 2000;
/** How long the pipes are still read after the end of the run: of a clean one nobody is left who could write. */
const DRAIN_MS = { clean: 5000, other: 200 };

/** The shim could not be started, died, or fell silent before it told the end of the run: nobody knows the command's exit. */
export interface SupervisorLost {
  kind: 'supervisor-lost';
  /** Whether there was one. */
  started: boolean;
  detail: string;
}

export interface ShimTools extends SuperviseTools {
  /** A shim for this run alone: a fresh one, or one that was started before. */
  takeShim(): Promise<Shim>;
  /**
   * Called before the command is started, with all that somebody else needs to end the run if this process dies.
   * What it throws ends the run before its start.
   */
  onReady(shim: FromShimOf<'ready'>): void;
}

export interface SupervisedEnd {
  cause: EndCause | SupervisorLost;
  supervision: Supervision;
}

/**
 * As `supervise`, with a shim between this process and the command, so that the run ends with this process and the kernel
 * can prove that nothing is left. Never throws for what command or shim do; resolves within timeout + 2 x grace + about 40 s.
 * @throws what `onReady` throws
 */
export async function superviseByShim(request: SuperviseRequest, tools: ShimTools): Promise<SupervisedEnd> {
  const startedAt = Date.now();
  const clock = performance.now();
  const shim = await tools.takeShim().catch((error: Error) => tools.log(`no shim: ${error.message}`));
  const followed = shim ? await follow(shim, request, tools) : NOTHING;
  const { ready, started, ended, lostOutput } = followed;
  const members = followed.members ?? membersBelowShim(request.cookie, tools.table, followed);
  const behind = { cgroup: ready?.cgroup ?? null, leader: started?.leader ?? null, ended };
  const left = ended?.cleanliness === 'clean' ? ended : await sweepAfterShim(request.graceMs, members, tools, behind);
  return {
    cause: lostOutput !== null && ended?.cause.kind === 'cancel' ? lostOutput : causeOf(followed),
    supervision: {
      resolvedCommand: [...request.command],
      pid: ended?.pid ?? started?.leader.pid ?? null,
      exitCode: ended?.exitCode ?? null,
      signal: ended?.signal ?? null,
      startedAt: ended?.startedAt ?? startedAt,
      durationMs: ended?.durationMs ?? performance.now() - clock,
      containment: left.containment,
      cleanliness: left.cleanliness,
      leaked: left.leaked,
      survivors: left.survivors,
      outputBytes: tools.output.total,
      outputDropped: tools.output.dropped,
    },
  };
}

interface Followed extends Findings {
  lostOutput: EndCause | null;
  /** Null if the command was never started. */
  members: Members | null;
}

const NOTHING: Followed = { ready: null, started: null, ended: null, lostOutput: null, members: null };

async function follow(shim: Shim, request: SuperviseRequest, tools: ShimTools): Promise<Followed> {
  const followed = { ...NOTHING };
  const output = readOutput(outputOf(shim), tools.output);
  const stop = new AbortController();
  const pass = (): void => stop.abort(tools.stop.reason);
  tools.stop.addEventListener('abort', pass, { once: true });
  if (tools.stop.aborted) pass();
  void output.failed.then((cause) => {
    followed.lostOutput = cause;
    stop.abort('its output could not be kept');
  });
  let watch: { stop(): void } | undefined;
  try {
    followed.ready = (await within(READY_BOUND_MS, shim.ready)) ?? null;
    if (followed.ready !== null) {
      tools.onReady(followed.ready);
      start(shim, request, tools, stop.signal);
      void shim.started.then((started) => {
        if (started === null) return;
        followed.started = started;
        followed.members = membersBelowShim(request.cookie, tools.table, followed);
        watch = watchMembers(followed.members);
      });
      followed.ended = await watchShim(shim, request, stop.signal);
    }
    await leave(shim, output, followed.ended);
    return followed;
  } finally {
    watch?.stop();
    tools.stop.removeEventListener('abort', pass);
    shim.dispose();
  }
}

function start(shim: Shim, request: SuperviseRequest, tools: ShimTools, stop: AbortSignal): void {
  void shim.started.then((message) => message && tools.onStarted(message.leader));
  void shim.ending.then(() => tools.onEnding());
  const { command, cwd, env, cookie, timeoutMs, graceMs } = request;
  shim.run({ command: [...command], cwd, env: { ...env }, cookie, timeoutMs, graceMs });
  const tell = (): void => shim.stop(String(stop.reason));
  if (stop.aborted) tell();
  else stop.addEventListener('abort', tell, { once: true });
}

/** After a clean end only the last output is waited for, which nobody can hold back any more; else for the shim's own end. */
async function leave(shim: Shim, output: OutputReading, ended: Findings['ended']): Promise<void> {
  const clean = ended?.cleanliness === 'clean';
  if (!clean) {
    const gone = shim.exited.then(() => true);
    if (ended === null || (await within(EXIT_BOUND_MS, gone)) === undefined) shim.signal('SIGKILL');
    await within(EXIT_BOUND_MS, gone);
  }
  await within(clean ? DRAIN_MS.clean : DRAIN_MS.other, output.closed);
  output.destroy();
}

/** Only the pipes of it are read. */
function outputOf({ stdout, stderr }: Shim): Parameters<typeof readOutput>[0] {
  const never = new Promise<never>(() => undefined);
  return { leader: null, age: 0, outputEnds: new Set(), stdout, stderr, ended: never };
}

function causeOf({ ready, ended }: Findings): EndCause | SupervisorLost {
  if (ended === null) {
    const detail =
      ready === null
        ? 'the process that supervises the command could not be started'
        : 'the process that supervised the command died before it told how the command ended';
    return { kind: 'supervisor-lost', started: ready !== null, detail };
  }
  return ended.cause;
}
