import { expect, test } from 'vitest';
import { soundLimits, STAGING_LIMITS, ticksOf } from '../../../runner-host/staging/limits';

test('a lost connection is given up before the host could end the run for want of heartbeats', () => {
  expect(soundLimits(STAGING_LIMITS)).toBe(STAGING_LIMITS);
  const { reconnectMs, silenceMs, beatMs } = STAGING_LIMITS;
  const leaseMs = reconnectMs + silenceMs + beatMs;
  expect(() => soundLimits({ ...STAGING_LIMITS, leaseMs })).toThrow('lease');
  expect(() => soundLimits({ ...STAGING_LIMITS, leaseMs: leaseMs + 1 })).not.toThrow();
});

test('a limit in ticks is never shorter than asked', () => {
  expect([0, 1, 1000, 1001].map((ms) => ticksOf(ms, STAGING_LIMITS))).toEqual([1, 1, 1, 2]);
});
