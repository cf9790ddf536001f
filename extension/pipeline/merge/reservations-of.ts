import type { Delete, LedgerReads } from '../../ledger/ledger';

/** What takes an item's reservations back: once it has landed, its documents hold their numbers, and the others are free. */
export function reservationsOf(read: Pick<LedgerReads, 'reservations'>, item: string): Delete[] {
  return read
    .reservations()
    .filter((row) => row.item === item)
    .map(({ id }) => ['reservations', id]);
}
