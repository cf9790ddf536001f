import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../extension/ledger/snapshot-files';
import { failWith, FaultyFiles, systemError } from './faulty-files';
import { open } from './sample';
import { atEveryClose, forge, makeSnapshots, names, write } from './sample-snapshots';
import { setSwitch } from './small-journal';

const ALL = ['a', 'b', 'c', 'd', 'e'];

/** Opens and says which files were read, so that it is known which snapshot was used. */
async function reopen(directory: string) {
  const faulty = new FaultyFiles();
  const opened: string[] = [];
  faulty.every('open', (proceed, path, mode) => {
    opened.push(path.slice(directory.length + 1));
    return proceed(path, mode);
  });
  const ledger = await open(directory, { files: faulty.files });
  return { ledger, opened };
}

/** All that was written is there, and it can be written. */
async function expectSound(directory: string) {
  const { ledger, opened } = await reopen(directory);
  expect(ledger.health).toEqual({ mode: 'open' });
  expect(names(ledger)).toEqual(ALL);
  return { ledger, opened };
}

/** File calls of which reading this image goes wrong, and what is open by them. */
function failRead(name: string, spoil: (read: Promise<number>) => Promise<number>) {
  const faulty = new FaultyFiles();
  const held = new Map<number, string>();
  faulty.every('open', (proceed, path, mode) => {
    const fd = proceed(path, mode);
    held.set(fd, path);
    return fd;
  });
  faulty.every('close', (proceed, fd) => {
    held.delete(fd);
    proceed(fd);
  });
  faulty.every('readLater', (proceed, ...parameters) => {
    const read = proceed(...parameters);
    return held.get(parameters[0])?.endsWith(name) ? spoil(read) : read;
  });
  return { files: faulty.files, held };
}

function flip(path: string, byte: number, bit: number): () => void {
  const bytes = readFileSync(path);
  const changed = Buffer.from(bytes);
  changed[byte] = (bytes[byte] ?? 0) ^ (1 << bit);
  writeFileSync(path, changed);
  return () => writeFileSync(path, bytes);
}

describe('a snapshot that cannot be used', () => {
  it.each<[string, (directory: string) => void, string | undefined]>([
    ['has no image', (at) => rmSync(join(at, 'snap-4.db')), undefined],
    ['has no manifest', (at) => rmSync(join(at, 'snap-4.json')), undefined],
    ['has a shorter image', (at) => truncateSync(join(at, 'snap-4.db'), 8192), 'snap-4'],
    ['has an empty image', (at) => truncateSync(join(at, 'snap-4.db'), 0), 'snap-4'],
    ['has a cut manifest', (at) => truncateSync(join(at, 'snap-4.json'), 100), 'snap-4'],
    ['has an empty manifest', (at) => truncateSync(join(at, 'snap-4.json'), 0), 'snap-4'],
    ['has the image of another', (at) => copyFileSync(join(at, 'snap-2.db'), join(at, 'snap-4.db')), 'snap-4'],
    ['has the manifest of another', (at) => copyFileSync(join(at, 'snap-2.json'), join(at, 'snap-4.json')), 'snap-4'],
    ['comes from a newer version', (at) => forge(at, 4, { format: 2 as 1 }), undefined],
    ['comes from another migration', (at) => forge(at, 4, { migration: 99 }), undefined],
    ['comes from other tables', (at) => forge(at, 4, { tables: sha256('others') }), undefined],
    [
      'has no database in its image',
      (at) => {
        writeFileSync(join(at, 'snap-4.db'), 'no database');
        forge(at, 4, { sha256: sha256('no database') });
      },
      'snap-4',
    ],
  ])('because it %s gives way to the older one', async (_what, spoil, found) => {
    const { directory } = await makeSnapshots();
    spoil(directory);
    const { ledger, opened } = await expectSound(directory);
    expect(opened).toContain('snap-2.db');
    expect((await ledger.verify()).map(({ code, where }) => `${code} ${where}`)).toEqual(
      found ? [`snapshot-damaged ${found}`] : [],
    );
  });

  it.each<[string, Parameters<typeof failRead>[1]]>([
    ['fails', () => Promise.reject(systemError('EIO'))],
    ['ends early', (read) => read.then((bytes) => bytes - 1)],
  ])('because reading its image %s gives way to the older one, with no descriptor left open', async (_what, spoil) => {
    const { directory } = await makeSnapshots();
    const { files, held } = failRead('snap-4.db', spoil);
    const ledger = await open(directory, { files });
    expect(names(ledger)).toEqual(ALL);
    expect([...held.values()].filter((path) => path.includes('snap-'))).toEqual([]);
  });

  it('gives way to the whole journal if there is no other', async () => {
    const { directory } = await makeSnapshots();
    for (const groups of [2, 4]) truncateSync(join(directory, `snap-${groups}.db`), 100);
    const { ledger } = await expectSound(directory);
    expect(await ledger.verify()).toHaveLength(2);
    await ledger.close();
    await write(directory, ['f']);
    expect(names(await open(directory))).toEqual([...ALL, 'f']);
  });

  it('because it cannot be read gives way, and the ledger opens', async () => {
    const { directory } = await makeSnapshots();
    const faulty = new FaultyFiles();
    faulty.every('open', (proceed, path, mode) =>
      path.includes('snap-') ? failWith('EACCES')() : proceed(path, mode),
    );
    const ledger = await open(directory, { files: faulty.files });
    expect(names(ledger)).toEqual(ALL);
    expect(ledger.health).toEqual({ mode: 'open' });
  });

  it('is told from a usable one whatever bit of its manifest flips', async () => {
    const { directory } = await makeSnapshots();
    const path = join(directory, 'snap-4.json');
    for (let byte = 0; byte < readFileSync(path).length; byte++) {
      const restore = flip(path, byte, byte % 8);
      const { ledger, opened } = await expectSound(directory);
      expect(opened).toContain('snap-2.json');
      await ledger.close();
      restore();
    }
  });

  it('is told from a usable one whatever bit of its image flips', async () => {
    const { directory } = await makeSnapshots();
    const path = join(directory, 'snap-4.db');
    for (let byte = 0; byte < readFileSync(path).length; byte += 997) {
      const restore = flip(path, byte, byte % 8);
      const { ledger, opened } = await expectSound(directory);
      expect(opened).toContain('snap-2.db');
      await ledger.close();
      restore();
    }
  });
});

describe('a snapshot that is whole', () => {
  it.each<[string, (path: { directory: string; file: string }, stranger: string) => void]>([
    ['was cut', ({ file }) => truncateSync(file, 600)],
    ['was cut between two lines', ({ file }) => truncateSync(file, readFileSync(file).indexOf('\n\n', 900) + 1)],
    ['has another in its place', ({ file }, stranger) => copyFileSync(stranger, file)],
    ['is gone', ({ file }) => rmSync(file)],
  ])('and whose journal %s: read-only and loud, never an older state as if nothing had been', async (_what, harm) => {
    const [ours, theirs] = [await makeSnapshots(), await makeSnapshots()];
    harm(ours, theirs.file);
    const ledger = await open(ours.directory);
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'damaged' });
    await expect(ledger.commit(setSwitch('f'))).rejects.toMatchObject({ code: 'damaged' });
    expect(await ledger.verify()).toContainEqual(expect.objectContaining({ code: 'damaged' }));
  });

  it('and whose journal changed just before its offset: damage, at any byte', async () => {
    const { directory, file } = await makeSnapshots();
    for (const groups of [2, 4]) {
      const { byte } = JSON.parse(readFileSync(join(directory, `snap-${groups}.json`), 'utf8')) as { byte: number };
      for (const at of [byte - 1, byte - 2, byte - 150, byte - 300]) {
        const restore = flip(file, at, 2);
        const ledger = await open(directory);
        expect(ledger.health).toMatchObject({ code: 'damaged' });
        await ledger.close();
        restore();
      }
    }
    await expectSound(directory);
  });

  it('lets nobody forget damage far before its offset: verify finds it', async () => {
    const { directory, file } = await makeSnapshots();
    const ledger = await open(directory, { snapshots: atEveryClose });
    // More than what is proven at an opening lies between.
    for (let n = 0; n < 3; n++) {
      const bulk = setSwitch(`e-${n}`);
      await ledger.commit({ ...bulk, actor: 'a'.repeat(50_000) });
    }
    await ledger.close();
    const restore = flip(file, 500, 2);
    const damaged = await open(directory);
    expect(names(damaged)).toEqual([...ALL, 'e-0', 'e-1', 'e-2']);
    expect(damaged.health).toEqual({ mode: 'open' });
    expect(await damaged.verify()).toContainEqual(expect.objectContaining({ code: 'damaged' }));
    for (const kind of ['db', 'json']) renameSync(join(directory, `snap-8.${kind}`), join(directory, `gone.${kind}`));
    expect((await open(directory)).health).toMatchObject({ code: 'damaged' });
    restore();
  });

  it('and says what the journal does not: verify names the rows', async () => {
    const { directory } = await makeSnapshots();
    const image = readFileSync(join(directory, 'snap-4.db'));
    for (let at = image.indexOf('on'); at >= 0; at = image.indexOf('on', at + 1)) {
      if (image[at - 1] === 'd'.charCodeAt(0)) image.write('ON', at);
    }
    writeFileSync(join(directory, 'snap-4.db'), image);
    forge(directory, 4, { sha256: sha256(image) });
    const findings = await (await open(directory)).verify();
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'view-differs', where: 'switches d', text: expect.stringContaining('snap-4') }),
    );
  });

  it('and claims another place in the journal than its own is damage, not a state of its own', async () => {
    const { directory } = await makeSnapshots();
    const { byte } = JSON.parse(readFileSync(join(directory, 'snap-2.json'), 'utf8')) as { byte: number };
    forge(directory, 4, { byte });
    const ledger = await open(directory);
    expect(ledger.health).toMatchObject({ mode: 'read-only', code: 'damaged' });
    expect(names(ledger)).toEqual(ALL);
  });
});
