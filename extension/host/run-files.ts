import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { CaseResult } from '../../runner-host/protocol/result';
import { readLog, type LogChunk } from './read-log';

/** Reads what finished runs left in `<stateDir>/runs/<run>/`; needs no host. */
export interface RunFiles {
  /** All cases of the run's report; null if it has none or they are gone. Throws on a file that cannot be trusted. */
  cases(run: string): Promise<CaseResult[] | null>;
  /** Path of output.log, or null once it is gone. */
  log(run: string): Promise<string | null>;
  /** The output from a byte offset on, chunk by chunk. Throws if the log is gone. */
  read(run: string, from: number): AsyncIterable<LogChunk>;
}

export function runFiles(stateDir: string): RunFiles {
  const file = (run: string, name: string): string => join(stateDir, 'runs', run, name);
  return {
    async cases(run) {
      const text = await readFile(file(run, 'cases.json'), 'utf8').catch(absent);
      return text === null ? null : z.array(CaseResult).parse(JSON.parse(text));
    },
    async log(run) {
      const path = file(run, 'output.log');
      return access(path).then(
        () => path,
        () => null,
      );
    },
    read: (run, from) => readLog(join(stateDir, 'runs', run), from),
  };
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
