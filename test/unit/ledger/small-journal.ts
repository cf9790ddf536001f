import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Transaction } from '../../../extension/ledger/ledger';
import { makeFolder, open } from './sample';

/** The smallest transaction. */
export const setSwitch = (name: string): Transaction => ({
  actor: 'a',
  event: 'switch',
  pre: [['switches', name, null]],
  put: [['switches', { name, state: 'on', actor: 'a', reason: '', at: 1 }]],
});

/** A journal of small transactions that its only writer has closed. */
export async function makeJournal(names: readonly string[] = ['a', 'b', 'c']) {
  const directory = makeFolder();
  const ledger = await open(directory);
  for (const name of names) await ledger.commit(setSwitch(name));
  await ledger.close();
  const file = join(directory, '000001.jsonl');
  return { directory, file, bytes: readFileSync(file) };
}
