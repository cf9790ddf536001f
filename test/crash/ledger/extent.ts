/**
 * How much of a crash suite is run: all of it when it is asked for by name, a little as a part of the whole.
 * INTERLOCK_CRASH_ROUNDS sets it for a campaign on one test file.
 */
export function extent(long: number, short: number): number {
  const forced = process.env['INTERLOCK_CRASH_ROUNDS'];
  if (forced !== undefined) return Number(forced);
  return process.env['INTERLOCK_CRASH'] === 'long' ? long : short;
}
