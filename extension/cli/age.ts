const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `850 ms`, `12.3 s`, `3 min 5 s`, `2 h 10 min`: how long something took. */
export function duration(ms: number): string {
  if (ms > 0 && ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
}

/** `just now`, `3 min ago`, `in 2 min`; a date where days say more than hours. Times in ms since the epoch. */
export function age(at: number, now: number): string {
  const away = Math.abs(now - at);
  if (away < 5 * SECOND) return 'just now';
  if (away >= 30 * DAY) return `on ${new Date(at).toISOString().slice(0, 10)}`;
  const span =
    away < MINUTE
      ? `${Math.floor(away / SECOND)} s`
      : away < HOUR
        ? `${Math.floor(away / MINUTE)} min`
        : away < 2 * DAY
          ? `${Math.floor(away / HOUR)} h`
          : `${Math.floor(away / DAY)} days`;
  return at <= now ? `${span} ago` : `in ${span}`;
}

/** Local date and time to the second, as the audit trail shows it. */
export function stamp(at: number): string {
  const date = new Date(at);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
