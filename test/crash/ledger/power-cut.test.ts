import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Ledger } from '../../../extension/ledger/ledger';
import { openLedger } from '../../../extension/ledger/open-ledger';
import { FaultyFiles } from '../../unit/ledger/faulty-files';
import { sqlJs } from '../../unit/ledger/sample';
import { addition } from '../../unit/ledger/sample-rows';
import { extent } from './extent';

const IMAGES = extent(256, 48);
const WRITERS = 3;
const SECTOR = 512;
const SEGMENT = '000001.jsonl';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'interlock-power-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const random = (below: number): number => Math.floor(Math.random() * below);

/**
 * What the disk may hold when the power goes: the flushed bytes, and of all others any set of sectors at any length.
 * Half of the images miss a single sector: what lies behind it is whole, the sharpest case for whatever is said about it.
 */
function cut(journal: Buffer, durable: number): Buffer {
  const unsynced = journal.length - durable;
  const lone = random(2) === 0;
  const length = lone ? journal.length : ([journal.length, durable + random(unsynced + 1)][random(2)] ?? durable);
  const image = Buffer.from(journal.subarray(0, length));
  const first = Math.floor(durable / SECTOR);
  const missing = first + random(Math.ceil(length / SECTOR) - first);
  for (let sector = first; sector * SECTOR < length; sector++) {
    if (lone ? sector !== missing : random(2) === 0) continue;
    image.fill(0, Math.max(durable, sector * SECTOR), Math.min(length, (sector + 1) * SECTOR));
  }
  return image;
}

/** Writers on one journal whose flushes end only when they are let go. */
class UnsyncedWriters {
  readonly told = new Set<string>();
  readonly asked: string[] = [];
  /** Bytes that a finished flush put on disk. */
  durable = 0;
  private readonly flushes: (() => void)[] = [];
  private readonly commits: Promise<void>[] = [];

  private constructor(
    private readonly journal: string,
    private readonly ledgers: Ledger[],
    private readonly faulty: FaultyFiles[],
  ) {}

  static async open(directory: string): Promise<UnsyncedWriters> {
    const faulty = Array.from({ length: WRITERS }, () => new FaultyFiles());
    const ledgers: Ledger[] = [];
    for (const { files } of faulty) ledgers.push(await openLedger({ directory, sqlJs, watch: false, files }));
    // Each writes and flushes once before anything is held back.
    for (const [n, ledger] of ledgers.entries()) await ledger.commit(addition(`FIRST-${n}`));
    const writers = new UnsyncedWriters(join(directory, SEGMENT), ledgers, faulty);
    writers.durable = readFileSync(writers.journal).length;
    for (const one of faulty) one.every('sync', () => writers.held());
    return writers;
  }

  /** Resolves when the flush is let go; what was in the file when it began is on disk then. */
  private held(): Promise<void> {
    const size = readFileSync(this.journal).length;
    return new Promise((resolve) => {
      this.flushes.push(() => {
        this.durable = Math.max(this.durable, size);
        resolve();
      });
    });
  }

  commit(id: string): void {
    this.asked.push(id);
    const written = this.ledgers[random(WRITERS)]?.commit(addition(id, { title: id.repeat(random(60)) }));
    this.commits.push(Promise.resolve(written).then((outcome) => void (outcome?.ok && this.told.add(id))));
  }

  letOneGo(): void {
    this.flushes.splice(random(this.flushes.length), 1)[0]?.();
  }

  async end(): Promise<void> {
    for (const one of this.faulty) one.every('sync', null);
    while (this.flushes.length > 0) this.letOneGo();
    await Promise.all(this.commits);
    await Promise.all(this.ledgers.map((ledger) => ledger.close()));
  }
}

it('a power cut among unsynced writers never loses silently what was told', async () => {
  let lostUntold = 0;
  let toldInAll = 0;
  let refused = 0;
  for (let image = 0; image < IMAGES;) {
    const directory = mkdtempSync(join(folder, 'ledger-'));
    const writers = await UnsyncedWriters.open(directory);
    for (let act = 0; act < 24; act++) {
      if (random(3) < 2) writers.commit(`P-${act}`);
      else writers.letOneGo();
      for (let turn = random(6); turn > 0; turn--) await setImmediate();
      if (act % 6 !== 5) continue;
      const told = [...writers.told];
      const bytes = cut(readFileSync(join(directory, SEGMENT)), writers.durable);
      const after = join(folder, `image-${image++}`);
      mkdirSync(after);
      for (const name of readdirSync(directory)) copyFileSync(join(directory, name), join(after, name));
      writeFileSync(join(after, SEGMENT), bytes);
      const kept = await reopened(after);
      toldInAll += told.length;
      if (kept === null) refused++;
      else {
        expect(told.filter((id) => !kept.has(id))).toEqual([]);
        lostUntold += writers.asked.filter((id) => !kept.has(id)).length;
      }
    }
    await writers.end();
  }
  expect(toldInAll).toBeGreaterThan(0);
  expect(lostUntold).toBeGreaterThan(0);
  // The protocol attests only what was flushed, so an honest disk's power cut is never taken for damage.
  expect(refused).toBe(0);
  console.info(`${IMAGES} images: ${toldInAll} told and kept, ${lostUntold} untold lost, ${refused} refused`);
});

/** The items of an image once it has been written to and reopened, or null if it was refused loudly. */
async function reopened(directory: string): Promise<Set<string> | null> {
  const first = await openLedger({ directory, sqlJs, watch: false });
  try {
    if (first.health.mode === 'read-only') return null;
    expect(await first.verify()).toEqual([]);
    expect(await first.commit(addition('AFTER'))).toMatchObject({ ok: true });
  } finally {
    await first.close();
  }
  const second = await openLedger({ directory, sqlJs, watch: false });
  try {
    expect(second.health).toEqual({ mode: 'open' });
    expect(await second.verify()).toEqual([]);
    expect(second.read.item('AFTER')).toBeDefined();
    return new Set(second.read.items().map(({ id }) => id));
  } finally {
    await second.close();
  }
}
