import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GitFailure } from '../../../../runner-host/git/run-git';
import { GitTrees } from '../../../../runner-host/merge/checks/git-trees';
import { makeBare, type BareRig } from './bare-rig';

let rig: BareRig;
beforeAll(() => void (rig = makeBare()));
afterAll(() => rig.close());

const LATIN = 'caf\xe9.txt'; // no UTF-8
const STRANGE = 'a\nb "c" missing';

it('names that are no UTF-8 or hold a line feed come through as bytes, with their contents', async () => {
  const files = { [LATIN]: '\xff\xfe\n', [STRANGE]: 'strange\n', 'd/plain.txt': 'plain\n' };
  const commit = rig.commit(files);
  const empty = rig.commit({});
  const changes = await rig.trees.changes(empty, commit);
  expect(changes.map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
  expect((await rig.trees.list(commit, '')).map(({ path }) => path).sort()).toEqual(Object.keys(files).sort());
  const contents = await rig.trees.readPaths(commit, [LATIN, STRANGE, 'not\nthere', 'd', 'd/plain.txt'], 100);
  expect(contents).toEqual([
    { state: 'read', bytes: '\xff\xfe\n' },
    { state: 'read', bytes: 'strange\n' },
    { state: 'absent' },
    { state: 'absent' },
    { state: 'read', bytes: 'plain\n' },
  ]);
});

it('changes and lists are those that git diff-tree and ls-tree name', async () => {
  const before = rig.commit({
    'a/b/c': '1\n',
    'a/b/d': '2\n',
    'a.b': 'x\n',
    f: 'file\n',
    'g/x': 'same\n',
    [LATIN]: 'l\n',
  });
  const after = rig.commit({
    'a/b/c': { mode: '100755', bytes: '1\n' },
    'a.b': { mode: '120000', bytes: 'g/x' },
    'f/was-a-file': 'file\n',
    'g/x': 'same\n',
    s: { mode: '160000', bytes: before },
    [LATIN]: 'm\n',
  });
  const fields = rig.git(['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after]).split('\0');
  const named = fields.flatMap((field, at) =>
    at % 2 === 0 && field !== '' ? [`${field.slice(1, -2)} ${fields[at + 1]}`] : [],
  );
  const gone = { mode: '000000', id: '0'.repeat(40) };
  const changes = (await rig.trees.changes(before, after)).map(({ path, before: was = gone, after: is = gone }) =>
    [was.mode, is.mode, was.id, is.id, path].join(' '),
  );
  expect(changes.sort()).toEqual(named.sort());
  const listed = (await rig.trees.list(after, '')).map(({ mode, id, path }) => `${mode} ${id}\t${path}`);
  const lines = rig.git(['ls-tree', '-r', '-z', after]).split('\0').filter(Boolean);
  expect(listed.sort()).toEqual(lines.map((line) => line.replace(/^(\d+) \w+ /, '$1 ')).sort());
  expect((await rig.trees.list(before, 'a/b')).map(({ path }) => path)).toEqual(['a/b/c', 'a/b/d']);
  expect(await rig.trees.list(before, 'a.b')).toEqual([]);
});

it('a blob above the bound is told by its size and not read', async () => {
  const commit = rig.commit({ big: 'x'.repeat(5000) });
  expect(await rig.trees.readPaths(commit, ['big'], 4999)).toEqual([{ state: 'too-large', size: 5000 }]);
});

it('many large blobs are read through one process', async () => {
  const files = Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`f${at}`, `${at}:`.repeat(40_000)]));
  const commit = rig.commit(files);
  const read = await rig.trees.readPaths(commit, Object.keys(files), 1 << 20);
  expect(read.map((one) => one.state === 'read' && one.bytes)).toEqual(Object.values(files));
});

it('a merge names its conflicts with all three sides; the base may be any commit', async () => {
  const base = rig.commit({ f: 'one\n', g: 'g\n' });
  const main = rig.commit({ f: 'main\n', g: 'g\n' }, base);
  const item = rig.commit({ f: 'item\n', g: 'g\n' }, base);
  const { conflicts } = await rig.trees.merge(base, main, item);
  const [f] = conflicts;
  expect(conflicts).toHaveLength(1);
  expect([f?.path, f?.base?.mode, f?.ours !== undefined, f?.theirs !== undefined]).toEqual(['f', '100644', true, true]);
  // With main's own version as the base the item's change stands against nothing.
  const other = await rig.trees.merge(main, main, item);
  expect(other.conflicts).toEqual([]);
  expect(rig.files(other.tree)).toEqual({ f: 'item\n', g: 'g\n' });
});

it('nobody’s attributes, drivers or settings take part in a merge', async () => {
  const attributes = { '.gitattributes': '* merge=ours\n' };
  const base = rig.commit({ ...attributes, f: 'one\n' });
  const main = rig.commit({ ...attributes, f: 'main\n' }, base);
  const item = rig.commit({ ...attributes, f: 'item\n' }, base);
  const clone = join(rig.folder, '../clone');
  rig.git(['clone', '-q', rig.folder, clone]);
  mkdirSync(join(rig.folder, '../home/.config/git'), { recursive: true });
  writeFileSync(join(rig.folder, '../home/.config/git/attributes'), '* merge=ours\n');
  writeFileSync(join(rig.folder, '../home/.gitconfig'), '[merge "ours"]\n driver = true\n[merge]\n default = ours\n');
  writeFileSync(join(clone, '.gitattributes'), '* merge=ours\n');
  rig.git(['-C', clone, 'config', 'merge.ours.driver', 'true']);
  rig.git(['-C', clone, 'fetch', '-q', 'origin', base, main, item]);
  const ofClone = new GitTrees({ folder: join(clone, '.git'), env: rig.env });
  try {
    for (const trees of [rig.trees, ofClone])
      expect((await trees.merge(base, main, item)).conflicts.map(({ path }) => path)).toEqual(['f']);
  } finally {
    await ofClone.close();
  }
});

it('git that cannot say is a failure, never an empty answer', async () => {
  const commit = rig.commit({ f: 'x\n' });
  const nowhere = '1'.repeat(40);
  await expect(rig.trees.tree(nowhere)).rejects.toThrow(GitFailure);
  await expect(rig.trees.changes(commit, nowhere)).rejects.toThrow(GitFailure);
  await expect(rig.trees.readPaths(nowhere, ['f'], 100)).rejects.toThrow(GitFailure);
  await expect(rig.trees.list(nowhere, '')).rejects.toThrow(GitFailure);
  await expect(rig.trees.merge(commit, commit, nowhere)).rejects.toThrow(GitFailure);
  await expect(rig.trees.mergeBases(commit, nowhere)).rejects.toThrow(GitFailure);
  const elsewhere = new GitTrees({ folder: join(rig.folder, '../home'), env: rig.env });
  await expect(elsewhere.readPaths(commit, ['f'], 100)).rejects.toThrow(GitFailure);
  await elsewhere.close();
});

it('after close or abort no question is answered', async () => {
  const controller = new AbortController();
  const trees = new GitTrees({ folder: rig.folder, env: rig.env, signal: controller.signal });
  const commit = rig.commit({ f: 'x\n' });
  await trees.readPaths(commit, ['f'], 100);
  const asked = trees.readPaths(commit, ['f'], 100);
  const answer = expect(asked).rejects.toThrow(GitFailure);
  controller.abort();
  await answer;
  await expect(trees.tree(commit)).rejects.toThrow(GitFailure);
});
