import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import { OutputMap } from '../output/output-map';
import { RunResult, RunSpec } from '../protocol/runs';
import { CaseResult } from '../protocol/result';
import { RunRecord } from './run-record';
import { syncFolder, writeDurably } from './write-durably';

/** Room that a run sets aside, so that a full disk can still take a short result. */
const RESERVE_BYTES = 64 * 1024;

/** Ends the name of a run's folder that is being removed. */
export const REMOVED = '.removed';

/** A file of the run that is there but can't be read as what it should be. */
export class DamagedRun extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.name = 'DamagedRun';
    this.path = path;
  }
}

/** The folder `runs/<run id>/`. Readers give null for what is not there and throw `DamagedRun` for what can't be understood. */
export class RunDirectory {
  readonly run: string;
  readonly path: string;

  constructor(runs: string, run: string) {
    this.run = run;
    this.path = join(runs, run);
  }

  get output(): string {
    return join(this.path, 'output.log');
  }

  /** For the runner's own scratch files. */
  get scratch(): string {
    return join(this.path, 'scratch');
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  /** Makes the folder with its specification; after that the run can't be lost. */
  async create(spec: RunSpec, record: RunRecord): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    await writeFile(join(this.path, 'reserve'), Buffer.alloc(RESERVE_BYTES));
    await this.writeRecord(record);
    await writeDurably(join(this.path, 'spec.json'), JSON.stringify(spec));
    await syncFolder(dirname(this.path));
  }

  readSpec(): Promise<RunSpec | null> {
    return this.#read('spec.json', RunSpec);
  }

  readRecord(): Promise<RunRecord | null> {
    return this.#read('processes.json', RunRecord);
  }

  writeRecord(record: RunRecord): Promise<void> {
    return writeDurably(join(this.path, 'processes.json'), JSON.stringify(record));
  }

  /** At once, in the tick in which the command started: a crash right after must not lose the leader. */
  writeRecordNow(record: RunRecord): void {
    const path = join(this.path, 'processes.json');
    writeFileSync(`${path}.now`, JSON.stringify(record), { mode: 0o600 });
    renameSync(`${path}.now`, path);
  }

  readResult(): Promise<RunResult | null> {
    return this.#read('result.json', RunResult);
  }

  /** The last file of a run: once it is there the run is over. */
  async writeResult(result: RunResult): Promise<void> {
    await writeDurably(join(this.path, 'result.json'), JSON.stringify(result));
    await this.freeReserve();
  }

  async freeReserve(): Promise<void> {
    await unlink(join(this.path, 'reserve')).catch(() => undefined);
  }

  readCases(): Promise<CaseResult[] | null> {
    return this.#read('cases.json', z.array(CaseResult));
  }

  writeCases(cases: readonly CaseResult[]): Promise<void> {
    return writeDurably(join(this.path, 'cases.json'), JSON.stringify(cases));
  }

  readOutputMap(): Promise<OutputMap | null> {
    return this.#read('output.json', OutputMap);
  }

  writeOutputMap(map: OutputMap): Promise<void> {
    return writeDurably(join(this.path, 'output.json'), JSON.stringify(map));
  }

  isAcknowledged(): boolean {
    return existsSync(join(this.path, 'acknowledged'));
  }

  acknowledge(): Promise<void> {
    return writeDurably(join(this.path, 'acknowledged'), '');
  }

  /** Under another name first: a removal that is cut short must not leave what looks like an unfinished run. */
  async remove(): Promise<void> {
    const path = `${this.path}${REMOVED}`;
    await rename(this.path, path);
    await rm(path, { recursive: true, force: true });
  }

  async #read<S extends z.ZodMiniType>(name: string, schema: S): Promise<z.infer<S> | null> {
    const path = join(this.path, name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw new DamagedRun(path, (error as Error).message);
    }
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw new DamagedRun(path, (error as Error).message.slice(0, 500));
    }
  }
}
