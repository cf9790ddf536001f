import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGit, type RepositoryGit } from '../../../extension/git/create-git';
import { openRepository } from '../../../extension/git/open-repository';
import { git } from '../rig/git';
import { sampleRepository, type SampleRepository } from '../rig/sample-repository';

let sample: SampleRepository;
let adapter: RepositoryGit;
beforeEach(async () => {
  sample = sampleRepository();
  adapter = createGit(await openRepository(sample.root));
});
afterEach(() => sample.remove());

it('takes the named paths from the other commit, gone ones too, and the rest from its own', async () => {
  const before = git(sample.root, 'rev-parse', 'HEAD');
  writeFileSync(join(sample.root, 'suite.json'), '{}');
  writeFileSync(join(sample.root, 'nëw "file".txt'), 'new\n', { mode: 0o755 });
  writeFileSync(join(sample.root, 'other.txt'), 'not asked for\n');
  rmSync(join(sample.root, 'suite.mjs'));
  git(sample.root, 'add', '-A');
  git(sample.root, 'commit', '--quiet', '-m', 'change');
  const after = git(sample.root, 'rev-parse', 'HEAD');

  const paths = ['suite.json', 'nëw "file".txt', 'suite.mjs'];
  const mixed = await adapter.mixCommit(before, after, paths);
  const differs = await adapter.changedFiles(before, mixed);
  expect(differs.map(({ path }) => path).sort()).toEqual([...paths].sort());
  expect(await adapter.changedFiles(mixed, after)).toMatchObject([{ path: 'other.txt' }]);
  expect(await adapter.mixCommit(before, after, paths)).toBe(mixed);
  expect(await adapter.mixCommit(after, before, paths)).not.toBe(mixed);
  expect(git(sample.root, 'status', '--porcelain')).toBe('');
  expect(git(sample.root, 'branch', '--contains', mixed)).toBe('');
});

it.each(['../outside', '/etc/passwd', '.git/config', ''])('refuses the path %j', async (path) => {
  await expect(adapter.mixCommit('HEAD', 'HEAD', [path])).rejects.toMatchObject({ name: 'GitError' });
});
