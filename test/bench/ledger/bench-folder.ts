import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { root } from '../../setup/step.mjs';
import { runToEnd } from './run-worker';
import type { StoreName, StoreSettings } from './store';

/** The folder that everything of a measurement lies in, on the disk of the repository: a temporary folder may be memory. */
export class BenchFolder {
  readonly path = join(root, '.tmp', 'bench', `ledger-${process.pid}`);
  readonly worker = join(this.path, 'worker.cjs');
  lineBytes = 1;
  private readonly seeds = new Map<string, { path: string; bytes: number }>();
  private copies = 0;

  /** Makes the folder and bundles the worker, so that no process of a measurement carries a compiler. */
  async prepare(): Promise<void> {
    mkdirSync(this.path, { recursive: true });
    await build({
      entryPoints: [join(import.meta.dirname, 'worker.ts')],
      outfile: this.worker,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      logLevel: 'warning',
    });
  }

  settings(store: StoreName, directory: string): StoreSettings & { store: StoreName } {
    const sqlJs = dirname(createRequire(import.meta.url).resolve('sql.js'));
    return { store, directory, sqlJs, lineBytes: this.lineBytes };
  }

  /** A folder of its own with that many items in it, and the bytes of its files. */
  async copyOfSeed(store: StoreName, items: number): Promise<{ directory: string; bytes: number }> {
    const kind = store === 'journal' ? store : store.startsWith('raw') ? 'raw' : 'sqlite';
    const name = `seed-${kind}-${items}`;
    const seed = this.seeds.get(name) ?? { path: join(this.path, name), bytes: 0 };
    if (!this.seeds.has(name)) {
      const program = { file: this.worker, env: {} };
      const seeded = await runToEnd(program, { mode: 'seed', items, ...this.settings(store, seed.path) });
      seed.bytes = seeded.kind === 'seeded' ? seeded.bytes : NaN;
      this.seeds.set(name, seed);
    }
    this.copies += 1;
    const directory = join(this.path, `run-${this.copies}`);
    cpSync(seed.path, directory, { recursive: true });
    return { directory, bytes: seed.bytes };
  }

  discard(directory: string): void {
    rmSync(directory, { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Bytes of a folder's files whose names end so. */
export function bytesOf(directory: string, ending: string): number {
  const names = readdirSync(directory).filter((name) => name.endsWith(ending));
  return names.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}
