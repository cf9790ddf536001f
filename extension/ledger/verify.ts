import { checkInvariants } from './invariants';
import { StepCount } from './journal-history';
import type { VerifyFinding } from './ledger';
import { LedgerError } from './errors';
import { Replica, type ReplicaOptions } from './replica';
import { listSnapshots, readSnapshot } from './snapshot-files';
import type { TableShape } from './table-shapes';
import type { Row, View } from './view';

/** Other processes may write while two replicas are brought to the same place. */
const MAX_ATTEMPTS = 100;
const PAGE = 1000;

/**
 * Reads the whole journal afresh from its start: hashes, attestations, the chain of segments, the invariants, and whether the
 * view in use, and every snapshot with the journal behind it, is what the journal gives. What could not be checked is a finding
 * too.
 */
export async function verifyLedger(options: ReplicaOptions, live: () => Replica): Promise<VerifyFinding[]> {
  const steps = new StepCount();
  const fresh = await Replica.open({ ...options, onTransaction: steps.onTransaction });
  try {
    const findings: VerifyFinding[] = [];
    const { fault } = fresh;
    if (fault) findings.push({ code: fault.code, where: fault.where ?? options.directory, text: fault.detail });
    findings.push(...checkInvariants(fresh.view), ...steps.findings(fresh.view));
    if (fault) return findings;
    findings.push(...(await compare(fresh, live, options.directory, 'The view in use')));
    for (const groups of listSnapshots(options.files, options.directory)) {
      findings.push(...(await checkSnapshot(fresh, options, groups)));
    }
    return findings;
  } finally {
    fresh.close();
  }
}

/** One that another version made is not used here, one that is gone by now was dropped for a newer one. */
async function checkSnapshot(fresh: Replica, options: ReplicaOptions, groups: number): Promise<VerifyFinding[]> {
  const where = `snap-${groups}`;
  const unusable = { code: 'snapshot-damaged', where, text: 'It is not used: the journal is read instead' };
  const reading = await readSnapshot(options.files, options.directory, groups);
  if (!reading.ok) return reading.why === 'damaged' ? [unusable] : [];
  let resumed: Replica;
  try {
    resumed = await Replica.open(options, reading.snapshot);
  } catch (error) {
    if (!LedgerError.is(error)) return [unusable];
    return [{ code: error.code, where: error.where ?? where, text: error.detail }];
  }
  try {
    return await compare(fresh, () => resumed, options.directory, `The view from ${where}`);
  } finally {
    resumed.close();
  }
}

async function compare(fresh: Replica, live: () => Replica, directory: string, what: string): Promise<VerifyFinding[]> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await fresh.catchUp();
    await live().catchUp();
    // From here nothing is awaited: neither of the two moves while they are compared.
    const inUse = live();
    fresh.advance();
    const fault = fresh.fault ?? inUse.fault;
    if (fault) return [{ code: fault.code, where: fault.where ?? directory, text: fault.detail }];
    if (!fresh.continues(inUse)) {
      return [{ code: 'damaged', where: directory, text: 'The journal is not the one that was read before' }];
    }
    const [a, b] = [fresh.position, inUse.position];
    if (a.segment === b.segment && a.byte === b.byte) {
      return compareViews(fresh.view, inUse.view, what);
    }
  }
  return [{ code: 'not-compared', where: directory, text: 'The journal grew too quickly to compare the view with it' }];
}

function compareViews(fresh: View, inUse: View, what: string): VerifyFinding[] {
  return fresh.tables.flatMap((shape) => [...differences(shape, fresh, inUse, what)]);
}

function* differences(shape: TableShape, fresh: View, inUse: View, what: string): Generator<VerifyFinding> {
  const expected = rowsOf(fresh, shape);
  const found = rowsOf(inUse, shape);
  let [a, b] = [expected.next(), found.next()];
  const keyOf = (row: Row) => String(row[shape.key]);
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compareKeys(keyOf(a.value), keyOf(b.value));
    const differs = order !== 0 || JSON.stringify(a.value) !== JSON.stringify(b.value);
    if (differs) {
      const key = order <= 0 && !a.done ? keyOf(a.value) : b.done ? '' : keyOf(b.value);
      yield {
        code: 'view-differs',
        where: `${shape.name} ${key}`,
        text: `${what} is not what the journal gives`,
      };
    }
    if (order <= 0) a = expected.next();
    if (order >= 0) b = found.next();
  }
}

function* rowsOf(view: View, { name, key }: TableShape): Generator<Row, undefined> {
  let after = '';
  for (;;) {
    const page = view.all(`SELECT * FROM ${name} WHERE ${key} > ? ORDER BY ${key} LIMIT ${PAGE}`, [after]);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = String(last[key]);
  }
}

/** By bytes, as SQLite orders text. */
function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
