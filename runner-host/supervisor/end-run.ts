import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry, ProcessTable } from '../processes/process-table';
import type { Survivor } from '../protocol/result';
import { killTree } from './kill-tree';
import { isAlive, type Members } from './members';
import type { SignalSender } from './send-signal';

/** Passes in a row that must find nothing. One is not enough: a fork between reading and killing escapes a pass. */
const EMPTY_PASSES = 3;
const GRACE_LOOK_MS = 20;
/** A fork storm is scanned seldom during the grace: scanning it starves whatever is to end by itself. */
const GRACE_SCAN_MS = 500;
/** No run's end takes longer than this beyond its grace. */
const KILL_BOUND_MS = 10_000;

export interface RunEnd {
  /** Alive though the command itself, or its grace, was over. */
  leaked: number;
  survivors: Survivor[];
  /** Whether the process table could be read. */
  checked: boolean;
}

export interface EndTools {
  table: ProcessTable;
  members: Members;
  signals: SignalSender;
  graceMs: number;
  /** The command itself, which is not counted as leaked. Null if it never started or was another host's child. */
  leader: { pid: number; hasEnded(): boolean } | null;
}

/**
 * Ends every process of the run: TERM to groups and tree, CONT (a stopped process sees TERM only then), grace, KILL to groups
 * first, then to each newest first, in passes. TERM comes first because `sudo` relays only TERM.
 * Resolves within grace + about 15 s.
 */
export async function endRun(tools: EndTools): Promise<RunEnd> {
  const { members } = tools;
  const isLeader = (entry: ProcessEntry): boolean => entry.pid === tools.leader?.pid;
  const atFirst = members.scan('all');
  if (atFirst === undefined) return endBlindly(tools);
  const stopped = atFirst.some(isLeader);
  let leaked = atFirst.length;
  if (atFirst.length > 0) {
    await terminate(tools, atFirst);
    // Of a command that had to be stopped, only what outlived the grace has leaked.
    if (stopped) leaked = (members.scan('all') ?? []).filter((entry) => !isLeader(entry)).length;
  }
  const left = await kill(tools);
  if (left.length > 0) await lastLayer(tools, left);
  const still = left.length > 0 ? (members.scan('all') ?? left) : [];
  return {
    leaked,
    survivors: still.map(({ pid, startTime }) => ({ pid, startTime, command: tools.table.describe(pid) })),
    checked: true,
  };
}

async function terminate({ members, signals, graceMs }: EndTools, present: readonly ProcessEntry[]): Promise<void> {
  tell(signals, present, 'SIGTERM');
  tell(signals, present, 'SIGCONT');
  const deadline = Date.now() + graceMs;
  let nextScan = Date.now() + GRACE_SCAN_MS;
  while (Date.now() < deadline) {
    await sleep(Math.min(GRACE_LOOK_MS, Math.max(1, deadline - Date.now())));
    if (members.anyAlive() && Date.now() < nextScan) continue;
    const now = members.scan('all');
    if (now === undefined || now.length === 0) return;
    nextScan = Date.now() + GRACE_SCAN_MS;
  }
}

async function kill({ members, signals }: EndTools): Promise<ProcessEntry[]> {
  const deadline = Date.now() + KILL_BOUND_MS;
  let empty = 0;
  let pause = 1;
  let found: ProcessEntry[] = [];
  while (empty < EMPTY_PASSES) {
    found = members.scan('all') ?? [];
    if (found.length === 0) {
      empty += 1;
      pause = 5;
    } else {
      if (Date.now() > deadline) return found;
      empty = 0;
      tell(signals, found, 'SIGKILL');
      pause = Math.min(pause * 2, 50);
    }
    if (empty < EMPTY_PASSES) await sleep(pause);
  }
  return [];
}

/** Groups first: the kernel signals a group at once, so a fork inside it can't slip away. */
function tell(signals: SignalSender, targets: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  const groups = [...new Set(targets.map((entry) => entry.group))];
  const told = new Set(groups.filter((group) => signals.toGroup(group, targets, signal)));
  for (const entry of targets) {
    // TERM is not sent twice: a program may take the second one for impatience and skip its clean-up.
    if (signal === 'SIGKILL' || !told.has(entry.group)) signals.toProcess(entry, signal);
  }
}

async function lastLayer({ table, signals, members }: EndTools, left: readonly ProcessEntry[]): Promise<void> {
  for (const entry of left) {
    signals.toProcess(entry, 'SIGKILL');
    if (isAlive(table, entry)) await killTree(entry.pid, 'SIGKILL');
  }
  for (let look = 0; look < 20 && members.anyAlive(); look += 1) await sleep(50);
}

/** Without a process table: the command and what hangs on it, while the command itself still holds its number. */
async function endBlindly({ leader, graceMs }: EndTools): Promise<RunEnd> {
  const unchecked = { leaked: 0, survivors: [], checked: false };
  if (leader === null || leader.hasEnded()) return unchecked;
  await killTree(leader.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (!leader.hasEnded() && Date.now() < deadline) await sleep(GRACE_LOOK_MS);
  if (!leader.hasEnded()) await killTree(leader.pid, 'SIGKILL');
  return unchecked;
}
