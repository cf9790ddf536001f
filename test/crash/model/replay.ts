import { groupOf, NOISE, type Cell, type Group, type Journal, type Tx } from './journal';

/** What a sequence of lines means. */
export interface Replay {
  readonly rows: ReadonlyMap<string, string>;
  /** Applied transactions in order, each with the lease token that stood in the view at its place. */
  readonly applied: readonly { readonly tx: Tx; readonly lease: string }[];
  readonly outcomes: ReadonlyMap<string, 'won' | 'lost'>;
}

/** @param recheck whether a transaction is applied only if its preconditions hold at its place: all readers do the same */
export function replay({ contents }: Pick<Journal, 'contents'>, lines: string, recheck: boolean): Replay {
  const name = `${recheck ? '' : '!'}${lines}`;
  let result = contents.replays.get(name);
  if (!result) contents.replays.set(name, (result = apply(contents.groups, lines, recheck)));
  return result;
}

function apply(groups: readonly (Group | null)[], lines: string, recheck: boolean): Replay {
  const rows = new Map<string, string>();
  const applied: { tx: Tx; lease: string }[] = [];
  const outcomes = new Map<string, 'won' | 'lost'>();
  for (const line of lines) {
    if (line === NOISE) continue;
    for (const tx of groups[groupOf(line)]?.tx ?? []) {
      const holds = !recheck || holdsIn(rows, tx.pre);
      outcomes.set(tx.id, holds ? 'won' : 'lost');
      if (!holds) continue;
      applied.push({ tx, lease: valueOf(rows, 'lease') });
      for (const [row, value] of tx.put) rows.set(row, value);
    }
  }
  return { rows, applied, outcomes };
}

export function holdsIn(rows: ReadonlyMap<string, string>, pre: readonly Cell[]): boolean {
  return pre.every(([row, value]) => valueOf(rows, row) === value);
}

/** '' for a row that is absent. */
export function valueOf(rows: ReadonlyMap<string, string>, row: string): string {
  return rows.get(row) ?? '';
}
