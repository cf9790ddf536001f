import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { endProcess } from '../end-process';
import { openProcessTable } from '../processes/own-identity';
import { readLines, toLine } from './lines';
import { CONTAINMENTS, DESCRIPTORS, ToShim, type FromShim } from './messages';
import { openContainment, thisMachine } from './open-containment';
import { runCommand } from './run-command';

/** The most that the shim says to people: a process that can't be signalled is tried many times. */
const MOST_LOG_LINES = 100;

/**
 * The process between runner host and command: `shim.js CONTAINMENT,... [NATIVE PART]`, one for each run. The kernel hangs the run's
 * orphans on it; it ends them all, tells the host on descriptor 3, and ends itself by SIGKILL. Exit code 1: a fault of its own.
 */
async function main(): Promise<void> {
  const log = limitedLog();
  // The command must not be able to end its supervisor by asking; the host has its pipe for that.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => log(`${signal} ignored`));
  }
  const allowed = (process.argv[2] ?? '').split(',');
  const table = openProcessTable();
  const me = table.read(process.pid);
  if (!me) throw new Error('the process table can not be read');
  const { containment, means, cgroup, notes } = openContainment(
    table,
    CONTAINMENTS.filter((name) => allowed.includes(name)),
    thisMachine(process.argv[3]),
  );
  const shim = { pid: process.pid, startTime: me.startTime };
  tell({ type: 'ready', shim, means, cgroup, notes });

  const stop = new AbortController();
  const orphaned = new AbortController();
  const spec = await new Promise<Extract<ToShim, { type: 'run' }>['spec'] | null>((resolve) => {
    readLines(new Socket({ fd: DESCRIPTORS.control, readable: true, writable: false }), {
      onLine(line) {
        const message = ToShim.parse(JSON.parse(line));
        if (message.type === 'run') resolve(message.spec);
        else stop.abort(message.reason);
      },
      onEnd() {
        orphaned.abort();
        stop.abort('the runner host is gone');
        resolve(null);
      },
    });
  });
  if (spec !== null)
    await runCommand(spec, { table, containment, log, stop: stop.signal, orphaned: orphaned.signal, tell });
  if (containment?.remove() === false) log(`cgroup left behind: ${cgroup}`);
  closeSync(DESCRIPTORS.events);
  endProcess();
}

/** Written at once: the shim may end right after. A host that is gone hears nothing. */
function tell(message: FromShim): void {
  try {
    writeSync(DESCRIPTORS.events, toLine(message));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

function limitedLog(): (line: string) => void {
  let left = MOST_LOG_LINES;
  return (line) => {
    left -= 1;
    if (left < 0) return;
    try {
      writeSync(DESCRIPTORS.log, `${line}\n`);
    } catch {
      // Nobody reads any more.
    }
  };
}

void main();
