import type { ProcessTable } from '../processes/process-table';
import { endRun } from '../supervisor/end-run';
import { judgeMemory, waitForCause, type EndCause } from '../supervisor/first-cause';
import { Members } from '../supervisor/members';
import { countOomKills } from '../supervisor/out-of-memory';
import { SignalSender, type Log } from '../supervisor/send-signal';
import type { Ended, Started } from '../supervisor/start-command';
import { watchMembers } from '../supervisor/watch-members';
import { within } from '../supervisor/bounded';
import type { Containment, Leader } from './containment';
import { endContained } from './end-contained';
import type { FromShim, FromShimOf, ShimCause, ShimSpec } from './messages';
import { startLeader } from './start-leader';

/** After SIGKILL the exit event comes at once, unless the process hangs in the kernel. */
const EXIT_BOUND_MS = 2000;

export interface RunTools {
  table: ProcessTable;
  /** Null: only the process table tells what belongs to the run. */
  containment: Containment | null;
  log: Log;
  /** Aborted with the reason (a string): the run is to stop. */
  stop: AbortSignal;
  /** Aborted when the host is gone. */
  orphaned: AbortSignal;
  tell(message: FromShim): void;
}

type Outcome = Pick<FromShimOf<'ended'>, 'containment' | 'cleanliness' | 'leaked' | 'survivors'>;

/** One command from start to the death of its last process. Tells the host on the way; never throws for what the command does. */
export async function runCommand(spec: ShimSpec, tools: RunTools): Promise<void> {
  const { table, containment, tell } = tools;
  const startedAt = Date.now();
  const clock = performance.now();
  const oomBefore = countOomKills();
  let exit: Ended | undefined;
  const started = startContained(spec, tools, () => exit !== undefined);
  const ended = started.ended.then((how) => {
    exit = how;
  });
  if (started.leader !== null) {
    tell({ type: 'started', leader: started.leader, age: started.age, outputEnds: [...started.outputEnds] });
  }
  const members = watchedMembers(spec, started, table, containment);

  const outputFailed = new Promise<EndCause>(() => undefined);
  const { timeoutMs } = spec;
  const first = await waitForCause({ table, started, timeoutMs, stop: tools.stop, outputFailed });
  const durationMs = performance.now() - clock;
  const hasExited = first.kind === 'exit' || first.kind === 'signal';
  const cause = shimCause(hasExited ? judgeMemory(first, oomBefore) : first);
  tell({ type: 'ending', cause });
  const outcome = await end(spec, tools, started, members, () => exit !== undefined);
  await within(EXIT_BOUND_MS, ended);
  const how = exit?.kind === 'exited' ? exit : null;
  const pid = started.leader?.pid ?? null;
  const { code: exitCode = null, signal = null } = how ?? {};
  tell({ type: 'ended', cause, pid, exitCode, signal, startedAt, durationMs, ...outcome });
}

/** The leader, inside of the containment from its first moment; orphans are laid to rest as they die. */
function startContained(spec: ShimSpec, { table, containment }: RunTools, hasEnded: () => boolean): Started {
  if (containment === null) return startLeader(spec, table);
  let started: Started | undefined;
  containment.start(() => {
    started = startLeader(spec, table);
    return started.leader === null ? null : { pid: started.leader.pid, hasEnded };
  });
  // Without this a run of many short daemons would fill the table with dead ones, in which nobody can start anything.
  process.on('SIGCHLD', () => void containment.isEmpty());
  if (started === undefined) throw new Error('the containment started nothing');
  return started;
}

interface Watched {
  members: Members;
  stop(): void;
}

/** Where nothing contains the run, its processes are collected while it goes. */
function watchedMembers(
  { cookie }: ShimSpec,
  { leader, age, outputEnds }: Started,
  table: ProcessTable,
  containment: Containment | null,
): Watched | null {
  if (containment !== null) return null;
  const members = new Members(table, { cookie, leader, notBefore: age, outputEnds, watched: true });
  return { members, stop: watchMembers(members).stop };
}

async function end(
  { graceMs }: ShimSpec,
  { table, containment, log, orphaned }: RunTools,
  { leader: known }: Started,
  watched: Watched | null,
  hasEnded: () => boolean,
): Promise<Outcome> {
  const leader: Leader | null = known === null ? null : { pid: known.pid, hasEnded };
  const signals = new SignalSender(table, log);
  if (leader === null) return { containment: 'none', cleanliness: 'clean', leaked: 0, survivors: [] };
  if (containment !== null) {
    const { leaked, survivors, proven } = await endContained({
      containment,
      table,
      signals,
      leader,
      graceMs,
      orphaned,
    });
    // What the kernel counts and the table does not show is not clean, and cannot be named.
    const cleanliness = proven ? 'clean' : survivors.length > 0 ? 'dirty' : 'unchecked';
    return { containment: containment.kind, cleanliness, leaked, survivors };
  }
  watched?.stop();
  if (watched === null) throw new Error('a run without containment is watched');
  const { members } = watched;
  const { leaked, survivors, checked } = await endRun({ table, members, signals, graceMs, leader });
  const cleanliness = !checked ? 'unchecked' : survivors.length > 0 ? 'dirty' : 'swept';
  return { containment: checked ? 'sweep' : 'none', cleanliness, leaked, survivors };
}

function shimCause(cause: EndCause): ShimCause {
  if (cause.kind === 'output-lost') throw new Error('the output is read by the host alone');
  return cause;
}
