/** Number of single-character edits that turn one word into the other. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known name that takes the fewest edits, upper and lower case alike; undefined only if none is known. */
export function nearestName(word: string, known: readonly string[]): string | undefined {
  const short = word.slice(0, 100).toLowerCase();
  return known
    .map((name) => ({ name, distance: editDistance(short, name.toLowerCase()) }))
    .reduce<{ name?: string; distance: number }>((best, each) => (each.distance < best.distance ? each : best), {
      distance: Infinity,
    }).name;
}
