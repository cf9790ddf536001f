/** Bounds of a connection. Others than these only in tests. */
export interface ConnectLimits {
  /** From the first packet until the login is through, for each hop. */
  readyMs: number;
  /** A silent network says nothing by itself: without this a dropped connection would be waited for without end. */
  keepaliveMs: number;
  keepaliveMisses: number;
  /** Until a host has opened a channel. */
  openMs: number;
  /** Until a channel or connection that was given up is taken for closed. */
  closeMs: number;
  /** At once over one connection; servers take ten by default, and are late in giving a slot free. */
  channels: number;
}

export const CONNECT_LIMITS: ConnectLimits = {
  readyMs: 20_000,
  keepaliveMs: 5_000,
  keepaliveMisses: 6,
  openMs: 20_000,
  closeMs: 2_000,
  channels: 4,
};
