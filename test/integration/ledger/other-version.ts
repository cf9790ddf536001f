import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import type { VersionResult, VersionTask } from './one-shot';

type Change = readonly [from: RegExp, to: string];

const tables = (list: string): Change => [/= \[firstTables, archives, merge\];/, `= [${list}];`];
const STRANGERS = 'CREATE TABLE strangers (id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL) WITHOUT ROWID;';

export type VersionName = 'older' | 'newer' | 'newer-format';
/** What makes the present source that of another version. */
const VERSIONS: Record<VersionName, Change[]> = {
  /** The first tables alone. */
  older: [tables('firstTables')],
  /** One more table and one more column. */
  newer: [
    tables(
      `firstTables, archives, merge, { number: 99, sql: '${STRANGERS} ALTER TABLE items ADD COLUMN colour TEXT;' }`,
    ),
  ],
  /** A format of the lines that still reads the present one. */
  'newer-format': [
    [/FORMAT_VERSION = 1;/, 'FORMAT_VERSION: number = 2;'],
    [/!== FORMAT_VERSION/g, '> FORMAT_VERSION'],
  ],
};

/** A program of another version, as a process that does its task and ends. */
export class OtherVersion {
  private constructor(private readonly script: string) {}

  /** Bundles it into the folder. @throws if the source no longer has the places that make a version */
  static async build(folder: string, name: VersionName): Promise<OtherVersion> {
    const outfile = join(folder, `${name}.cjs`);
    const found = new Set<Change>();
    const entryPoints = [join(import.meta.dirname, 'one-shot.ts')];
    const plugins = [changing(VERSIONS[name], found)];
    await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile, plugins, logLevel: 'error' });
    const lacking = VERSIONS[name].filter((change) => !found.has(change));
    if (lacking.length > 0) throw new Error(`not found in the source: ${lacking.map(([from]) => from).join(', ')}`);
    return new OtherVersion(outfile);
  }

  /** Waits for its end without letting anything else run: in the middle of another writer's step, too. */
  run(task: VersionTask): VersionResult {
    const output = execFileSync(process.execPath, [this.script, JSON.stringify(task)], { timeout: 60_000 });
    return JSON.parse(output.toString()) as VersionResult;
  }
}

function changing(changes: readonly Change[], found: Set<Change>): Plugin {
  return {
    name: 'version',
    setup: (bundle) =>
      void bundle.onLoad({ filter: /extension[\\/]ledger[\\/].*\.ts$/ }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const change of changes) {
          const [from, to] = change;
          const changed = contents.replace(from, to);
          if (changed !== contents) found.add(change);
          contents = changed;
        }
        return { contents, loader: 'ts' };
      }),
  };
}
