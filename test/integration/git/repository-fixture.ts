import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { createGit, type RepositoryGit } from '../../../extension/git/create-git';
import { openRepository } from '../../../extension/git/open-repository';
import { makeQuickFolder } from '../rig/quick-folder';

/** A temporary folder with an empty home, so that nobody's own git configuration takes part. Removed when the test ends. */
export function makeFolder(): { folder: string; env: NodeJS.ProcessEnv } {
  const folder = makeQuickFolder('interlock git-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, 'home');
  mkdirSync(home);
  return { folder, env: { PATH: process.env.PATH, HOME: home } };
}

export interface TestRepository {
  /** Holds the repository and what is made beside it. */
  folder: string;
  root: string;
  env: NodeJS.ProcessEnv;
  /** Runs git for real, without the adapter; returns stdout without its trailing newline. */
  git(args: readonly string[], options?: { cwd?: string; input?: string }): string;
  write(path: string, text: string | Buffer, cwd?: string): void;
  /** Commits everything. Returns the commit. */
  commit(message: string, cwd?: string): string;
  open(lockWaitMs?: number): Promise<RepositoryGit>;
}

let template: string | undefined;
afterAll(() => {
  if (template !== undefined) rmSync(template, { recursive: true, force: true });
});

/** Made once by git, then copied: a test needs a repository at once, not seven processes. */
function makeTemplate(env: NodeJS.ProcessEnv): string {
  const root = makeQuickFolder('interlock git template-');
  const git = (...args: string[]): void => void execFileSync('git', args, { cwd: root, env, stdio: 'pipe' });
  git('init', '-q', '-b', 'main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.com');
  writeFileSync(join(root, 'readme.md'), 'first\n');
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'first');
  return root;
}

/** A repository with one commit on `main` and a user. */
export function makeRepository(name = 'a project'): TestRepository {
  const { folder, env } = makeFolder();
  const root = join(folder, name);
  const git: TestRepository['git'] = (args, options = {}) =>
    execFileSync('git', args, {
      cwd: options.cwd ?? root,
      env,
      input: options.input ?? '',
      encoding: 'utf8',
      stdio: 'pipe',
    }).replace(/\n$/, '');
  const write: TestRepository['write'] = (path, text, cwd = root) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), text);
  };
  const commit: TestRepository['commit'] = (message, cwd = root) => {
    git(['add', '-A'], { cwd });
    git(['commit', '-q', '--no-verify', '--allow-empty', '-m', message], { cwd });
    return git(['rev-parse', 'HEAD'], { cwd });
  };
  template ??= makeTemplate(env);
  cpSync(template, root, { recursive: true });
  const open: TestRepository['open'] = async (lockWaitMs = 100) =>
    createGit(await openRepository(root, env), { env, lockWaitMs });
  return { folder, root, env, git, write, commit, open };
}

/** Every hook of the repository, and every setting that names a program, writes the file `ran` when it is run. */
export function plantHostilePrograms(repository: TestRepository): string {
  const ran = join(repository.folder, 'ran');
  const script = `#!/bin/sh\necho "$0" >> '${ran}'\n`;
  const hooks = join(repository.root, '.git', 'hooks');
  const names = ['post-checkout', 'pre-commit', 'commit-msg', 'prepare-commit-msg', 'post-commit', 'post-index-change'];
  for (const name of [...names, 'reference-transaction', 'pre-auto-gc', 'post-rewrite', 'fsmonitor', 'gpg']) {
    repository.write(join('.git', 'hooks', name), script);
    execFileSync('chmod', ['+x', join(hooks, name)]);
  }
  // git gives this one to a shell.
  repository.git(['config', 'core.fsmonitor', `'${join(hooks, 'fsmonitor')}'`]);
  repository.git(['config', 'commit.gpgSign', 'true']);
  repository.git(['config', 'gpg.program', join(hooks, 'gpg')]);
  return ran;
}
