import type { KnownProcess, ProcessTable } from '../processes/process-table';
import type { Supervision } from '../protocol/result';
import { within } from './bounded';
import { endRun } from './end-run';
import { judgeMemory, waitForCause, type EndCause } from './first-cause';
import { Members } from './members';
import { countOomKills } from './out-of-memory';
import { readOutput, type OutputSink } from './read-output';
import { SignalSender, type Log } from './send-signal';
import { startCommand, type Ended } from './start-command';
import { watchMembers } from './watch-members';

/** How long the pipes are still read after the command's exit; a daemon that holds them must not hold the verdict. */
const DRAIN_MS = 200;
/** After SIGKILL the exit event comes at once, unless the process hangs in the kernel. */
const EXIT_BOUND_MS = 2000;

export interface SuperviseRequest {
  /** Absolute program first. */
  command: readonly [string, ...string[]];
  cwd: string;
  env: Readonly<Record<string, string>>;
  cookie: string;
  timeoutMs: number;
  graceMs: number;
}

export interface SuperviseTools {
  table: ProcessTable;
  output: OutputSink;
  log: Log;
  /** Aborted with the reason (a string): the run is to stop. */
  stop: AbortSignal;
  /** Called at once when the leader is known, so that somebody else can sweep if this process dies. */
  onStarted(leader: KnownProcess): void;
  /** Called when the command is over or is being ended. */
  onEnding(): void;
}

/**
 * Runs one command from start to the death of its last process, and says why it ended and what was left.
 * Takes plain data and gives plain data, so that it can run in a process of its own between host and command.
 * Never throws for what the command does; resolves within timeout + grace + about 20 s.
 */
export async function supervise(
  request: SuperviseRequest,
  tools: SuperviseTools,
): Promise<{ cause: EndCause; supervision: Supervision }> {
  const { table, log } = tools;
  const startedAt = Date.now();
  const clock = performance.now();
  const oomBefore = countOomKills();
  const started = startCommand(request.command, { cwd: request.cwd, env: request.env, table });
  if (started.leader !== null) tools.onStarted(started.leader);
  const members = new Members(table, {
    cookie: request.cookie,
    leader: started.leader,
    notBefore: started.age,
    outputEnds: started.outputEnds,
    watched: true,
  });
  const watch = watchMembers(members);
  let exit: Ended | undefined;
  const ended = started.ended.then((how) => {
    exit = how;
  });

  const output = readOutput(started, tools.output);
  const { timeoutMs, graceMs } = request;
  const first = await waitForCause({ table, started, timeoutMs, stop: tools.stop, outputFailed: output.failed });
  const durationMs = performance.now() - clock;
  tools.onEnding();
  watch.stop();
  const hasExited = first.kind === 'exit' || first.kind === 'signal';
  if (hasExited) await within(DRAIN_MS, output.closed);
  const end = await endRun({
    table,
    members,
    signals: new SignalSender(table, log),
    graceMs,
    leader: started.leader === null ? null : { pid: started.leader.pid, hasEnded: () => exit !== undefined },
  });
  await within(EXIT_BOUND_MS, ended);
  await within(DRAIN_MS, output.closed);
  output.destroy();
  const how = exit?.kind === 'exited' ? exit : null;
  return {
    cause: hasExited ? judgeMemory(first, oomBefore) : first,
    supervision: {
      resolvedCommand: [...request.command],
      pid: started.leader?.pid ?? null,
      exitCode: how?.code ?? null,
      signal: how?.signal ?? null,
      startedAt,
      durationMs,
      containment: end.checked ? 'sweep' : 'none',
      cleanliness: !end.checked ? 'unchecked' : end.survivors.length > 0 ? 'dirty' : 'swept',
      leaked: end.leaked,
      survivors: end.survivors,
      outputBytes: tools.output.total,
      outputDropped: tools.output.dropped,
    },
  };
}
