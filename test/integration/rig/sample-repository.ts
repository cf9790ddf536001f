import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { git } from './git';
import { quickCommits } from './quick-commit';
import { makeQuickFolder } from './quick-folder';

/** What the fixture suite does in a worktree; see test/fixtures/suite.mjs. */
export interface SuitePlan {
  passed?: number;
  failed?: number;
  skipped?: number;
  exit?: number;
  report?: boolean;
  sleepMs?: number;
  /** An absolute path: the suite goes on once there is something. */
  waitFor?: string;
  /** So many tests fail in the run that makes the marker, an absolute path. */
  once?: number;
  marker?: string;
  write?: string;
  cut?: number;
}

export interface SampleRepository {
  root: string;
  origin: string;
  worktree(id: string): string;
  /** Commits another plan on the item's branch, in its worktree. */
  plan(id: string, plan: SuitePlan): void;
  remove(): void;
}

export const SAMPLE_CONFIG = {
  base: 'main',
  remote: 'origin',
  stages: ['development', 'testing', 'merge', 'done'],
  test: {
    command: ['node', 'suite.mjs'],
    timeout: '60s',
    grace: '1s',
    report: { format: 'junit', path: 'report.xml' },
  },
};

/** A clone with a bare origin, `interlock.json` and the fixture suite (3 passing tests) on main. */
export function sampleRepository(config: object = SAMPLE_CONFIG): SampleRepository {
  const folder = makeQuickFolder('interlock sample ');
  const origin = join(folder, 'origin.git');
  const root = join(folder, 'sample');
  git(folder, 'init', '--bare', '--quiet', origin);
  const files = {
    'suite.mjs': readFileSync(join(import.meta.dirname, '../../fixtures/suite.mjs'), 'utf8'),
    'suite.json': JSON.stringify({ passed: 3 }),
    '.gitignore': 'report.xml\n',
    'interlock.json': JSON.stringify(config, null, 2),
  };
  quickCommits(origin, process.env, [{ ref: 'refs/heads/main', parent: null, message: 'chore: sample', files }]);
  git(folder, 'clone', '--quiet', origin, root);
  const worktree = (id: string): string => join(folder, 'sample.worktrees', id);
  return {
    root,
    origin,
    worktree,
    plan(id, plan) {
      writeFileSync(join(worktree(id), 'suite.json'), JSON.stringify(plan));
      git(worktree(id), 'commit', '--quiet', '-am', 'test: another plan');
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Commits a file in a folder, making its parents. */
export function commitFile(folder: string, path: string, text: string, message = 'chore: a file'): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  git(folder, 'add', '--', path);
  git(folder, 'commit', '--quiet', '-m', message);
}
