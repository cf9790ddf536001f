import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { expect } from 'vitest';
import { openProcessTable } from '../../../runner-host/processes/own-identity';
import type { MergeItem, MergeRunSpec } from '../../../runner-host/protocol/merge';
import type { Rig } from '../../integration/merge/merge-rig';
import { quickCommits } from '../../integration/rig/quick-commit';
import type { DriverTask } from './driver';

const table = openProcessTable();

/** Bundles the driver into the folder; the gate's source is TypeScript. */
export async function bundleDriver(folder: string): Promise<string> {
  const outfile = join(folder, 'driver.cjs');
  const entry = join(import.meta.dirname, 'driver.ts');
  await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    define: { 'import.meta.url': 'importMetaUrl' },
  });
  return outfile;
}

/** Items of one small file each, on branches from main as it is now, which are on the remote too. */
export function makeItems(rig: Rig, count: number, prefix = 'I'): MergeItem[] {
  const fork = rig.git('rev-parse', 'origin/main');
  const ids = Array.from({ length: count }, (_, n) => `${prefix}-${n + 1}`);
  const commits = ids.map((id) => {
    return { ref: `refs/heads/${id}`, parent: fork, message: id, files: { [`${id}.txt`]: `work of ${id}\n` } };
  });
  const heads = quickCommits(join(rig.root, '.git'), rig.env, commits);
  rig.git('push', '-q', 'origin', ...ids.map((id) => `refs/heads/${id}`));
  return ids.map((item, n) => {
    return { item, title: '', branch: item, head: heads[n] ?? '', fork, anchors: [], waivers: [] };
  });
}

/** Driver processes on one clone, which are killed and started again until every item has landed. */
export class GateCrew {
  readonly rig: Rig;
  readonly #script: string;
  readonly #task: Omit<DriverTask, 'dieAt'>;
  kills = 0;
  staleServerLocks = 0;
  #tasks = 0;

  constructor(rig: Rig, script: string, specs: MergeRunSpec[]) {
    this.rig = rig;
    this.#script = script;
    const name = rig.root.split('/').at(-1) ?? '';
    this.#task = {
      folder: join(rig.root, '.git', 'interlock', 'merge'),
      env: { PATH: process.env['PATH'] ?? '', HOME: join(rig.folder, 'home') },
      specs,
      results: join(rig.folder, `results-${name}`),
      tests: join(rig.folder, `tests-${name}`),
    };
  }

  /** Items that the drivers called landed, and how. */
  landed(): { item: string; outcome: string; receipt: string | undefined }[] {
    return lines(this.#task.results).map((line) => {
      const { item, outcome } = JSON.parse(line) as { item: string; outcome: { outcome: string; receipt?: string } };
      return { item, outcome: outcome.outcome, receipt: outcome.receipt };
    });
  }

  testedTrees(): string[] {
    return lines(this.#task.tests);
  }

  /**
   * Runs one driver to its end, or to its death: at a point, or a moment after it has passed so many of them (by what was done and not by
   * the clock alone, so that a slow machine comes as far). Returns its exit code, null if it was killed.
   */
  async round(dieAt: DriverTask['dieAt'], killAfter: number | null): Promise<number | null> {
    const file = join(this.rig.folder, `task-${this.#task.results.split('-').at(-1)}-${(this.#tasks += 1)}`);
    writeFileSync(file, JSON.stringify({ ...this.#task, dieAt }));
    const child = spawn(process.execPath, [this.#script, file], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    let passed = 0;
    child.stdout.on('data', (points: Buffer) => {
      const before = passed;
      passed += points.length;
      if (killAfter !== null && before < killAfter && passed >= killAfter)
        setTimeout(() => killTree(child, Math.random() < 0.6), Math.random() * 60);
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code === null) this.kills += 1;
    if (code === 3) this.#actAsAdministrator();
    if (code !== null && code !== 0 && code !== 3) throw new Error(`the driver ended with ${code}: ${said}`);
    return code;
  }

  /** A killed receive-pack leaves its lock on the server: somebody has to remove it there. */
  #actAsAdministrator(): void {
    for (const lock of locksIn(this.rig.origin)) {
      this.staleServerLocks += 1;
      rmSync(lock, { force: true });
    }
  }
}

/** Kills the driver, and now and then what it has running, git and the server's end included. */
function killTree(child: ChildProcess, all: boolean): void {
  const pids = all ? descendants(child.pid ?? 0) : [];
  child.kill('SIGKILL');
  for (const { pid, startTime } of pids) {
    if (table.read(pid)?.startTime !== startTime) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

function descendants(of: number): { pid: number; startTime: string }[] {
  const entries = table.list() ?? [];
  const found = new Set([of]);
  // Children have higher numbers nearly always; the second pass finds those that do not.
  for (let pass = 0; pass < 3; pass++) for (const { pid, parent } of entries) if (found.has(parent)) found.add(pid);
  return entries.filter(({ pid }) => pid !== of && found.has(pid));
}

function locksIn(origin: string): string[] {
  const found: string[] = [];
  const look = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'objects') look(join(path, entry.name));
      else if (entry.name.endsWith('.lock')) found.push(join(path, entry.name));
    }
  };
  look(origin);
  return found;
}

function lines(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

/**
 * Every item is in main exactly once, its branch is gone from the remote, and main stood on nothing but what was tested: once for each landing, of one
 * item or of a batch. The origin's own reflog tells, from `keepLog` on.
 */
export function expectLandedOnce(rig: Rig, specs: readonly MergeRunSpec[], tested: readonly string[]): void {
  const log = rig.at(rig.origin, 'log', '--first-parent', '--format=%H %T %P', 'main').split('\n');
  const commits = log.map((line) => line.split(' '));
  const heads = commits.flatMap(([, , , head]) => head ?? []);
  expect(heads.sort()).toEqual(specs.flatMap(({ items }) => items.map(({ head }) => head)).sort());
  const treeOf = new Map(commits.map(([commit = '', tree = '']) => [commit, tree]));
  const stood = new Set(lines(logOf(rig)).map((line) => line.split(' ')[1] ?? ''));
  expect(stood.size).toBe(specs.length);
  const trees = new Set(tested);
  expect([...stood].filter((commit) => !trees.has(treeOf.get(commit) ?? ''))).toEqual([]);
  expect(rig.at(rig.origin, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
}

/** From now on the origin writes down where main stands. */
export function keepLog(rig: Rig): void {
  mkdirSync(dirname(logOf(rig)), { recursive: true });
  writeFileSync(logOf(rig), '');
}

const logOf = ({ origin }: Rig): string => join(origin, 'logs', 'refs', 'heads', 'main');
