import type { KnownProcess, ProcessEntry, ProcessTable } from '../processes/process-table';
import { isAlive } from './members';

export type Log = (line: string) => void;

/** Signals exactly the processes that were identified: the identity is read again right before each signal. */
export class SignalSender {
  readonly #table: ProcessTable;
  readonly #log: Log;

  constructor(table: ProcessTable, log: Log) {
    this.#table = table;
    this.#log = log;
  }

  /** A process that is gone, or whose number has gone to another, is left alone. */
  toProcess(target: KnownProcess, signal: NodeJS.Signals): void {
    if (!isSignallable(target.pid) || !isAlive(this.#table, target)) return;
    this.#send(target.pid, signal);
  }

  /**
   * A whole group at once, which no fork inside it can escape; only while one of `members` is seen to be in it.
   * Returns whether it was signalled.
   */
  toGroup(group: number, members: readonly ProcessEntry[], signal: NodeJS.Signals): boolean {
    if (!isSignallable(group) || this.#table.read(process.pid)?.group === group) return false;
    const witness = members.some((member) => {
      const now = member.group === group ? this.#table.read(member.pid) : null;
      return now?.startTime === member.startTime && !now.ended && now.group === group;
    });
    return witness && this.#send(-group, signal);
  }

  #send(target: number, signal: NodeJS.Signals): boolean {
    try {
      process.kill(target, signal);
      return true;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // EPERM: another user's process (sudo). It stays in the scans and so in the survivors.
      if (code !== 'ESRCH') this.#log(`signal ${signal} to ${target} failed: ${code}`);
      return false;
    }
  }
}

/** kill(2) takes 0 for the own group, -1 for everything: no such number is ever passed on. */
export function isSignallable(pid: number): boolean {
  return Number.isSafeInteger(pid) && pid > 1 && pid !== process.pid;
}
