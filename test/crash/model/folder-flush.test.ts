import { expect, it } from 'vitest';
import { failWith, FaultyFiles } from '../../unit/ledger/faulty-files';
import { makeFolder, open } from '../../unit/ledger/sample';
import { addition } from '../../unit/ledger/sample-rows';

/** The trace that the model of seals gives for a disk that does not keep a file's name with its data. */
it('a commit to a segment whose maker died before he flushed the folder is not answered before the folder is flushed', async () => {
  const folder = makeFolder();
  const maker = new FaultyFiles();
  maker.every('syncDirectory', failWith('EIO'));
  const dying = await open(folder, { files: maker.files });
  await expect(dying.commit(addition('A-1'))).rejects.toMatchObject({ code: 'io' });

  const faulty = new FaultyFiles();
  const ledger = await open(folder, { files: faulty.files });
  expect(await ledger.commit(addition('A-1'))).toMatchObject({ ok: true });
  expect(faulty.count('syncDirectory')).toBeGreaterThan(0);
});
