/** Bounds of a run on a staging host. Others than `STAGING_LIMITS` only in tests. */
export interface StagingLimits {
  /** What the host counts its limits in; no clock of ours is ever compared with one of the host's. */
  tickSeconds: number;
  beatMs: number;
  /** Without a frame for so long a connection is given up. */
  silenceMs: number;
  /** Since the last frame; after that a lost connection is not taken up again. */
  reconnectMs: number;
  firstBackOffMs: number;
  mostBackOffMs: number;
  /** Without a heartbeat for so long the host ends the run. */
  leaseMs: number;
  /** Until a kill that is not confirmed is given up, besides the grace. */
  killMs: number;
  /** For a served commit, a preparation or a report. */
  serviceMs: number;
  needFreeKib: number;
  mostLogKib: number;
}

export const STAGING_LIMITS: StagingLimits = {
  tickSeconds: 1,
  beatMs: 5_000,
  silenceMs: 30_000,
  reconnectMs: 120_000,
  firstBackOffMs: 200,
  mostBackOffMs: 5_000,
  // Long enough for a laptop that sleeps a while, or a runner host that is started anew.
  leaseMs: 600_000,
  killMs: 30_000,
  serviceMs: 120_000,
  needFreeKib: 10 * 1024,
  mostLogKib: 512 * 1024,
};

/**
 * Gives the limits back. Throws if the host could end a run for want of heartbeats while we still try to take it up again:
 * the last try begins within `reconnectMs`, and is known to be vain after `silenceMs` more.
 */
export function soundLimits(limits: StagingLimits): StagingLimits {
  const { leaseMs, reconnectMs, silenceMs, beatMs } = limits;
  if (leaseMs <= reconnectMs + silenceMs + beatMs) {
    throw new Error(`a lease of ${leaseMs} ms is no longer than the time in which a connection is taken up again`);
  }
  return limits;
}

/** Never less than asked, at least one. */
export const ticksOf = (ms: number, { tickSeconds }: StagingLimits): number =>
  Math.max(1, Math.ceil(ms / (tickSeconds * 1000)));
