import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isMusl } from '../../../runner-host/shim/native-file';

const root = resolve(import.meta.dirname, '../../..');
const built = new Map<string, Promise<string>>();

const { platform, arch } = process;
/** koffi's native part for this machine. */
export const NATIVE = join(
  root,
  ...['node_modules', '@koromix', `koffi-${platform}-${arch}`],
  ...[`${isMusl() ? 'musl' : platform}_${arch}`, 'koffi.node'],
);

/** The shim as one file, made once for each test process as `esbuild.mjs` makes it. */
export function bundleShim(): Promise<string> {
  return once('shim', () => bundle('runner-host/shim/main.ts', 'shim.js', 'cjs'));
}

/** A TypeScript program of the tests as one file for Node. */
export function bundleProgram(path: string): Promise<string> {
  return once(path, () => bundle(path, 'program.mjs', 'esm'));
}

function once(name: string, make: () => Promise<string>): Promise<string> {
  const made = built.get(name) ?? make();
  built.set(name, made);
  return made;
}

/** In a folder named after its content: test processes that run at once share it, and none disturbs another. */
async function bundle(entry: string, name: string, format: 'cjs' | 'esm'): Promise<string> {
  // What is CommonJS inside asks for this.
  const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format,
    banner: format === 'esm' ? { js } : {},
    logLevel: 'error',
  });
  const text = outputFiles.map((file) => file.text).join('');
  const folder = join(root, '.tmp', 'test-shim', createHash('sha256').update(text).digest('hex').slice(0, 16));
  const file = join(folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
  return file;
}
