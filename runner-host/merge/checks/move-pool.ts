import type { MissingLine } from './expected-lines';
import type { BytePath } from './trees';

/** Shorter lines (`return;`) stand everywhere: alone they are no sign of a move. */
const SHORTEST_SIGN = 8;

/** What the result has somewhere beyond what is expected there: a missing line may have moved to it. Each is used once. */
export class MovePool {
  readonly #places = new Map<string, Map<BytePath, number>>();

  add(path: BytePath, surplus: ReadonlyMap<string, number>): void {
    for (const [line, count] of surplus) {
      const places = this.#places.get(line) ?? new Map<BytePath, number>();
      places.set(path, count);
      this.#places.set(line, places);
    }
  }

  /** How many of each missing line of a path stand in other files; takes them. */
  take(from: BytePath, missing: readonly MissingLine[]): Map<MissingLine, { count: number; to: BytePath }> {
    const moved = new Map<MissingLine, { count: number; to: BytePath }>();
    const targets = new Set<BytePath>();
    const ordered = [...missing].sort((a, b) => b.normalised.length - a.normalised.length);
    for (const line of ordered) {
      const short = line.normalised.length < SHORTEST_SIGN;
      for (const [path, left] of this.#places.get(line.normalised) ?? []) {
        if (path === from || left < line.count || (short && !targets.has(path))) continue;
        this.#places.get(line.normalised)?.set(path, left - line.count);
        targets.add(path);
        moved.set(line, { count: line.count, to: path });
        break;
      }
    }
    return moved;
  }
}
