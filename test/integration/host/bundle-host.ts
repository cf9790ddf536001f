import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, '.tmp', 'test-host');
/** A bundle that no test can be using any more. */
const OLD_MS = 60 * 60 * 1000;
let built: Promise<string> | undefined;

/** The runner host as one plain file for Node, as `esbuild.mjs` bundles it; the same sources give the same file. */
export function bundleHost(): Promise<string> {
  built ??= make();
  return built;
}

async function make(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['runner-host/main.ts'],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const name = `runner-host-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}.js`;
  mkdirSync(folder, { recursive: true });
  for (const other of readdirSync(folder)) {
    const age = Date.now() - (statSync(join(folder, other), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (other !== name && age > OLD_MS) rmSync(join(folder, other), { force: true });
  }
  const file = join(folder, name);
  if (!existsSync(file)) {
    writeFileSync(`${file}.${process.pid}`, contents);
    renameSync(`${file}.${process.pid}`, file);
  }
  return file;
}
