import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import type { MergeContext } from '../../../runner-host/merge/merge-context';
import { runMerge } from '../../../runner-host/merge/run-merge';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import type { MergeCommand, MergedItem, MergeItem, MergeRunSpec } from '../../../runner-host/protocol/merge';
import type { MergeOutcome, MergeOutcomeName } from '../../../runner-host/protocol/merge-outcome';
import { MergeRunResult } from '../../../runner-host/protocol/merge';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { quickCommits, readRef } from '../rig/quick-commit';
import { makeQuickFolder } from '../rig/quick-folder';
import { standInRun } from './stand-in';

export const GREEN = 'true';
const table = openProcessTable();
/** What git does of itself every now and then. */
const NO_MAINTENANCE = '[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n[receive]\n\tautogc = false\n';

export interface Rig {
  folder: string;
  /** The user's clone, with `side` checked out. */
  root: string;
  origin: string;
  env: NodeJS.ProcessEnv;
  /** What the gate had run, in order: commit and command. */
  ran: { commit: string; command: string }[];
  git(...args: string[]): string;
  at(folder: string, ...args: string[]): string;
  /** Commits files onto a branch, not a checked out one, that begins at `from` (default: origin/main) if it is new. Null: the file is removed. */
  commit(branch: string, files: Record<string, string | null>, from?: string): string;
  /** Commits onto the origin's main, as another person would. The clone does not know of it yet. */
  main(files: Record<string, string | null>): string;
  /** A work item whose branch adds the files. */
  item(id: string, files: Record<string, string | null>, more?: Partial<MergeItem>): MergeItem;
  /** The commit of a branch on the remote, null if it is not there. */
  remote(branch?: string): string | null;
  spec(items: MergeItem | MergeItem[], more?: Partial<MergeRunSpec>): MergeRunSpec;
  context(more?: Partial<MergeContext>): MergeContext;
  run(spec: MergeRunSpec, more?: Partial<MergeContext>): Promise<MergedItem[]>;
  /** Runs the gate for one item and returns what became of it. */
  land(items: MergeItem, spec?: Partial<MergeRunSpec>, context?: Partial<MergeContext>): Promise<MergedItem>;
  hook(repository: string, name: string, script: string): void;
  /** What a gate may leave in its folder: mirror, lock and journals, nothing else. */
  leftovers(): string[];
}

export function command(text: MergeCommand['command'], more: Partial<MergeCommand> = {}): MergeCommand {
  return { command: text, cwd: '.', timeoutMs: 20_000, graceMs: 300, env: {}, passEnv: [], report: null, ...more };
}

export function newRun(): string {
  return `r${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`;
}

let template: string | undefined;
afterAll(() => {
  if (template !== undefined) rmSync(template, { recursive: true, force: true });
});

/** Made once by git, then copied: a test needs a repository at once, not twelve processes. */
function makeTemplate(): string {
  const folder = makeQuickFolder('interlock merge template-');
  mkdirSync(join(folder, 'home'));
  const rig = rigIn(folder, join(folder, 'clone'));
  rig.at(folder, 'init', '-q', '--bare', '--template=', rig.origin);
  rig.at(folder, 'clone', '-q', '--template=', rig.origin, rig.root);
  rig.git('config', 'remote.origin.url', '../origin.git');
  for (const gitDir of [rig.origin, join(rig.root, '.git')]) appendFileSync(join(gitDir, 'config'), NO_MAINTENANCE);
  mkdirSync(join(rig.root, '.git', 'info'), { recursive: true });
  writeFileSync(join(rig.root, 'readme.md'), 'first\n');
  rig.git('add', '.');
  rig.git('commit', '-q', '-m', 'first');
  rig.git('push', '-q', 'origin', 'main');
  rig.git('switch', '-q', '-c', 'side');
  return folder;
}

/** A bare origin and a clone of it with one commit on main; removed when the test ends. */
export function makeRig(): Rig {
  template ??= makeTemplate();
  const folder = makeQuickFolder('interlock merge-');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  cpSync(template, folder, { recursive: true });
  return rigIn(folder, join(folder, 'clone'));
}

/** Another clone of the same origin, with a state folder of its own. */
export function anotherClone({ folder, origin }: Rig, name: string): Rig {
  const rig = rigIn(folder, join(folder, name));
  rig.at(folder, 'clone', '-q', origin, rig.root);
  rig.git('switch', '-q', '-c', 'side');
  return rig;
}

export function rigIn(folder: string, root: string): Rig {
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'home') };
  const at: Rig['at'] = (cwd, ...args) =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', '-c', 'init.defaultBranch=main', ...args],
      {
        cwd,
        env,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    ).trim();
  const rig: Rig = {
    folder,
    root,
    origin: join(folder, 'origin.git'),
    env,
    ran: [],
    git: (...args) => at(root, ...args),
    at,
    commit(branch, files, from = 'origin/main') {
      const gitDir = join(root, '.git');
      const ref = `refs/heads/${branch}`;
      if (readFileSync(join(gitDir, 'HEAD'), 'utf8').trim() === `ref: ${ref}`)
        throw new Error(`${branch} is checked out: its files would not follow`);
      const parent = readRef(gitDir, ref) ?? readRef(gitDir, `refs/remotes/${from}`) ?? from;
      return quickCommits(gitDir, env, [{ ref, parent, message: `work on ${branch}`, files }])[0] ?? '';
    },
    main(files) {
      const parent = rig.remote() ?? '';
      const commit = { ref: 'refs/heads/main', parent, message: 'work on main', files };
      return quickCommits(rig.origin, env, [commit])[0] ?? '';
    },
    item(id, files, more = {}) {
      const fork = rig.remote() ?? '';
      if (readRef(join(root, '.git'), 'refs/remotes/origin/main') !== fork) rig.git('fetch', '-q', 'origin');
      const head = rig.commit(id, files);
      return { item: id, title: `title of ${id}`, branch: id, head, fork, anchors: [], waivers: [], ...more };
    },
    remote: (branch = 'main') => readRef(rig.origin, `refs/heads/${branch}`),
    spec(items, more = {}) {
      const list = Array.isArray(items) ? items : [items];
      return {
        kind: 'merge',
        run: newRun(),
        item: list[0]?.item ?? '',
        repository: root,
        remote: 'origin',
        base: 'main',
        items: list,
        style: 'merge',
        test: command(GREEN),
        testKey: 'key',
        proven: [],
        testsIgnoreHistory: false,
        redOnBase: false,
        packagesFrom: null,
        security: null,
        coverage: null,
        numbered: [],
        reserved: [],
        generated: [],
        changelog: null,
        submodules: 'refuse',
        moves: 6,
        receipt: false,
        cleanup: { remoteBranch: true, localBranch: false, worktrees: false },
        ...more,
      };
    },
    context: (more = {}) => ({
      folder: join(root, '.git', 'interlock', 'merge'),
      me: ownIdentity(table),
      table,
      env,
      log: () => undefined,
      stop: new AbortController().signal,
      onStep: () => undefined,
      runCommand: (spec: TestRunSpec) => {
        rig.ran.push({ commit: spec.head, command: String(spec.command) });
        return standInRun(spec, env);
      },
      ...more,
    }),
    async run(spec, more) {
      const result = MergeRunResult.parse(await runMerge(spec, rig.context(more)));
      if (result.status !== 'gate-ended') throw new Error(`the gate ended as ${result.cause}`);
      return result.items;
    },
    async land(item, spec, context) {
      const [only] = await rig.run(rig.spec(item, spec), context);
      if (only === undefined) throw new Error('no result for the item');
      return only;
    },
    hook(repository, name, script) {
      mkdirSync(join(repository, 'hooks'), { recursive: true });
      writeFileSync(join(repository, 'hooks', name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(repository, 'hooks', name), 0o755);
    },
    leftovers() {
      const gate = join(root, '.git', 'interlock', 'merge');
      const list = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);
      const extra = list(gate).filter(
        (name) => !['mirror.git', 'lock', 'items', 'worktrees', 'receipts'].includes(name),
      );
      const locks = list(join(gate, 'mirror.git')).filter((name) => name.endsWith('.lock'));
      const pending = list(join(gate, 'receipts'));
      return [
        ...extra,
        ...locks,
        ...pending,
        ...list(join(gate, 'worktrees')),
        ...list(join(gate, 'mirror.git', 'worktrees')),
      ];
    },
  };
  return rig;
}

/** The outcome, which must have this name. */
export function outcomeAs<N extends MergeOutcomeName>(
  item: MergedItem,
  name: N,
): Extract<MergeOutcome, { outcome: N }> {
  if (item.outcome.outcome !== name) throw new Error(`${item.item}: ${JSON.stringify(item.outcome, null, 1)}`);
  return item.outcome as Extract<MergeOutcome, { outcome: N }>;
}
