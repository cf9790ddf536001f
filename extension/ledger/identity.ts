import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../../runner-host/protocol/methods';
import { startTimeFromStat } from '../../runner-host/protocol/identity';
import { errnoOf } from './failures';

/** What a system tells about processes; each platform has its own. */
export interface ProcessTable {
  bootId(): Promise<string>;
  pidNamespace(): Promise<string>;
  /** Start time of a process; null = there is no such process (or only its zombie), undefined = could not look. */
  startTimeOf(pid: number): Promise<string | null | undefined>;
}

const linux: ProcessTable = {
  bootId: async () => (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
  pidNamespace: () => readlink('/proc/self/ns/pid'),
  async startTimeOf(pid) {
    try {
      return startTimeFromStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    } catch (error) {
      const errno = errnoOf(error);
      // ESRCH: it ended between open and read. Where processes of other users are hidden (hidepid), ENOENT would lie.
      if (errno !== 'ENOENT' && errno !== 'ESRCH') return undefined;
      return signalReaches(pid) ? undefined : null;
    }
  },
};

const run = promisify(execFile);
const output = async (program: string, parameters: string[]): Promise<string> => {
  const { stdout } = await run(program, parameters, {
    timeout: 5000,
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
  });
  return stdout.trim();
};

const bsd: ProcessTable = {
  // kern.boottime moves when the clock is set: where there is an id of the boot itself, it is used.
  bootId: () => output('sysctl', ['-n', 'kern.bootsessionuuid']).catch(() => output('sysctl', ['-n', 'kern.boottime'])),
  pidNamespace: () => Promise.resolve('none'),
  async startTimeOf(pid) {
    try {
      return (await output('ps', ['-o', 'lstart=', '-p', String(pid)])) || null;
    } catch {
      return signalReaches(pid) ? undefined : null; // ps ends with 1 when it knows no such process
    }
  },
};

/** Windows names no boot and shows no start times without a slow helper: liveness stays unknown there. */
const unknown: ProcessTable = {
  bootId: () => Promise.resolve('unknown'),
  pidNamespace: () => Promise.resolve('none'),
  startTimeOf: (pid) => Promise.resolve(pid === process.pid ? 'unknown' : undefined),
};

export function processTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  if (platform === 'linux') return linux;
  return platform === 'win32' ? unknown : bsd;
}

/**
 * Who this process is.
 * @throws Error if the system does not say: an identity with a gap could be taken for a dead one's
 */
export async function processIdentity(table: ProcessTable = processTable()): Promise<ProcessIdentity> {
  const [bootId, pidNamespace, startTime] = await Promise.all([
    table.bootId(),
    table.pidNamespace(),
    table.startTimeOf(process.pid),
  ]);
  if (!bootId || !pidNamespace || !startTime) {
    throw new Error(
      `cannot tell this process from others: boot ${bootId}, pid namespace ${pidNamespace}, start ${startTime}`,
    );
  }
  return { host: hostname(), bootId, pidNamespace, pid: process.pid, startTime };
}

/** `kill(pid, 0)`: whether there is such a process, ours or not. */
function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}
