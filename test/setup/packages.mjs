import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { foreignEnvironment, quietly, root, step } from './step.mjs';

/** Node as the lockfile fixes it; the system's one may be older than what the project needs. */
export const projectNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * The packages of `folder`/package-lock.json that are not installed as the lockfile says.
 * npm writes node_modules/.package-lock.json at the very end, so an interrupted install counts as none.
 */
export function missingPackages(folder) {
  const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {});
  const wanted = read(join(folder, 'package-lock.json'));
  const present = read(join(folder, 'node_modules', '.package-lock.json'));
  return Object.keys(wanted).filter(
    (path) => path !== '' && !wanted[path].optional && present[path]?.integrity !== wanted[path].integrity,
  );
}

/** Installs the packages of the lockfile unless they are there already. */
export async function ensurePackages() {
  if (missingPackages(root).length === 0 && existsSync(projectNode)) return;
  await step('Installing the packages of package-lock.json (npm ci)', () =>
    quietly('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: root,
      env: foreignEnvironment(),
      remedy: 'Look at the lines above, then run `npm ci` yourself and start again.',
    }),
  );
  if (!existsSync(projectNode)) await installNode();
}

/** npm leaves the `node` package without its program where install scripts are switched off. */
async function installNode() {
  await step('Installing Node.js from its npm package', () =>
    quietly('npm', ['rebuild', 'node', '--ignore-scripts=false'], {
      cwd: root,
      env: foreignEnvironment(),
      remedy: 'The package `node` needs its install script: run `npm rebuild node --ignore-scripts=false`.',
    }),
  );
}
