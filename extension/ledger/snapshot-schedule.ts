import { takeSnapshot, type SnapshotOptions } from './take-snapshot';

export interface SnapshotTimes {
  /** A snapshot is made when the newest one is this many groups old, */
  groups: number;
  /** or, when the ledger is closed, this many. */
  groupsAtClose: number;
  /** How long nothing must have been committed, in ms. */
  idleMs: number;
}

export const USUAL_TIMES: SnapshotTimes = { groups: 5000, groupsAtClose: 500, idleMs: 250 };

export interface ScheduleOptions extends SnapshotOptions {
  times: SnapshotTimes;
  /** `busy`: a commit is under way. `never`: this process only reads, or may not write. */
  moment(): 'idle' | 'busy' | 'never';
  /** Writes to the journal what makes the view smaller. */
  tidy(): Promise<void>;
}

/** Decides when this process makes a snapshot. Its failure is nobody's: the journal is whole without any. */
export class SnapshotSchedule {
  private timer: NodeJS.Timeout | undefined;
  private making: Promise<void> | undefined;
  private closed = false;

  /** @param newest the group count of the newest snapshot that is known, 0 for none */
  constructor(
    private readonly options: ScheduleOptions,
    private newest: number,
  ) {}

  /** Called whenever something was read or written. */
  note(): void {
    const { times, moment } = this.options;
    if (this.closed || this.making || this.age() < times.groups || moment() === 'never') return;
    // Not put off by those who never rest: after twice the time it is made between two of their commits.
    if (this.timer && this.age() < 2 * times.groups) this.timer.refresh();
    this.timer ??= setTimeout(() => this.onTime(), times.idleMs).unref();
  }

  /** Makes no more of them until `close`; resolves when the last word is in the journal. */
  async rest(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.making;
    if (this.lastIsDue()) await this.options.tidy().catch(() => undefined); // what stays is no worse than before
  }

  /** After `rest`: makes the last one if it is time. */
  async close(): Promise<void> {
    if (this.lastIsDue()) await this.make();
  }

  private lastIsDue(): boolean {
    return this.age() >= this.options.times.groupsAtClose && this.options.moment() !== 'never';
  }

  private onTime(): void {
    this.timer = undefined;
    const { times, moment } = this.options;
    if (moment() === 'busy' && this.age() < 2 * times.groups) return this.note();
    if (moment() === 'never') return;
    const { tidy } = this.options;
    this.making = tidy()
      .catch(() => undefined)
      .then(() => this.make())
      .finally(() => {
        this.making = undefined;
        this.note(); // for what was written meanwhile
      });
  }

  private age(): number {
    return this.options.replica().groups - this.newest;
  }

  private async make(): Promise<void> {
    const { replica, times } = this.options;
    const { groups } = replica();
    try {
      this.newest = (await takeSnapshot(this.options, this.newest)) ?? this.newest;
    } catch {
      // Full disk, or another process was quicker. Not tried again at every commit.
      this.newest = Math.max(this.newest, groups - times.groups + times.groupsAtClose);
    }
  }
}
