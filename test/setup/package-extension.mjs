import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietly, root, step } from './step.mjs';

const folder = join(root, '.tmp');
/** Where the packaged extension lies: suites and demo install this one. */
export const vsix = join(folder, 'interlock.vsix');
const stamp = join(folder, 'interlock.vsix.inputs');

/** What a package is made of: dist/ by the hash that its build left, and the files beside it. */
const INPUTS = ['dist/.sources', '.vscodeignore', 'package.nls.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];

/** Everything is bundled; the manifest names no public repository that relative links of the README could point into. */
const OPTIONS = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];

function hashInputs() {
  const hash = createHash('sha256');
  for (const path of INPUTS.map((name) => join(root, name))) {
    hash.update('\0').update(existsSync(path) ? readFileSync(path) : 'missing');
  }
  return hash.digest('hex');
}

/** Packs dist/ and its manifest, built before, as they are published; does nothing if that is done already. */
export async function packageExtension() {
  const inputs = hashInputs();
  if (existsSync(vsix) && existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  mkdirSync(folder, { recursive: true });
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Whoever installs the old package meanwhile gets a whole one.
  const fresh = join(folder, `interlock-${process.pid}.vsix`);
  await step('Packaging the extension', () =>
    quietly(process.execPath, [vsce, 'package', ...OPTIONS, '--out', fresh], {
      cwd: root,
      remedy: 'Look at the lines above; `npm run package` repeats it.',
    }),
  );
  renameSync(fresh, vsix);
  writeFileSync(stamp, inputs);
}
