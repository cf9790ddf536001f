import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { InitSqlJsStatic, SqlJsStatic } from 'sql.js';

/**
 * Loads sql.js on first use from a folder that holds `sql-wasm.js` and `sql-wasm.wasm`: dist/ in the product, the package's own
 * dist/ in tests. It stays out of the bundle, which is read at every start.
 */
export async function loadSqlJs(folder: string): Promise<SqlJsStatic> {
  const script = join(folder, 'sql-wasm.js');
  const init: unknown = createRequire(script)(script);
  if (!isInit(init)) throw new Error(`${script} is not sql.js`);
  const wasm = await readFile(join(folder, 'sql-wasm.wasm'));
  return init({ wasmBinary: new Uint8Array(wasm).buffer });
}

function isInit(value: unknown): value is InitSqlJsStatic {
  return typeof value === 'function';
}
