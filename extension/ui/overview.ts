import type { LedgerReads } from '../ledger/ledger';
import type { ItemRow } from '../ledger/rows';
import { lastMove, needsPerson } from './tree/item-row';

export interface Counts {
  items: number;
  running: number;
  deferred: number;
  held: number;
  /** Held and red ones: what the badge counts. */
  needsPerson: number;
}

interface Standing {
  condition: string;
  next_at: number | null;
  needsPerson: boolean;
}

/** Counts over all items of the window, kept up to date item by item: a change never costs a walk over all of them. */
export class Overview {
  readonly #repositories = new Map<string, Map<string, Standing>>();

  /** Counts a repository from scratch. */
  open(repository: string, read: LedgerReads): void {
    const standings = new Map<string, Standing>();
    this.#repositories.set(repository, standings);
    for (const item of read.items()) {
      standings.set(item.id, standingOf(item, read));
    }
  }

  /** @returns the ids that are new or went from open to done, or back: the tree's levels change with those */
  update(repository: string, read: LedgerReads, ids: ReadonlySet<string>): string[] {
    const standings = this.#repositories.get(repository);
    if (!standings) return [];
    const reshaped: string[] = [];
    for (const id of ids) {
      const before = standings.get(id);
      const item = read.item(id);
      if (!item) {
        if (standings.delete(id)) reshaped.push(id);
        continue;
      }
      standings.set(id, standingOf(item, read));
      if (!before || (before.condition === 'done') !== (item.condition === 'done')) reshaped.push(id);
    }
    return reshaped;
  }

  /** Forgets the repositories that are not named. */
  keep(repositories: ReadonlySet<string>): void {
    for (const key of this.#repositories.keys()) if (!repositories.has(key)) this.#repositories.delete(key);
  }

  /** The items of a repository that something will happen to by itself. */
  moving(repository: string): { condition: string; next_at: number | null }[] {
    const standings = [...(this.#repositories.get(repository)?.values() ?? [])];
    return standings.filter(({ condition }) => condition === 'running' || condition === 'deferred');
  }

  counts(): Counts {
    const counts: Counts = { items: 0, running: 0, deferred: 0, held: 0, needsPerson: 0 };
    for (const standings of this.#repositories.values()) {
      for (const standing of standings.values()) {
        counts.items += 1;
        if (standing.condition === 'running') counts.running += 1;
        if (standing.condition === 'deferred') counts.deferred += 1;
        if (standing.condition === 'held') counts.held += 1;
        if (standing.needsPerson) counts.needsPerson += 1;
      }
    }
    return counts;
  }
}

/** Only a waiting item's colour depends on its history. */
function standingOf(item: ItemRow, read: LedgerReads): Standing {
  const move = item.condition === 'waiting' ? lastMove(read.transitions(item.id)) : undefined;
  return { condition: item.condition, next_at: item.next_at, needsPerson: needsPerson(item, move) };
}
