/**
 * A process that writes to a ledger, for the tests to race and to kill. Its last argument is a `WriterTask` as JSON.
 * It says `ready` once the ledger is open, starts at the first input, says what it did as JSON and ends with its input.
 */
import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { endProcess } from '../../../runner-host/end-process';
import { processIdentity } from '../../../extension/ledger/identity';
import { takeLease } from '../../../extension/ledger/lease';
import type { Ledger } from '../../../extension/ledger/ledger';
import { loadSqlJs } from '../../../extension/ledger/load-sql-js';
import { openLedger, type OpenLedgerOptions } from '../../../extension/ledger/open-ledger';
import type { ItemRow } from '../../../extension/ledger/rows';
import { FaultyFiles } from '../../unit/ledger/faulty-files';
import { addition, step } from '../../unit/ledger/sample-rows';

export interface WriterTask {
  directory: string;
  sqlJs: string;
  name: string;
  items: string[];
  /** Where every answered commit is noted, before the next one. */
  acks: string;
  segmentBytes?: number;
  snapshots?: OpenLedgerOptions['snapshots'];
  /** Whether it sees the commits of others without asking; it does unless told. */
  watch?: boolean;
  work:
    | { kind: 'race' }
    | { kind: 'lease' }
    /** Commits steps of random items; Infinity as null: until killed. */
    | { kind: 'steps'; rounds: number | null }
    /** Commits steps of random items until all writers together have won so many. */
    | { kind: 'together'; steps: number }
    /** Commits a step of each item as it stood when the ledger was opened, and notes where it stands instead. */
    | { kind: 'stale' }
    /** Adds an item and kills itself right before its n-th changing file call, `torn`: in the middle of its n-th write. */
    | { kind: 'die'; at: number; torn: boolean };
}

/** What a writer says when it has done its work. */
export interface WriterAnswer {
  won: number;
  /** Commits that it tried, and the most that it lost in a row; counted where all work together. */
  tries: number;
  longestLoss: number;
}

const task = JSON.parse(process.argv.at(-1) ?? '') as WriterTask;

function itemOf(ledger: Ledger, id: string): ItemRow {
  const item = ledger.read.item(id);
  if (!item) throw new Error(`no item ${id}`);
  return item;
}

async function commitStep(ledger: Ledger, id: string, mark: string, from = itemOf(ledger, id)): Promise<boolean> {
  const { pre, put = [], ...rest } = step({ ...from, reason: mark }, 'testing');
  const outcome = await ledger.commit({ ...rest, actor: task.name, pre, put });
  if (outcome.ok) appendFileSync(task.acks, `${mark}\n`);
  return outcome.ok;
}

const randomItem = () => task.items[Math.floor(Math.random() * task.items.length)] ?? '';

let tries = 0;
let longestLoss = 0;

/** @param opened the items as they stood before the start */
async function work(ledger: Ledger, opened: ItemRow[]): Promise<number> {
  let won = 0;
  switch (task.work.kind) {
    case 'race': {
      // From where all stood at the start: who is late must not take the next step instead.
      const outcomes = opened.map((item) => commitStep(ledger, item.id, `${task.name} ${item.id}`, item));
      return (await Promise.all(outcomes)).filter(Boolean).length;
    }
    case 'lease': {
      const me = await processIdentity();
      for (const id of task.items) if ((await takeLease(ledger, id, me, task.name)).ok) won++;
      return won;
    }
    case 'steps': {
      const rounds = task.work.rounds ?? Infinity;
      for (let round = 0; round < rounds; round++) {
        if (await commitStep(ledger, randomItem(), `${task.name} ${process.pid} ${round}`)) won++;
      }
      return won;
    }
    case 'together': {
      const stepsOfAll = () => ledger.read.items().reduce((sum, { rev }) => sum + rev - 1, 0);
      for (let lost = 0; stepsOfAll() < task.work.steps; tries++) {
        const ok = await commitStep(ledger, randomItem(), `${task.name} ${process.pid} ${tries}`);
        lost = ok ? 0 : lost + 1;
        longestLoss = Math.max(longestLoss, lost);
        if (ok) won++;
      }
      return won;
    }
    case 'stale': {
      for (const item of opened) {
        const outcome = await ledger.commit(step(item, 'merge'));
        if (outcome.ok) won++;
        else
          appendFileSync(
            task.acks,
            `${item.id} ${String(outcome.actual?.['stage'])} ${String(outcome.actual?.['rev'])}\n`,
          );
      }
      return won;
    }
    case 'die': {
      const id = task.items[0] ?? '';
      const outcome = await ledger.commit(addition(id));
      if (outcome.ok) appendFileSync(task.acks, `${id}\n`);
      return outcome.ok ? 1 : 0;
    }
  }
}

/** Kills this process in the middle of its work with files. */
function deadly(at: number, torn: boolean): FaultyFiles {
  const faulty = new FaultyFiles();
  let calls = 0;
  const die = () => process.kill(process.pid, 'SIGKILL');
  const others = torn ? [] : (['makeDirectory', 'open', 'sync', 'syncDirectory', 'close', 'link', 'unlink'] as const);
  for (const call of others) {
    faulty.every(call, (proceed, ...parameters) => {
      if (++calls === at) die();
      return (proceed as (...given: unknown[]) => never)(...parameters);
    });
  }
  faulty.every('write', (proceed, fd, bytes) => {
    if (++calls !== at) return proceed(fd, bytes);
    if (torn) proceed(fd, bytes.subarray(0, Math.floor(bytes.length / 2)));
    die();
    return 0;
  });
  return faulty;
}

async function main(): Promise<void> {
  const faulty = task.work.kind === 'die' ? deadly(task.work.at, task.work.torn) : new FaultyFiles();
  const ledger = await openLedger({
    directory: task.directory,
    sqlJs: () => loadSqlJs(task.sqlJs),
    files: faulty.files,
    ...(task.watch === undefined ? {} : { watch: task.watch }),
    ...(task.segmentBytes === undefined ? {} : { segmentBytes: task.segmentBytes }),
    ...(task.snapshots === undefined ? {} : { snapshots: task.snapshots }),
  });
  const opened = ledger.read.items();
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  // A test that is aborted leaves no writer behind that goes on for ever.
  process.stdin.resume().once('end', endProcess);
  const won = await work(ledger, opened);
  await ledger.close();
  const answer: WriterAnswer = { won, tries, longestLoss };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  // Stays until it is dismissed: the leases of a process that has ended are anybody's.
  await once(process.stdin.resume(), 'end');
}

void main();
