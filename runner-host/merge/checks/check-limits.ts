/** Bounds of the checks, all by count: the same input has the same answer on any machine. */
export interface CheckLimits {
  /** Paths whose lines are compared. */
  mostPaths: number;
  /** Of one file. */
  mostBytesPerFile: number;
  /** Of all files read for one check. */
  mostBytes: number;
  /** Of one file. */
  mostLines: number;
  /** Pairs of lines compared for similarity. */
  mostComparisons: number;
  /** Lines that differ between two versions of one file, for the alignment of the two. */
  mostEdits: number;
}

export const CHECK_LIMITS: CheckLimits = {
  mostPaths: 2_000,
  mostBytesPerFile: 2 * 1024 * 1024,
  mostBytes: 64 * 1024 * 1024,
  mostLines: 50_000,
  mostComparisons: 100_000,
  mostEdits: 2_000,
};
