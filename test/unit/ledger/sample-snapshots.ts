import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from '../../../extension/ledger/ledger';
import type { OpenLedgerOptions } from '../../../extension/ledger/open-ledger';
import { encodeManifest, type Manifest } from '../../../extension/ledger/snapshot-files';
import { makeFolder, open } from './sample';
import { setSwitch } from './small-journal';

/** A snapshot whenever a ledger that has written something is closed. */
export const atEveryClose = { groupsAtClose: 1 };

/** Commits the names one by one and closes: a group and, by default, a snapshot. */
export async function write(directory: string, names: readonly string[], options: Partial<OpenLedgerOptions> = {}) {
  const ledger = await open(directory, { snapshots: atEveryClose, ...options });
  for (const name of names) await ledger.commit(setSwitch(name));
  await ledger.close();
}

/** A ledger of the groups a to e with the snapshots 2 and 4, and one group behind them. */
export async function makeSnapshots() {
  const directory = makeFolder();
  await write(directory, ['a', 'b']);
  await write(directory, ['c', 'd']);
  await write(directory, ['e'], { snapshots: { groupsAtClose: 100 } });
  return { directory, file: join(directory, '000001.jsonl') };
}

export const names = (ledger: Ledger) => ledger.read.switches().map(({ name }) => name);

export const snapshotsIn = (directory: string) =>
  existsSync(directory)
    ? readdirSync(directory)
        .filter((name) => name.startsWith('snap-'))
        .sort()
    : [];

/** Writes a manifest that is whole, with something else in it. */
export function forge(directory: string, groups: number, change: Partial<Manifest>): void {
  const path = join(directory, `snap-${groups}.json`);
  const { check: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8')) as Manifest & { check: string };
  writeFileSync(path, encodeManifest({ ...manifest, ...change }));
}
