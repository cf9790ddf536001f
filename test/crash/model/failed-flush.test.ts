import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeLine, FIRST_HASH, FORMAT_VERSION } from '../../../extension/ledger/line-format';
import { toRecord } from '../../../extension/ledger/transaction-rules';
import { failWith, FaultyFiles } from '../../unit/ledger/faulty-files';
import { addition } from '../../unit/ledger/sample-rows';
import { makeFolder, open } from '../../unit/ledger/sample';

/** The trace that the model gives for a protocol that believes a failed flush when it says "lost". */
it('a transaction whose flush failed is not told that it lost: a power cut may lose the line that beat it', async () => {
  const folder = makeFolder();
  const segment = join(folder, '000001.jsonl');
  const faulty = new FaultyFiles();
  const ledger = await open(folder, { files: faulty.files });
  await ledger.commit(addition('A-1'));

  const faster = { ...toRecord('faster', addition('A-2', { title: 'of the faster one' })), at: 1 };
  const line = encodeLine({ v: FORMAT_VERSION, a: [0, FIRST_HASH], tx: [faster] });
  const before = readFileSync(segment).length;
  faulty.next('write', (proceed, fd, bytes) => {
    appendFileSync(segment, line);
    return proceed(fd, bytes);
  });
  faulty.next('sync', failWith('EIO'));
  const told = await ledger.commit(addition('A-2', { title: 'of the slower one' })).catch((error: unknown) => error);
  await ledger.close();

  // Neither line was flushed, so the power cut may take the first one and leave the second.
  writeFileSync(segment, readFileSync(segment).fill(0, before, before + line.length));
  const later = await open(folder);
  expect(later.read.item('A-2')?.title).toBe('of the slower one');
  expect(told).toMatchObject({ code: 'io' });
});
