const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in the largest whole unit: `now` below a minute, then `5m`, `3h`, `2d`. Both in ms since the epoch. */
export function age(since: number, now: number): string {
  const passed = Math.max(0, now - since);
  if (passed < MINUTE) return 'now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)}m`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)}h`;
  return `${Math.floor(passed / DAY)}d`;
}

/** A length of time in ms, for people: `340 ms`, `2.1 s`, `3 min 05 s`, `1 h 02 min`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / 1000).toFixed(1)} s`;
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${pad(Math.floor((ms % MINUTE) / 1000))} s`;
  return `${Math.floor(ms / HOUR)} h ${pad(Math.floor((ms % HOUR) / MINUTE))} min`;
}

/** Wall-clock time without seconds, with the day when it is not today. */
export function clock(at: number, now: number): string {
  const date = new Date(at);
  const time = `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
  if (new Date(now).toDateString() === date.toDateString()) return time;
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')} ${time}`;
}

/** The first eight digits of a git object id. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** Foreign text for places that show one line: control characters and line ends become spaces, the rest is cut at `limit`. */
export function oneLine(text: string, limit = 200): string {
  const flat = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
  return flat.length <= limit ? flat : `${flat.slice(0, limit - 1)}…`;
}

/** The command as a person would type it; `sh -c` is said, since it changes what the text means. */
export function commandLine(command: string[] | string): string {
  if (typeof command === 'string') return `sh -c ${JSON.stringify(command)}`;
  return command.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part))).join(' ');
}
