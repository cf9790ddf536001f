import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { isMusl, nativeFileName } from '../../../runner-host/shim/native-file';
import { bundleShim, NATIVE } from '../hostile/bundle-shim';

const root = resolve(import.meta.dirname, '../../..');
const folder = join(root, '.tmp', 'test-host');
/** A bundle that no test can be using any more. */
const OLD_MS = 60 * 60 * 1000;
let built: Promise<string> | undefined;

/** The runner host as `esbuild.mjs` bundles it, with its shim and koffi's native part beside it; the same sources give the same files. */
export function bundleHost(): Promise<string> {
  built ??= make();
  return built;
}

async function make(): Promise<string> {
  const shim = await bundleShim();
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['runner-host/main.ts'],
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    loader: { '.sh': 'text' },
    // The ssh client does without its native parts, as in what is shipped.
    external: ['cpu-features', '*.node'],
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  const contents = outputFiles[0]?.contents ?? new Uint8Array();
  const name = createHash('sha256').update(contents).update(shim).digest('hex').slice(0, 16);
  mkdirSync(folder, { recursive: true });
  for (const other of readdirSync(folder)) {
    const age = Date.now() - (statSync(join(folder, other), { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (other !== name && age > OLD_MS) rmSync(join(folder, other), { recursive: true, force: true });
  }
  const made = join(folder, name);
  if (!existsSync(made)) {
    const fresh = `${made}.${process.pid}`;
    mkdirSync(fresh, { recursive: true });
    copyFileSync(shim, join(fresh, 'shim.js'));
    packNative(join(fresh, `${nativeFileName(process.platform, process.arch, isMusl())}.br`));
    writeFileSync(join(fresh, 'runner-host.js'), contents);
    try {
      renameSync(fresh, made);
    } catch {
      // Another test process was first.
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  return join(made, 'runner-host.js');
}

function packNative(path: string): void {
  if (!existsSync(NATIVE)) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY };
  writeFileSync(path, brotliCompressSync(readFileSync(NATIVE), { params }));
}
