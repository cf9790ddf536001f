import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../extension/ledger/ledger';
import { failWith, FaultyFiles, systemError } from './faulty-files';
import { makeFolder, open } from './sample';
import { addition } from './sample-rows';

const ids = (ledger: Ledger) => ledger.read.items().map(({ id }) => id);

/** A ledger with one item, and a fault layer below it that does nothing yet. */
async function prepare() {
  const directory = makeFolder();
  const faulty = new FaultyFiles();
  const ledger = await open(directory, { files: faulty.files });
  await ledger.commit(addition('A-1'));
  return { directory, faulty, ledger, file: join(directory, '000001.jsonl') };
}

/** The ledger goes on as if nothing had been: it commits, and everybody reads the same. */
async function expectSound(directory: string, ledger: Ledger, expected: string[]): Promise<void> {
  expect(await ledger.commit(addition('Z-9'))).toMatchObject({ ok: true });
  const other = await open(directory);
  expect([ids(ledger), ids(other)]).toEqual([
    [...expected, 'Z-9'],
    [...expected, 'Z-9'],
  ]);
  expect([ledger.health, other.health]).toEqual([{ mode: 'open' }, { mode: 'open' }]);
  expect(await other.verify()).toEqual([]);
}

describe('a full disk', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EFBIG'])('says so and keeps nothing of the change: %s', async (code) => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', failWith(code));
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'disk-full' });
    await expectSound(directory, ledger, ['A-1']);
  });

  it('in the middle of a line leaves a torn line that nobody applies', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', (proceed, fd, bytes) => proceed(fd, bytes.subarray(0, 200)));
    faulty.next('write', failWith('ENOSPC'));
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'disk-full' });
    const other = await open(directory);
    expect(ids(other)).toEqual(['A-1']);
    await expectSound(directory, ledger, ['A-1']);
  });

  it('before the very last byte does not claim to know what the next write decides', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', (proceed, fd, bytes) => proceed(fd, bytes.subarray(0, -1)));
    faulty.next('write', failWith('ENOSPC'));
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({
      detail: expect.stringContaining('decided by the next write'),
    });
    await expectSound(directory, ledger, ['A-1', 'A-2']);
  });

  it('while the first segment is made leaves no ledger behind', async () => {
    const faulty = new FaultyFiles();
    const directory = makeFolder();
    const ledger = await open(directory, { files: faulty.files });
    faulty.next('write', (proceed, fd, bytes) => proceed(fd, bytes.subarray(0, 20)));
    await expect(ledger.commit(addition('A-1'))).rejects.toMatchObject({ code: 'disk-full' });
    expect(readdirSync(directory)).toEqual([]);
    await expectSound(directory, ledger, []);
  });
});

describe('a short write', () => {
  it('of part of a line is looked up, not found, and told', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', (proceed, fd, bytes) => proceed(fd, bytes.subarray(0, 300)));
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
    await expectSound(directory, ledger, ['A-1']);
  });

  it('that lacks only the newline is completed, and counts', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', (proceed, fd, bytes) => proceed(fd, bytes.subarray(0, -1)));
    expect(await ledger.commit(addition('A-2'))).toMatchObject({ ok: true });
    await expectSound(directory, ledger, ['A-1', 'A-2']);
  });
});

describe('a failing disk', () => {
  it('at the flush: the caller is never told that the change is kept', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('sync', () => Promise.reject(systemError('EIO')));
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
    expect(faulty.count('open')).toBeGreaterThan(4); // it was read again with a new descriptor
    await expectSound(directory, ledger, ['A-1', 'A-2']);
  });

  it('at the flush: it is not told either if another reader has met the line meanwhile', async () => {
    const { faulty, ledger } = await prepare();
    faulty.next('sync', async () => {
      await ledger.refresh();
      throw systemError('EIO');
    });
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
  });

  it('at the flush and when it is opened again: the next commit tries once more', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('sync', () => Promise.reject(systemError('EIO')));
    faulty.next('open', failWith('EIO'));
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
    await expectSound(directory, ledger, ['A-1', 'A-2']);
  });

  it('at the write: what is in the file is looked up', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', (proceed, fd, bytes) => {
      proceed(fd, bytes);
      throw systemError('EIO');
    });
    expect(await ledger.commit(addition('A-2'))).toMatchObject({ ok: true });
    faulty.next('write', failWith('EIO'));
    await expect(ledger.commit(addition('A-3'))).rejects.toMatchObject({ code: 'io' });
    await expectSound(directory, ledger, ['A-1', 'A-2']);
  });

  it('that says it took a line and did not: the change is not claimed', async () => {
    const { directory, faulty, ledger } = await prepare();
    faulty.next('write', (_proceed, _fd, bytes) => bytes.length);
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
    await expectSound(directory, ledger, ['A-1']);
  });

  it('at reading: read-only while it lasts, and what was read stays', async () => {
    const { directory, faulty, ledger } = await prepare();
    const other = await open(directory);
    await other.commit(addition('A-2'));
    faulty.every('read', failWith('EIO'));
    await expect(ledger.refresh()).rejects.toMatchObject({ code: 'io' });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'io' });
    expect(ids(ledger)).toEqual(['A-1']);
    await expect(ledger.commit(addition('A-3'))).rejects.toMatchObject({ code: 'io' });
    faulty.every('read', null);
    await expectSound(directory, ledger, ['A-1', 'A-2']);
  });

  it('that tears a read apart once is read again before a line is called garbage', async () => {
    const { directory, faulty, ledger } = await prepare();
    const other = await open(directory);
    await other.commit(addition('A-2'));
    faulty.next('read', (proceed, fd, into, position) => {
      const length = proceed(fd, into, position);
      into.fill(0, 100, 150);
      return length;
    });
    await ledger.refresh();
    expect(ids(ledger)).toEqual(['A-1', 'A-2']);
  });
});

describe('a ledger that may not be written', () => {
  it.each(['EACCES', 'EROFS', 'EPERM'])('opens read-only and says why: %s', async (code) => {
    const { directory } = await prepare();
    const faulty = new FaultyFiles();
    faulty.every('open', (proceed, path, mode) => (mode === 'read' ? proceed(path, mode) : failWith(code)()));
    const ledger = await open(directory, { files: faulty.files });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'not-writable' });
    expect(ids(ledger)).toEqual(['A-1']);
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('and has no folder yet opens empty, read-only', async () => {
    const faulty = new FaultyFiles();
    faulty.every('makeDirectory', failWith('EROFS'));
    const ledger = await open(join(makeFolder(), 'ledger'), { files: faulty.files });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'not-writable' });
    await expect(ledger.commit(addition('A-1'))).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('refuses the commit if only the new segment cannot be made', async () => {
    const faulty = new FaultyFiles();
    const ledger = await open(makeFolder(), { files: faulty.files });
    faulty.every('open', failWith('EACCES'));
    await expect(ledger.commit(addition('A-1'))).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('is not opened at all if its folder cannot be listed: that is not an empty ledger', async () => {
    const { directory } = await prepare();
    const faulty = new FaultyFiles();
    faulty.every('list', failWith('EACCES'));
    await expect(open(directory, { files: faulty.files })).rejects.toMatchObject({ code: 'not-writable' });
  });

  it('is not opened if a file stands where its folder should be', async () => {
    const path = join(makeFolder(), 'ledger');
    writeFileSync(path, '');
    await expect(open(path)).rejects.toMatchObject({ code: 'io' });
  });
});

describe('a file system of several machines', () => {
  it.each([
    ['NFS', 0x6969],
    ['CIFS', 0xff534d42 | 0],
    ['FUSE', 0x65735546],
  ])('is only read: %s', async (name, type) => {
    const { directory } = await prepare();
    const faulty = new FaultyFiles();
    faulty.every('fileSystemType', () => type);
    const ledger = await open(directory, { files: faulty.files, platform: 'linux' });
    expect(ledger.health).toMatchObject({
      mode: 'read-only',
      code: 'unsupported-file-system',
      reason: expect.stringContaining(name),
    });
    expect(ids(ledger)).toEqual(['A-1']);
    const before = faulty.count('write');
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'unsupported-file-system' });
    expect(faulty.count('write')).toBe(before);
  });

  it('is asked about before the folder exists', async () => {
    const faulty = new FaultyFiles();
    faulty.every('fileSystemType', () => 0x6969);
    const directory = join(makeFolder(), 'not', 'yet');
    const ledger = await open(directory, { files: faulty.files, platform: 'linux' });
    expect(ledger.health).toMatchObject({ code: 'unsupported-file-system' });
    expect(faulty.count('makeDirectory')).toBe(0);
  });

  it.each(['ENOTSUP', 'EPERM'])(
    'is not one if it has no hard links, but neither can it hold the ledger: %s',
    async (code) => {
      const faulty = new FaultyFiles();
      faulty.every('link', failWith(code));
      const ledger = await open(makeFolder(), { files: faulty.files });
      await expect(ledger.commit(addition('A-1'))).rejects.toMatchObject({ code: 'unsupported-file-system' });
    },
  );
});

describe('a journal that changes behind our back', () => {
  const expectDamaged = async (ledger: Ledger) => {
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'damaged' });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'damaged' });
    expect(ids(ledger)).toEqual(['A-1']);
  };

  it('by being removed is damage, not a new ledger', async () => {
    const { directory, ledger, file } = await prepare();
    rmSync(file);
    await expectDamaged(ledger);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('by being removed with its folder is damage', async () => {
    const { directory, ledger } = await prepare();
    rmSync(directory, { recursive: true });
    await expectDamaged(ledger);
  });

  it('by being cut is damage', async () => {
    const { ledger, file } = await prepare();
    truncateSync(file, 150);
    await expectDamaged(ledger);
  });

  it('by being removed between write and flush: the commit is not claimed', async () => {
    const { ledger, file, faulty } = await prepare();
    faulty.next('write', (proceed, fd, bytes) => {
      const written = proceed(fd, bytes);
      rmSync(file);
      return written;
    });
    await expectDamaged(ledger);
  });

  it('by being removed while it is flushed, when the line was read already: the commit is not claimed', async () => {
    const { ledger, file, faulty } = await prepare();
    faulty.next('sync', async (proceed, fd) => {
      await proceed(fd);
      rmSync(file);
    });
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'damaged' });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'damaged' });
  });

  it('by another one in its place, when it has to be opened again', async () => {
    const { directory, ledger, file, faulty } = await prepare();
    const elsewhere = makeFolder();
    const stranger = await open(elsewhere);
    await stranger.commit(addition('B-1'));
    await stranger.commit(addition('B-2'));
    faulty.next('sync', () => {
      rmSync(file);
      mkdirSync(directory, { recursive: true });
      copyFileSync(join(elsewhere, '000001.jsonl'), file);
      return Promise.reject(systemError('EIO'));
    });
    await expect(ledger.commit(addition('A-2'))).rejects.toMatchObject({ code: 'io' });
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'damaged' });
  });

  it('by garbage after its end goes on: that is what a dying writer leaves', async () => {
    const { directory, ledger, file } = await prepare();
    appendFileSync(file, '\n0123456789abcdef0123456789abcdef {"v":1,"a":[0,');
    await expectSound(directory, ledger, ['A-1']);
  });
});

describe('what is left open', () => {
  const descriptors = () => readdirSync(existsSync('/proc/self/fd') ? '/proc/self/fd' : '/dev/fd').length;

  it('is nothing, after closing and after opening failed', async () => {
    const { directory } = await prepare();
    const before = descriptors();
    for (let round = 0; round < 5; round++) {
      const ledger = await open(directory, { watch: true });
      await ledger.commit(addition(`B-${round}`));
      await ledger.verify();
      await ledger.close();
      const faulty = new FaultyFiles();
      faulty.every('read', failWith('EIO'));
      await expect(open(directory, { files: faulty.files })).rejects.toMatchObject({ code: 'io' });
    }
    // fs.watch shares one inotify descriptor in a process and keeps it.
    expect(descriptors() - before).toBeLessThanOrEqual(1);
  });
});
