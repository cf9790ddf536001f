import type { CommitOutcome, Delete, Transaction } from './ledger';
import type { TableName } from './rows';
import type { View } from './view';

/** How many items the view holds the history of; beyond, that of the longest closed ones leaves it. */
export const USUAL_HISTORIES = 10_000;
/** Bounds what one occasion costs: the rest goes at the next ones. */
const BATCH = 1024;
/** Items that leave in one line of the journal. */
const LINE = 16;

/** What of an item leaves with its history; what nobody has settled or acknowledged yet stays. */
const HISTORY: readonly (readonly [table: TableName, only?: string])[] = [
  ['transitions'],
  ['jobs', 'settled_at IS NOT NULL'],
  ['runs'],
  ['verdicts'],
  ['artifacts'],
  ['alerts', 'acknowledged_at IS NOT NULL'],
  ['waivers'],
  ['landings'],
];

export interface ArchiveOptions {
  view(): View;
  commit(transaction: Transaction): Promise<CommitOutcome>;
  now(): number;
  /** `USUAL_HISTORIES`, or what a test takes for it. */
  kept: number;
}

/**
 * Lets the history of closed items leave the view. The rows are deleted by transactions like any other, so every process, and
 * every replay, comes to the same view; the journal keeps what was written. Of several processes at it the first one wins.
 * @throws LedgerError as `commit` does
 */
export async function archiveHistories(options: ArchiveOptions): Promise<void> {
  const items = surplus(options.view(), options.kept);
  for (let at = 0; at < items.length; at += LINE) {
    const line = items.slice(at, at + LINE).map((item) => archival(options.view(), item, options.now()));
    await Promise.all(line.map((transaction) => options.commit(transaction)));
  }
}

/** Whether the history of this item, or of any, is in the journal only. */
export function isArchived(view: View, item?: string): boolean {
  return (
    view.all(
      `SELECT 1 FROM archives ${item === undefined ? '' : 'WHERE item = ?'} LIMIT 1`,
      item === undefined ? [] : [item],
    ).length > 0
  );
}

interface ClosedItem {
  id: string;
  stage: string;
  rev: number;
}

/** Closed items whose history is to leave, the longest closed first. One with an open job or a lease is still somebody's. */
function surplus(view: View, kept: number): ClosedItem[] {
  const [count] = view.all('SELECT (SELECT count(*) FROM items) - (SELECT count(*) FROM archives) AS histories');
  const excess = Math.min(Number(count?.['histories']) - kept, BATCH);
  if (!(excess > 0)) return [];
  const rows = view.all(
    `SELECT id, stage, rev FROM items WHERE condition = 'done' AND NOT EXISTS (SELECT 1 FROM archives WHERE item = items.id)
      AND NOT EXISTS (SELECT 1 FROM jobs WHERE item = items.id AND settled_at IS NULL)
      AND NOT EXISTS (SELECT 1 FROM leases WHERE item = items.id)
     ORDER BY since, id LIMIT ?`,
    [excess],
  );
  return rows.map(({ id, stage, rev }) => ({ id: String(id), stage: String(stage), rev: Number(rev) }));
}

function archival(view: View, { id, stage, rev }: ClosedItem, at: number): Transaction {
  const del = HISTORY.flatMap(([table, only]) =>
    view
      .all(`SELECT id FROM ${table} WHERE item = ? ${only === undefined ? '' : `AND ${only}`} ORDER BY id`, [id])
      .map((row): Delete => [table, String(row['id'])]),
  );
  return {
    actor: 'archive',
    event: 'archive',
    pre: [
      ['items', id, { stage, rev, condition: 'done' }],
      ['archives', id, null],
    ],
    put: [['archives', { item: id, rev, at }]],
    del,
  };
}
