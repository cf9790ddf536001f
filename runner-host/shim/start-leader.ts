import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, readlinkSync } from 'node:fs';
import type { ProcessTable } from '../processes/process-table';
import type { Ended, Started } from '../supervisor/start-command';
import { DESCRIPTORS, type ShimSpec } from './messages';

/**
 * Starts the command as the leader of a session and group of its own, without stdin, its output going to the descriptors
 * that the host gave. This process's own copies of them are closed: else their end would never come.
 * By `node:child_process` and not by execa, whose loading alone takes 15 ms of every run.
 */
export function startLeader({ command, cwd, env }: ShimSpec, table: ProcessTable): Started {
  const [program = '', ...args] = command;
  const { stdout, stderr } = DESCRIPTORS;
  const outputEnds = new Set([stdout, stderr].flatMap(outputEnd));
  const nothing = { leader: null, age: 0, outputEnds, stdout: null, stderr: null };
  let child: ChildProcess;
  try {
    child = spawn(program, args, { cwd, env, detached: true, windowsHide: true, stdio: ['ignore', stdout, stderr] });
  } catch (error) {
    // Some errors are thrown, others become events (E2BIG and ENOENT).
    return { ...nothing, ended: Promise.resolve(failed(error as NodeJS.ErrnoException)) };
  } finally {
    for (const descriptor of [stdout, stderr]) closeSync(descriptor);
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'exited', code, signal }));
    child.once('error', (error: NodeJS.ErrnoException) => resolve(failed(error)));
  });
  if (child.pid === undefined) return { ...nothing, ended };
  // Read before anything else can run here: a moment later the leader may be gone.
  const entry = table.read(child.pid);
  return {
    leader: { pid: child.pid, startTime: entry?.startTime ?? '' },
    age: entry?.age ?? Number.POSITIVE_INFINITY,
    outputEnds,
    stdout: null,
    stderr: null,
    ended,
  };
}

function failed({ code = 'unknown', message }: NodeJS.ErrnoException): Ended {
  return { kind: 'failed', code, detail: message };
}

/** The name by which other holders of this pipe or socket are known. A file that was not deleted may have any holder. */
function outputEnd(descriptor: number): string[] {
  try {
    const target = readlinkSync(`/proc/self/fd/${descriptor}`);
    return /^(pipe|socket):\[|\/ilk-[0-9a-f]{32}\.(out|err) \(deleted\)$/.test(target) ? [target] : [];
  } catch {
    return [];
  }
}
