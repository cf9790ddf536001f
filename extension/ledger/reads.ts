import type { LedgerReads } from './ledger';
import type { Cell, TableName, Tables } from './rows';
import type { View } from './view';

/**
 * The questions to the view, and all SQL that answers them.
 * @param view gives the present view: it changes when the journal had to be read again. Throws when the ledger is closed.
 */
export function createReads(view: () => View): LedgerReads {
  /** Rows enter the view only through the shape of their table, whose columns are those of the interface. */
  const rows = <T extends TableName>(table: T, rest: string, parameters: readonly Cell[] = []): Tables[T][] =>
    view().all(`SELECT * FROM ${table} ${rest}`, parameters) as unknown as Tables[T][];
  const one = <T extends TableName>(table: T, key: string): Tables[T] | undefined => {
    const present = view();
    const shape = present.shape(table);
    const row = shape && present.row(shape, key);
    return (row ?? undefined) as unknown as Tables[T] | undefined;
  };

  return {
    items: () => rows('items', 'ORDER BY id'),
    item: (id) => one('items', id),
    transitions: (item) =>
      item === undefined
        ? rows('transitions', 'ORDER BY at, item, rev')
        : rows('transitions', 'WHERE item = ? ORDER BY rev', [item]),
    job: (run) => one('jobs', run),
    openJobs: (item) =>
      item === undefined
        ? rows('jobs', 'WHERE settled_at IS NULL ORDER BY created_at, id')
        : rows('jobs', 'WHERE settled_at IS NULL AND item = ? ORDER BY created_at, id', [item]),
    run: (id) => one('runs', id),
    runs: (item) =>
      rows('runs', "WHERE item = ? AND kind <> 'control' ORDER BY started_at DESC, attempt DESC, id DESC", [item]),
    controls: (tree) => rows('runs', "WHERE kind = 'control' AND tree = ? ORDER BY started_at DESC, id DESC", [tree]),
    verdict: (run) => one('verdicts', run),
    verdicts: (item) => rows('verdicts', 'WHERE item = ? ORDER BY at DESC, id DESC', [item]),
    artifacts: (item) => rows('artifacts', 'WHERE item = ? ORDER BY at, id', [item]),
    lease: (item) => one('leases', item),
    leases: () => rows('leases', 'ORDER BY item'),
    hold: (item) => one('holds', item),
    switches: () => rows('switches', 'ORDER BY name'),
    alerts: () => rows('alerts', 'WHERE acknowledged_at IS NULL ORDER BY at, id'),
    anchor: (item) => one('anchors', item),
    waivers: (item) => rows('waivers', 'WHERE item = ? ORDER BY at, id', [item]),
    reservations: () => rows('reservations', 'ORDER BY series, number'),
    queue: (base) => one('queues', base),
    landings: (item) => rows('landings', 'WHERE item = ? ORDER BY at DESC, id DESC', [item]),
    ratchet: (base) => one('ratchets', base),
  };
}
