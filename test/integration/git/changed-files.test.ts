import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs';
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

function commit(change: (root: string) => void): [string, string] {
  const before = git(sample.root, 'rev-parse', 'HEAD');
  change(sample.root);
  git(sample.root, 'add', '-A');
  git(sample.root, 'commit', '--quiet', '-m', 'change');
  return [before, git(sample.root, 'rev-parse', 'HEAD')];
}

it('names every path that differs, with what stands on either side', async () => {
  const [from, to] = commit((root) => {
    mkdirSync(join(root, 'tést dir'));
    writeFileSync(join(root, 'tést dir', 'a\nb"c.py'), 'new\n');
    writeFileSync(join(root, 'suite.json'), '{}');
    rmSync(join(root, '.gitignore'));
  });
  const object = (commitId: string, path: string): string => git(sample.root, 'rev-parse', `${commitId}:${path}`);
  expect(await adapter.changedFiles(from, to)).toEqual([
    { path: '.gitignore', before: object(from, '.gitignore'), after: null },
    { path: 'suite.json', before: object(from, 'suite.json'), after: object(to, 'suite.json') },
    { path: 'tést dir/a\nb"c.py', before: null, after: object(to, 'tést dir/a\nb"c.py') },
  ]);
  expect(await adapter.changedFiles(to, to)).toEqual([]);
});

it('shows a rename as one gone and one new, and a change of kind', async () => {
  const [from, to] = commit((root) => {
    renameSync(join(root, 'suite.mjs'), join(root, 'other.mjs'));
    chmodSync(join(root, 'interlock.json'), 0o755);
    rmSync(join(root, 'suite.json'));
    symlinkSync('interlock.json', join(root, 'suite.json'));
  });
  expect(await adapter.changedFiles(from, to)).toEqual([
    { path: 'interlock.json', before: expect.stringMatching(/^\w+$/), after: expect.stringMatching(/^100755:/) },
    { path: 'other.mjs', before: null, after: expect.any(String) },
    { path: 'suite.json', before: expect.any(String), after: expect.stringMatching(/^120000:/) },
    { path: 'suite.mjs', before: expect.any(String), after: null },
  ]);
});

it('is not steered by the configuration or the attributes of anybody', async () => {
  const [from, to] = commit((root) => {
    writeFileSync(join(root, '.gitattributes'), '* -diff\n');
    renameSync(join(root, 'suite.mjs'), join(root, 'other.mjs'));
  });
  git(sample.root, 'config', 'diff.renames', 'copies');
  git(sample.root, 'config', 'diff.noPrefix', 'true');
  git(sample.root, 'config', 'diff.orderFile', '/nonexistent');
  const paths = (await adapter.changedFiles(from, to)).map(({ path }) => path);
  expect(paths).toEqual(['.gitattributes', 'other.mjs', 'suite.mjs']);
});

it('throws for a commit that is not there', async () => {
  await expect(adapter.changedFiles('a'.repeat(40), 'HEAD')).rejects.toMatchObject({ name: 'GitError' });
});
