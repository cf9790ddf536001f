import type { KnownProcess } from '../processes/process-table';

/** By what the processes of one run are known. */
export interface RunMarks {
  /** 32 hex digits. Empty: no process is looked for by its environment. */
  cookie: string;
  leader: KnownProcess | null;
  /** Age of the oldest process that may belong to the run. */
  notBefore: number;
  /** The pipes that we read the run's output from, as its processes hold them. */
  outputEnds: ReadonlySet<string>;
  /**
   * Whether the leader's number still stands for its group and session though the leader is dead. True while this process
   * has watched it all the time; false for a run of an earlier host, whose numbers may have gone to others.
   */
  watched: boolean;
}
