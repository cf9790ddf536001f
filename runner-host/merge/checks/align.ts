/** Lines `before[fromBefore..toBefore)` became `after[fromAfter..toAfter)`; either may be empty. */
export interface Hunk {
  fromBefore: number;
  toBefore: number;
  fromAfter: number;
  toAfter: number;
}

/**
 * The shortest edit from one list of lines to the other (Myers, "An O(ND) Difference Algorithm", 1986).
 * `undefined`: more than `mostEdits` lines differ.
 */
export function align(before: readonly string[], after: readonly string[], mostEdits: number): Hunk[] | undefined {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const common = Math.min(before.length, after.length) - start;
  while (end < common && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const pairs = matches(before.slice(start, before.length - end), after.slice(start, after.length - end), mostEdits);
  return pairs && hunksBetween(pairs, start, before.length - end, after.length - end);
}

/** Indexes of the lines that stay, in pairs, ascending. */
function matches(a: readonly string[], b: readonly string[], mostEdits: number): [number, number][] | undefined {
  const bound = Math.min(a.length + b.length, mostEdits);
  const trace: Int32Array[] = [];
  let ends = new Int32Array([0, 0, 0]);
  for (let d = 0; d <= bound; d++) {
    // ends[k + d + 1] is the furthest x on diagonal k, for k in -d-1..d+1.
    const next = new Int32Array(2 * d + 3);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(ends, k - 1, d) < at(ends, k + 1, d));
      let x = d === 0 ? 0 : down ? at(ends, k + 1, d) : at(ends, k - 1, d) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      next[k + d + 1] = x;
      if (x >= a.length && y >= b.length) return walkBack(a, b, trace, d);
    }
    trace.push(next);
    ends = next;
  }
  return undefined;
}

/** The entry of diagonal `k` as the round before `d` left it. */
const at = (ends: Int32Array, k: number, d: number): number => ends[k + d] ?? 0;

function walkBack(a: readonly string[], b: readonly string[], trace: Int32Array[], rounds: number): [number, number][] {
  const pairs: [number, number][] = [];
  let x = a.length;
  let y = b.length;
  for (let d = rounds; d > 0; d--) {
    const ends = trace[d - 1] ?? new Int32Array();
    const k = x - y;
    const down = k === -d || (k !== d && at(ends, k - 1, d) < at(ends, k + 1, d));
    const fromX = down ? at(ends, k + 1, d) : at(ends, k - 1, d);
    const fromY = fromX - (down ? k + 1 : k - 1);
    const startX = down ? fromX : fromX + 1;
    while (x > startX) pairs.push([--x, --y]);
    x = fromX;
    y = fromY;
  }
  while (x > 0) pairs.push([--x, --y]);
  return pairs.reverse();
}

function hunksBetween(pairs: readonly [number, number][], start: number, endA: number, endB: number): Hunk[] {
  const hunks: Hunk[] = [];
  let [x, y] = [start, start];
  for (const [a, b] of [...pairs.map(([p, q]) => [p + start, q + start] as const), [endA, endB] as const]) {
    if (a > x || b > y) hunks.push({ fromBefore: x, toBefore: a, fromAfter: y, toAfter: b });
    [x, y] = [a + 1, b + 1];
  }
  return hunks;
}
