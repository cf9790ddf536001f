import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Ledger } from '../../../extension/ledger/ledger';
import { openLedger } from '../../../extension/ledger/open-ledger';
import type { WriterTask } from '../../integration/ledger/writer';
import { bundleWriter, WriterProcess } from '../../integration/ledger/writers';
import { sqlJs, sqlJsFolder } from '../../unit/ledger/sample';
import { addition } from '../../unit/ledger/sample-rows';

/** A ledger of its own, and writer processes that work on it. */
export class Crew {
  private readonly task: Omit<WriterTask, 'name' | 'work'>;
  private writers: WriterProcess[] = [];

  private constructor(
    private readonly folder: string,
    private readonly script: string,
    options: Pick<WriterTask, 'segmentBytes' | 'watch'>,
  ) {
    const directory = join(folder, 'ledger');
    this.task = { directory, sqlJs: sqlJsFolder, items: [], acks: join(folder, 'acks'), ...options };
  }

  static async make(options: Pick<WriterTask, 'segmentBytes' | 'watch'> = {}): Promise<Crew> {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-crew-'));
    return new Crew(folder, await bundleWriter(folder), options);
  }

  get directory(): string {
    return this.task.directory;
  }

  /** What the writers were told, in the order in which they noted it. */
  acks(): string[] {
    return existsSync(this.task.acks) ? readFileSync(this.task.acks, 'utf8').trim().split('\n') : [];
  }

  /** Resolves when so many commits more than now were answered. */
  async moreAcks(count: number): Promise<void> {
    for (const wanted = this.acks().length + count; this.acks().length < wanted;) await sleep(3);
  }

  async addItems(count: number): Promise<void> {
    this.task.items = Array.from({ length: count }, (_, n) => `A-${n + 1}`);
    await this.withLedger((ledger) => Promise.all(this.task.items.map((id) => ledger.commit(addition(id)))));
  }

  /** Writers that have their ledger open; they begin at `start`. */
  async ready(count: number, work: WriterTask['work']): Promise<WriterProcess[]> {
    const writers = Array.from({ length: count }, (_, n) =>
      WriterProcess.spawn(this.script, { ...this.task, name: `writer-${n}`, work }),
    );
    this.writers.push(...writers);
    await Promise.all(writers.map((writer) => writer.ready()));
    return writers;
  }

  async started(count: number, work: WriterTask['work']): Promise<WriterProcess[]> {
    const writers = await this.ready(count, work);
    for (const writer of writers) writer.start();
    return writers;
  }

  /** Opens the ledger afresh, expects it to be whole, and closes it after the work. */
  async withLedger<T>(work: (ledger: Ledger) => T | Promise<T>): Promise<T> {
    const ledger = await openLedger({ directory: this.directory, sqlJs, watch: false });
    try {
      expect(ledger.health).toEqual({ mode: 'open' });
      return await work(ledger);
    } finally {
      await ledger.close();
    }
  }

  /** Expects that the ledger is whole and says all that the writers were told. Returns how many steps it holds. */
  async expectKept(): Promise<number> {
    return this.withLedger(async (ledger) => {
      expect(await ledger.verify()).toEqual([]);
      const steps = ledger.read.transitions().filter(({ rev }) => rev > 1);
      const kept = new Set(steps.map(({ reason }) => reason));
      expect(this.acks().filter((mark) => !kept.has(mark))).toEqual([]);
      return steps.length;
    });
  }

  /** Ends what still runs and removes everything. */
  async end(): Promise<void> {
    await Promise.all(this.writers.map((writer) => writer.kill()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
