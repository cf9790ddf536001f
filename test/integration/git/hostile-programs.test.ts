import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository, plantHostilePrograms } from './repository-fixture';

test('no hook and no other program of the repository ever runs', async () => {
  const repository = makeRepository();
  const origin = join(repository.folder, 'origin.git');
  repository.git(['clone', '-q', '--bare', '.', origin]);
  repository.git(['remote', 'add', 'origin', origin]);
  const git = await repository.open();
  const ran = plantHostilePrograms(repository);
  const tree = join(repository.folder, 'tree');
  const base = repository.git(['rev-parse', 'main']);

  await git.addWorktree(tree, 'feature', base);
  const head = await git.commitFile(tree, 'docs/report.md', 'text', 'report', base);
  await git.worktree(tree);
  await git.worktree(repository.root);
  await git.treeWithout(head, 'docs');
  await git.containsChanges('main', base, head, 'none');
  await git.fetchBase('origin', 'main');
  expect(existsSync(ran)).toBe(false);

  // The traps work: git by itself runs them.
  repository.git(['-c', 'commit.gpgSign=false', 'commit', '-q', '--allow-empty', '-m', 'by hand'], { cwd: tree });
  repository.git(['status']);
  expect(readFileSync(ran, 'utf8')).toMatch(/pre-commit[\s\S]*fsmonitor/);
});
