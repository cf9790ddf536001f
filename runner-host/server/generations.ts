import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HostRecord } from '../protocol/methods';

/** One `hosts/<n>.json`; `record` is null if it can't be understood. */
export interface Generation {
  number: number;
  record: HostRecord | null;
  /** Its owner has said that it serves no more (`hosts/<n>.stopped`). */
  stopped: boolean;
}

/**
 * The numbered records of a repository's hosts. The highest one is the host. It is never renamed nor removed: two starters that
 * both saw a stale file and both replaced it would both hold it.
 */
export class Generations {
  readonly #folder: string;

  /** Throws if the folder can't be made. */
  constructor(stateDir: string) {
    this.#folder = join(stateDir, 'hosts');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Highest first. */
  list(): Generation[] {
    const names = readdirSync(this.#folder);
    return names
      .flatMap((name) => {
        const digits = /^(\d{1,12})\.json$/.exec(name)?.[1];
        return digits === undefined ? [] : [Number(digits)];
      })
      .sort((a, b) => b - a)
      .map((number) => ({ number, record: this.#read(number), stopped: names.includes(`${number}.stopped`) }));
  }

  /** Makes the record with its content at once (link(2) fails if the name is there). False: somebody else was first. */
  claim(number: number, record: HostRecord): boolean {
    const temporary = join(this.#folder, `.${randomBytes(8).toString('hex')}.tmp`);
    writeFileSync(temporary, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
    try {
      linkSync(temporary, this.#path(number));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      unlinkSync(temporary);
    }
  }

  /** Whether the record is gone or another's: a state folder that was deleted has lost its host. False where that can't be told. */
  isLost(number: number, token: string): boolean {
    const record = this.#read(number);
    return record === null ? !existsSync(this.#path(number)) : record.token !== token;
  }

  /** Says that this generation serves no more; the next may be taken. */
  markStopped(number: number): void {
    writeFileSync(join(this.#folder, `${number}.stopped`), '', { mode: 0o600 });
  }

  /** Removes a record below the highest one. */
  remove(number: number): void {
    for (const path of [this.#path(number), join(this.#folder, `${number}.stopped`)]) {
      try {
        unlinkSync(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  #path(number: number): string {
    return join(this.#folder, `${number}.json`);
  }

  #read(number: number): HostRecord | null {
    try {
      return HostRecord.parse(JSON.parse(readFileSync(this.#path(number), 'utf8')));
    } catch {
      return null;
    }
  }
}
