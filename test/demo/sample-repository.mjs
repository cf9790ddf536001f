import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sample = join(dirname(fileURLToPath(import.meta.url)), 'sample');

/**
 * The items of the sample: `verdict` is what an honest test run must say of each, `staging` what one on the staging host must,
 * `lands` whether the merge gate takes it to main.
 */
export const SAMPLE_ITEMS = [
  {
    id: 'DEMO-1',
    title: 'Volume discount for orders of ten pieces and more',
    branch: 'feature/DEMO-1-volume-discount',
    commit: 'Give a discount by volume',
    verdict: 'FAIL',
    staging: null,
    lands: false,
  },
  {
    id: 'DEMO-2',
    title: 'Show prices with VAT',
    branch: 'feature/DEMO-2-prices-with-vat',
    commit: 'Add prices with VAT',
    verdict: 'PASS',
    staging: 'PASS',
    lands: true,
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

/** Reads interlock.json, lets `change` make another one of it, and writes that. */
function changeConfig(clone, change) {
  const path = join(clone, 'interlock.json');
  writeFileSync(path, `${JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8'))), null, 2)}\n`);
}

/** The stage deploy-staging on the demo host: `shop-staging` beside the clone stands for the folder on a real one. */
function addStaging(clone, folder) {
  const cwd = join(folder, 'shop-staging');
  cpSync(join(sample, 'staging'), cwd, { recursive: true });
  changeConfig(clone, ({ stages, ...rest }) => ({
    ...rest,
    stages: stages.flatMap((stage) => (stage === 'testing' ? [stage, 'deploy-staging'] : [stage])),
    staging: {
      transport: 'demo',
      command: ['sh', 'staging_check.sh'],
      cwd,
      timeout: '1m',
      report: { format: 'junit', path: 'staging.xml' },
    },
  }));
}

/**
 * Makes `folder` anew: a bare `origin.git` and its clone `shop`, with interlock.json on main and a pushed branch for each item.
 * @param {string} folder
 * @param {{ staging?: boolean, merge?: boolean }} [options] `staging`: with the stage deploy-staging, on the demo host; `merge`: the
 * merge gate lands what comes to it
 * @returns the clone's absolute path
 */
export function createSampleRepository(folder, { staging = false, merge = false } = {}) {
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
  if (staging) addStaging(clone, folder);
  if (merge) changeConfig(clone, (config) => ({ ...config, merge: {} }));
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
