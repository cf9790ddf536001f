import type { LedgerAct } from './ledger';
import type { TransactionRecord } from './line-format';
import type { Conflict } from './apply';
import type { LandingRow, LeaseRow, QueueRow, ReservationRow, WaiverRow } from './rows';

/**
 * Collects from a journal what was done besides moving items on. Rows of the view do not say it: a queue has its last state only, a
 * reservation goes when it is used, waivers and landings of long closed items leave.
 */
export class ActCollector {
  readonly acts: LedgerAct[] = [];
  private readonly reserved = new Map<string, ReservationRow>();

  readonly onTransaction = (transaction: TransactionRecord, conflict: Conflict | null): void => {
    if (conflict) return;
    const { at, by: actor, e: event } = transaction;
    const add = (act: LedgerAct['act'], facts: Partial<LedgerAct>): void => {
      this.acts.push({ at, actor, act, item: null, base: null, run: null, reason: '', evidence: '', ...facts });
    };
    for (const [table, image] of transaction.put) {
      // A row that was applied fits its table.
      const row: unknown = image;
      if (table === 'waivers') add('waived', waived(row as WaiverRow));
      if (table === 'landings') add('landed', landed(row as LandingRow));
      if (table === 'queues') add(...ofQueue(row as QueueRow, event));
      if (table === 'reservations') this.reserve(row as ReservationRow, add);
      if (table === 'leases' && event === 'lease-broken') addQueueLease(row as LeaseRow, add);
    }
    for (const [table, key] of transaction.del) {
      if (table !== 'reservations') continue;
      const row = this.reserved.get(key);
      this.reserved.delete(key);
      if (row) add('number-freed', { item: row.item, reason: event === 'pass' ? 'landed' : '', evidence: key });
    }
  };

  private reserve(row: ReservationRow, add: (act: LedgerAct['act'], facts: Partial<LedgerAct>) => void): void {
    const known = this.reserved.get(row.id);
    this.reserved.set(row.id, row);
    if (known?.item !== row.item) add('number-reserved', { item: row.item, evidence: row.id });
  }
}

function waived({ item, kind, path, line_hash: hash, reason }: WaiverRow): Partial<LedgerAct> {
  const name = Buffer.from(path, 'latin1').toString('utf8');
  return { item, reason, evidence: `${kind} ${name} ${hash.slice(0, 12)}` };
}

function landed({ item, base, run, commit_id: commit, tree, tip, tested }: LandingRow): Partial<LedgerAct> {
  const parts = [`commit ${commit}`, tree && `tree ${tree}`, tip !== commit && `tested commit ${tip}`];
  return { item, base, run, reason: `tested: ${tested}`, evidence: parts.filter(Boolean).join(', ') };
}

function ofQueue({ base, state, reason }: QueueRow, event: string): [LedgerAct['act'], Partial<LedgerAct>] {
  if (event === 'lease-broken') return ['queue-lease-released', { base, reason }];
  return [state === 'frozen' ? 'queue-frozen' : 'queue-unfrozen', { base, reason }];
}

/** Taken over from a lander that died. */
function addQueueLease(
  { item, pid, host }: LeaseRow,
  add: (act: LedgerAct['act'], facts: Partial<LedgerAct>) => void,
): void {
  const base = /^queue (.+)$/.exec(item)?.[1];
  if (base === undefined) return;
  add('queue-lease-taken-over', { base, reason: 'its owner is dead', evidence: `process ${pid} on ${host}` });
}
