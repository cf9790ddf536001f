import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sample = join(dirname(fileURLToPath(import.meta.url)), 'sample');

/** The items of the sample: `verdict` is what an honest test run must say of each. */
export const SAMPLE_ITEMS = [
  {
    id: 'DEMO-1',
    title: 'Volume discount for orders of ten pieces and more',
    branch: 'feature/DEMO-1-volume-discount',
    commit: 'Give a discount by volume',
    verdict: 'FAIL',
  },
  {
    id: 'DEMO-2',
    title: 'Show prices with VAT',
    branch: 'feature/DEMO-2-prices-with-vat',
    commit: 'Add prices with VAT',
    verdict: 'PASS',
  },
];

/** Runs git apart from the user's own settings, so that hooks, signing or another first branch change nothing. */
function git(cwd, ...args) {
  const settings = ['-c', 'commit.gpgsign=false', '-c', 'core.autocrlf=false', '-c', 'core.hooksPath=/dev/null'];
  return execFileSync('git', [...settings, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function commitAll(clone, message) {
  git(clone, 'add', '--all');
  git(clone, 'commit', '--quiet', '--message', message);
}

/**
 * Makes `folder` anew: a bare `origin.git` and its clone `shop`, with interlock.json on main and a pushed branch for each item.
 * @returns the clone's absolute path
 */
export function createSampleRepository(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const origin = join(folder, 'origin.git');
  const clone = join(folder, 'shop');
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--bare', '--initial-branch=main', '--template=', origin);
  git(folder, 'clone', '--quiet', '--template=', origin, clone);
  git(clone, 'config', 'user.name', 'Interlock Demo');
  git(clone, 'config', 'user.email', 'demo@interlock.invalid');
  git(clone, 'symbolic-ref', 'HEAD', 'refs/heads/main');

  cpSync(join(sample, 'main'), clone, { recursive: true });
  // Kept without its dot in this project, where it would hide the sample's own files.
  renameSync(join(clone, 'gitignore'), join(clone, '.gitignore'));
  commitAll(clone, 'Calculate prices');
  git(clone, 'push', '--quiet', 'origin', 'main');

  for (const { id, branch, commit } of SAMPLE_ITEMS) {
    git(clone, 'switch', '--quiet', '--create', branch, 'main');
    cpSync(join(sample, id), clone, { recursive: true });
    commitAll(clone, commit);
    git(clone, 'push', '--quiet', 'origin', branch);
  }
  git(clone, 'switch', '--quiet', 'main');
  return clone;
}
