import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostRecord } from '../../runner-host/protocol/methods';
import { HostError } from './host-error';

export interface FoundHost {
  record: HostRecord;
  /** It takes no new runs: it ends, or has ended. */
  stopped: boolean;
  /** The file that says so. */
  marker: string;
}

/**
 * The newest record in `<state>/hosts/`, or null if there is none. Whether its process lives is not said.
 * @throws HostError: record-unreadable (this version can't read it), state-unwritable (the folder can't be read)
 */
export function findHost(stateDir: string): FoundHost | null {
  const folder = join(stateDir, 'hosts');
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new HostError('state-unwritable', `the runner host's records can't be read: ${message}`);
  }
  const numbers = names.flatMap((name) => /^(\d{1,12})\.json$/.exec(name)?.[1] ?? []).map(Number);
  if (numbers.length === 0) return null;
  const number = Math.max(...numbers);
  const path = join(folder, `${number}.json`);
  const marker = join(folder, `${number}.stopped`);
  try {
    return { record: HostRecord.parse(JSON.parse(readFileSync(path, 'utf8'))), stopped: existsSync(marker), marker };
  } catch (error) {
    throw new HostError('record-unreadable', `${path}: ${(error as Error).message.slice(0, 300)}`);
  }
}
