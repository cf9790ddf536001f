import type { ProcessEntry, ProcessTable } from '../processes/process-table';
import type { SignalSender } from '../supervisor/send-signal';
import type { Cgroup } from './cgroup';
import { descendants } from './descendants';
import type { Kernel } from './kernel';

/** A subreaper's orphans are reaped in such portions: a storm must not keep the shim from everything else. */
const REAPED_AT_ONCE = 5000;

/** The child that Node itself waits for. */
export interface Leader {
  pid: number;
  hasEnded(): boolean;
}

/** What holds the processes of the run together: a subreaper, a cgroup, or both. */
export class Containment {
  readonly #table: ProcessTable;
  readonly #kernel: Kernel | null;
  readonly #cgroup: Cgroup | null;
  #leader: Leader | null = null;
  /** Whether this process waits in the cgroup, so that what it starts is in from its first moment. */
  #inside: boolean;

  /**
   * @param cgroup with this process in it
   * @throws if it is given neither
   */
  constructor(table: ProcessTable, kernel: Kernel | null, cgroup: Cgroup | null) {
    if (kernel === null && cgroup === null) throw new Error('nothing contains the run');
    this.#table = table;
    this.#kernel = kernel;
    this.#cgroup = cgroup;
    this.#inside = cgroup !== null;
  }

  get kind(): 'subreaper' | 'cgroup' {
    return this.#cgroup === null ? 'subreaper' : 'cgroup';
  }

  /** Starts what is to be contained; nothing else may be started meanwhile. */
  start(leader: () => Leader | null): void {
    try {
      this.#leader = leader();
    } finally {
      this.#leave();
    }
  }

  /** Lays dead orphans to rest and gives the kernel's word on whether no process of the run is left. */
  isEmpty(): boolean {
    return this.#isChildless() && this.#cgroup?.isPopulated() !== true;
  }

  /** The living processes of the run, newest first. Empty does not prove that there are none: `isEmpty` does. */
  list(): ProcessEntry[] {
    const found = new Map<number, ProcessEntry>();
    if (this.#kernel !== null) for (const entry of descendants(this.#table)) found.set(entry.pid, entry);
    for (const pid of this.#cgroup?.pids() ?? []) {
      const entry = pid === process.pid ? null : this.#table.read(pid);
      if (entry && !found.has(pid)) found.set(pid, entry);
    }
    return [...found.values()].sort((a, b) => b.age - a.age || b.pid - a.pid);
  }

  /** One pass of SIGKILL: the cgroup, which no fork escapes; groups, which no fork inside them escapes; then each, newest first. */
  kill(signals: SignalSender): void {
    this.#cgroup?.kill();
    const present = this.list();
    for (const group of new Set(present.map((entry) => entry.group))) signals.toGroup(group, present, 'SIGKILL');
    for (const entry of present) signals.toProcess(entry, 'SIGKILL');
  }

  /** Returns whether nothing is left of it. */
  remove(): boolean {
    this.#leave();
    return this.#cgroup?.remove() ?? true;
  }

  #leave(): void {
    if (!this.#inside) return;
    this.#cgroup?.leave();
    this.#inside = false;
  }

  #isChildless(): boolean {
    if (this.#kernel === null) return this.#leader?.hasEnded() ?? true;
    for (let count = 0; count < REAPED_AT_ONCE; count += 1) {
      const dead = this.#kernel.peek();
      if (dead === 'childless') return true;
      // The leader is Node's to reap; it does so before it reports the exit.
      if (dead === 'none-dead' || (dead === this.#leader?.pid && !this.#leader.hasEnded())) return false;
      this.#kernel.reap(dead);
    }
    return false;
  }
}
