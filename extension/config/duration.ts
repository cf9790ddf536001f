const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** `500ms`, `3s`, `15m`, `2h` in ms; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = /^([0-9]+)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = UNIT_MS.get(unit ?? '');
  return ms === undefined ? null : Number(count) * ms;
}
