import { readdirSync, statSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { root } from '../setup/step.mjs';
import { report } from './figure';

const EXTENSION_LIMIT_KB = 150;

const dist = join(root, 'dist');
const kilobytes = (path: string) => statSync(path).size / 1024;

/** A stand-in that answers every question about itself with itself: loading the extension asks for base classes and constants. */
const anything: unknown = new Proxy(class {}, {
  get: (target, key) => (key in target ? Reflect.get(target, key) : anything),
});

/** The files that are read when VS Code loads the extension, seen by loading it: the parts that it fetches later are not among them. */
function loadedAtStart(entry: string): string[] {
  const require = createRequire(entry);
  const modules = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
  const load = modules._load;
  modules._load = (request, ...rest) => (request === 'vscode' ? anything : load.call(Module, request, ...rest));
  try {
    require(entry);
  } finally {
    modules._load = load;
  }
  return Object.keys(require.cache).filter((path) => dirname(path) === dist);
}

const atStart = loadedAtStart(join(dist, 'extension.js'));
const sum = (paths: readonly string[]) => paths.reduce((total, path) => total + kilobytes(path), 0);

report({
  name: `extension, ${atStart.length} files read at start`,
  value: sum(atStart),
  unit: 'KB',
  limit: EXTENSION_LIMIT_KB,
});
const files = [...readdirSync(dist).map((name) => join(dist, name)), join(dist, 'webview', 'report.js')];
for (const path of files.filter((name) => /\.(js|wasm)$/.test(name))) {
  const when = atStart.includes(path) ? 'at start' : '';
  console.log(`  ${basename(path).padEnd(42)} ${kilobytes(path).toFixed(1).padStart(9)} KB    ${when}`);
}
