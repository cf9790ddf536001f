import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foreignEnvironment, quietly, step } from '../setup/step.mjs';

const here = dirname(fileURLToPath(import.meta.url));
/** Where VS Code's own server lies in the package `code-server`. */
export const serverFolder = join(here, 'node_modules', 'code-server', 'lib', 'vscode');
const stamp = join(here, 'node_modules', '.installed');

/** The packages of the server itself: its own lock file lacks one entry, so that `npm ci` refuses it. This one is complete. */
const serverLock = join(here, 'server-lock.json');

function wantedStamp() {
  const hash = createHash('sha256');
  for (const file of [join(here, 'package-lock.json'), serverLock]) hash.update(readFileSync(file));
  return hash.digest('hex');
}

/**
 * Installs VS Code's server into test/vscode/node_modules, unless it is there already. No install script runs: they would
 * need a compiler and what they build is not needed. The stamp is written last: an interrupted install starts over.
 */
export async function ensureVsCode() {
  const wanted = wantedStamp();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const remedy = 'Remove test/vscode/node_modules and start again; the npm registry must be reachable.';
  const options = { env: foreignEnvironment(), remedy };
  await step('Installing VS Code for the tests (npm, about 600 MB on disk)', async () => {
    rmSync(stamp, { force: true });
    await quietly('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { ...options, cwd: here });
    cpSync(serverLock, join(serverFolder, 'npm-shrinkwrap.json'));
    await quietly('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
      ...options,
      cwd: serverFolder,
    });
    writeFileSync(stamp, wanted);
  });
}
