import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { slugOf } from '../../../runner-host/merge/journal';
import { mergeHandlers, type MergeTools } from '../../../runner-host/merge/merge-handlers';
import type { MergeItem } from '../../../runner-host/protocol/merge';
import { CleanResult, type CleanRequest } from '../../../runner-host/protocol/merge-clean';
import type { CleanTask } from './clean-driver';
import { makeRig, outcomeAs, type Rig } from './merge-rig';

interface Landed {
  rig: Rig;
  item: MergeItem;
  /** The item's worktree. */
  tree: string;
  clean(more?: Partial<CleanRequest>, tools?: Partial<MergeTools>): Promise<CleanResult>;
}

/** An item with a worktree; its branch is merged into main by hand, as it is after any landing by history. */
function onMain(files: Record<string, string> = { 'one.txt': 'one\n' }, merge = true): Landed {
  const rig = makeRig();
  const item = rig.item('DEMO-1', files);
  const tree = join(rig.folder, 'DEMO-1');
  rig.git('worktree', 'add', '-q', tree, 'DEMO-1');
  if (merge) rig.git('push', '-q', 'origin', 'DEMO-1:main');
  return { rig, item, tree, clean: cleaner(rig, item, tree) };
}

function requestFor(rig: Rig, { item, branch, fork }: MergeItem, worktree: string): CleanRequest {
  const where = { repository: rig.root, remote: 'origin', base: 'main' };
  return { ...where, item, branch, worktree, fork, landing: null, generated: [], reports: [], remove: true };
}

function cleaner(rig: Rig, item: MergeItem, tree: string): Landed['clean'] {
  const { folder, me, table, env } = rig.context();
  return async (more = {}, tools = {}) => {
    const request = { ...requestFor(rig, item, tree), ...more };
    const handlers = mergeHandlers({ stateDir: dirname(folder), me, table, env, ...tools });
    return CleanResult.parse(await handlers['merge/clean'](request));
  };
}

const codes = ({ obstacles }: CleanResult): string[] => obstacles.map(({ code }) => code);
const said = ({ obstacles }: CleanResult): string => obstacles.map(({ text }) => text).join('\n');
const branches = (rig: Rig): string => rig.git('branch', '--list', '--format=%(refname:short)', 'DEMO-1');
const backups = (rig: Rig): string => rig.git('for-each-ref', '--format=%(objectname)', 'refs/interlock/backup');

function ignore(rig: Rig, pattern: string): void {
  mkdirSync(join(rig.root, '.git', 'info'), { recursive: true });
  writeFileSync(join(rig.root, '.git', 'info', 'exclude'), `${pattern}\n`);
}

function expectUntouched({ rig, item, tree }: Landed): void {
  expect(rig.at(tree, 'rev-parse', 'HEAD')).toBe(item.head);
  expect(rig.git('rev-parse', 'refs/heads/DEMO-1')).toBe(item.head);
  expect(backups(rig)).toBe('');
}

function expectGone({ rig, item, tree }: Landed): void {
  expect(readdirSync(rig.folder).filter((name) => name.includes('DEMO-1'))).toEqual([]);
  expect(existsSync(tree)).toBe(false);
  expect(rig.git('worktree', 'list', '--porcelain')).not.toContain('DEMO-1');
  expect(branches(rig)).toBe('');
  expect(backups(rig)).toBe(item.head);
}

describe('what is proven to be on base goes', () => {
  test('worktree, branch and private refs; a backup ref keeps the commit and brings everything back', async () => {
    const landed = onMain();
    const { rig, item, tree, clean } = landed;
    writeFileSync(join(rig.root, 'mine.txt'), 'not committed\n');
    const before = rig.git('status', '--porcelain', '-b');
    const result = await clean();
    expect(result).toMatchObject({
      state: 'removed',
      worktree: tree,
      branch: 'DEMO-1',
      head: item.head,
      obstacles: [],
    });
    expect(result.proof).toContain('is in the history of origin/main');
    expectGone(landed);
    expect(rig.git('status', '--porcelain', '-b')).toBe(before);
    const mirror = join(rig.context().folder, 'mirror.git');
    expect(rig.at(mirror, 'for-each-ref', 'refs/interlock/items')).toBe('');
    rig.git('branch', 'DEMO-1', result.backup?.ref ?? '');
    rig.git('worktree', 'add', '-q', tree, 'DEMO-1');
    expect(rig.at(tree, 'rev-parse', 'HEAD')).toBe(item.head);
  });

  test('asked only whether, it names what would go and touches nothing', async () => {
    const landed = onMain();
    mkdirSync(join(landed.tree, 'node_modules', 'left-pad'), { recursive: true });
    writeFileSync(join(landed.tree, 'node_modules', 'left-pad', 'index.js'), '\n');
    ignore(landed.rig, 'node_modules');
    const result = await landed.clean({ remove: false });
    expect(result).toMatchObject({ state: 'removable', worktree: landed.tree, generated: ['node_modules/'] });
    expectUntouched(landed);
    expect(existsSync(join(landed.tree, 'node_modules'))).toBe(true);
  });

  test('a squash: the ledger’s landing and the receipt on the remote agree, whatever came later', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const tree = join(rig.folder, 'DEMO-1');
    rig.git('worktree', 'add', '-q', tree, 'DEMO-1');
    const { commit, tree: landedTree } = outcomeAs(await rig.land(item, { style: 'squash', receipt: true }), 'LANDED');
    rig.main({ 'one.txt': 'overwritten\n' });
    const landing = { commit, tree: landedTree, head: item.head };
    const clean = cleaner(rig, item, tree);
    expect(codes(await clean())).toEqual(['not-on-base']);
    const other = { ...landing, head: item.fork };
    const result = await clean({ landing: other, remove: false });
    expect(result.proof).toContain(`every change of ${item.head.slice(0, 8)} is on ${commit.slice(0, 8)}`);
    const removed = await clean({ landing });
    expect(removed.proof).toContain('the receipt there holds');
    expectGone({ rig, item, tree, clean });
  });

  test('a squash by hand: its changes are on base, but for the reports that the ledger holds', async () => {
    const landed = onMain({ 'one.txt': 'one\n', 'docs/work-items/DEMO-1/13-test-report.md': 'report\n' }, false);
    landed.rig.main({ 'one.txt': 'one\n' });
    expect(codes(await landed.clean())).toEqual(['not-on-base']);
    const result = await landed.clean({ reports: ['docs/work-items/DEMO-1/**'] });
    expect(result.proof).toContain('but its reports');
    expectGone(landed);
  });

  test('nothing is left: nothing is done', async () => {
    const { rig, clean } = onMain();
    await clean();
    const again = await clean();
    expect(again).toMatchObject({ state: 'removed', worktree: null, branch: null, head: null });
    expect(again.backup?.commit).toBe(backups(rig));
  });

  test('a worktree folder that a person has removed', async () => {
    const landed = onMain();
    rmSync(landed.tree, { recursive: true });
    expect((await landed.clean()).state).toBe('removed');
    expectGone(landed);
  });
});

describe('what is not proven stays, all of it', () => {
  test('a commit that is not on base', async () => {
    const landed = onMain();
    writeFileSync(join(landed.tree, 'later.txt'), 'later\n');
    landed.rig.at(landed.tree, 'add', '.');
    landed.rig.at(landed.tree, 'commit', '-q', '-m', 'later');
    landed.item.head = landed.rig.git('rev-parse', 'DEMO-1');
    const result = await landed.clean();
    expect(codes(result)).toEqual(['not-on-base']);
    expect(said(result)).toContain('later.txt');
    expectUntouched(landed);
  });

  test('a base that was rewound', async () => {
    const landed = onMain();
    landed.rig.git('push', '-q', '-f', 'origin', `${landed.item.fork}:main`);
    expect(codes(await landed.clean())).toEqual(['not-on-base']);
    expectUntouched(landed);
  });

  test('commits that change nothing together', async () => {
    const landed = onMain({}, false);
    expect(said(await landed.clean())).toContain('all of them together change nothing');
    expectUntouched(landed);
  });

  test('a remote that can’t be asked', async () => {
    const landed = onMain();
    landed.rig.git('config', 'remote.origin.url', join(landed.rig.folder, 'nowhere.git'));
    const result = await landed.clean();
    expect(codes(result)).toEqual(['not-checked']);
    expectUntouched(landed);
  });

  test.each<[string, string, (landed: Landed) => void, string]>([
    ['an untracked file', 'worktree-changed', ({ tree }) => writeFileSync(join(tree, 'notes.txt'), 'x\n'), 'notes.txt'],
    [
      'an ignored file that no tool makes again',
      'worktree-changed',
      ({ rig, tree }) => {
        ignore(rig, '.env');
        writeFileSync(join(tree, '.env'), 'SECRET=1\n');
      },
      '.env',
    ],
    [
      'an ignored file that was added and not committed',
      'worktree-changed',
      ({ rig, tree }) => {
        ignore(rig, '.env');
        writeFileSync(join(tree, '.env'), 'SECRET=1\n');
        rig.at(tree, 'add', '-f', '.env');
      },
      '.env',
    ],
    [
      'a change that git status does not show',
      'worktree-changed',
      ({ rig, tree }) => {
        rig.at(tree, 'update-index', '--assume-unchanged', 'readme.md');
        writeFileSync(join(tree, 'readme.md'), 'changed\n');
      },
      'readme.md',
    ],
    [
      'a repository in a generated folder',
      'repository-inside',
      ({ rig, tree }) => {
        ignore(rig, 'build');
        rig.at(tree, 'init', '-q', 'build/dependency');
        writeFileSync(join(tree, 'build', 'dependency', 'x'), 'x\n');
      },
      'build/dependency',
    ],
    ['a lock', 'worktree-locked', ({ rig, tree }) => void rig.git('worktree', 'lock', tree), 'is locked'],
    [
      'a rebase that is half done',
      'being-rebased',
      ({ rig, tree }) => {
        const folder = rig.at(tree, 'rev-parse', '--absolute-git-dir');
        mkdirSync(join(folder, 'rebase-merge'));
        writeFileSync(join(folder, 'rebase-merge', 'head-name'), 'refs/heads/DEMO-1\n');
      },
      'is being rebased',
    ],
  ])('%s', async (_what, code, touch, words) => {
    const landed = onMain();
    touch(landed);
    const result = await landed.clean();
    expect(codes(result)).toContain(code);
    expect(said(result)).toContain(words);
    expectUntouched(landed);
  });

  test.each([
    ['whose working directory is there', ['sleep', '60'], (tree: string) => ({ cwd: tree })],
    ['that has a file open there', ['sh', '-c', 'exec sleep 60 < "$0/readme.md"'], () => ({})],
  ])('a process %s', async (_what, [program = '', ...args], options) => {
    const landed = onMain();
    const inside = spawn(program, [...args, ...(program === 'sh' ? [landed.tree] : [])], {
      stdio: 'ignore',
      ...options(landed.tree),
    });
    onTestFinished(() => void inside.kill('SIGKILL'));
    await once(inside, 'spawn');
    let result = await landed.clean({ remove: false });
    // The shell may not have come to its exec yet.
    for (let look = 0; look < 200 && codes(result).length === 0; look++) result = await landed.clean({ remove: false });
    result = await landed.clean();
    expect(codes(result)).toEqual(['process-inside']);
    expect(said(result)).toContain(`process ${inside.pid}`);
    expectUntouched(landed);
  });

  test('a process that comes while the worktree is moved aside: it is moved back', async () => {
    const landed = onMain();
    const children: ReturnType<typeof spawn>[] = [];
    onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')));
    const reach = async (point: string): Promise<void> => {
      if (point !== 'backed-up') return;
      const child = spawn('sleep', ['60'], { cwd: landed.tree, stdio: 'ignore' });
      children.push(child);
      await once(child, 'spawn');
    };
    expect(codes(await landed.clean({}, { reach }))).toEqual(['process-inside']);
    expect(landed.rig.at(landed.tree, 'rev-parse', 'HEAD')).toBe(landed.item.head);
    expect(branches(landed.rig)).toBe('DEMO-1');
  });

  test('a branch that is checked out in the user’s own worktree', async () => {
    const { rig, item, tree, clean } = onMain();
    rig.git('worktree', 'remove', tree);
    rig.git('switch', '-q', 'DEMO-1');
    const result = await clean();
    expect(codes(result)).toEqual(['checked-out-elsewhere']);
    expect(rig.git('rev-parse', 'HEAD')).toBe(item.head);
    expect(rig.git('status', '--porcelain')).toBe('');
    // Nor where the ledger says that this is the item's worktree.
    expect(codes(await clean({ worktree: rig.root }))).toContain('main-worktree');
  });

  test.each<[string, string, (landed: Landed) => void]>([
    [
      'checked out again',
      'checked-out-elsewhere',
      ({ rig }) => void rig.git('worktree', 'add', '-q', join(rig.folder, 'mine'), 'DEMO-1'),
    ],
    [
      'moved on',
      'not-finished',
      ({ rig, item }) => void rig.git('update-ref', 'refs/heads/DEMO-1', item.fork, item.head),
    ],
  ])('a branch that is %s while its worktree is removed', async (_what, code, meanwhile) => {
    const landed = onMain();
    const reach = (point: string): Promise<void> => {
      if (point === 'worktree-removed') meanwhile(landed);
      return Promise.resolve();
    };
    expect(codes(await landed.clean({}, { reach }))).toEqual([code]);
    expect(branches(landed.rig)).toBe('DEMO-1');
    expect(backups(landed.rig)).toBe(landed.item.head);
  });

  test('a worktree that has another branch checked out by now', async () => {
    const { rig, tree, clean } = onMain();
    rig.at(tree, 'switch', '-q', '-c', 'other');
    expect(codes(await clean())).toContain('worktree-elsewhere');
    expect(rig.at(tree, 'branch', '--show-current')).toBe('other');
  });

  test('the base branch itself', async () => {
    const { clean } = onMain();
    expect(codes(await clean({ branch: 'main' }))).toContain('is-base');
  });

  test('while a gate is at work', async () => {
    const landed = onMain();
    let result: CleanResult | undefined;
    const other = landed.rig.item('DEMO-2', { 'two.txt': 'two\n' });
    await landed.rig.land(
      other,
      {},
      {
        reach: async (point) => {
          if (point === 'LAND') result = await landed.clean();
        },
      },
    );
    expect(result && said(result)).toContain('a merge gate is at work');
    expectUntouched(landed);
  });

  test('a folder in the way that no clean-up has left', async () => {
    const landed = onMain();
    const strange = join(landed.rig.folder, '.DEMO-1.interlock-removed');
    mkdirSync(strange);
    writeFileSync(join(strange, 'mine.txt'), 'x\n');
    expect(codes(await landed.clean())).toEqual(['not-finished']);
    expect(existsSync(join(strange, 'mine.txt'))).toBe(true);
    expect(existsSync(join(landed.tree, 'one.txt'))).toBe(true);
  });
});

const POINTS = ['proven', 'backed-up', 'moved-aside', 'off-record', 'half-removed', 'worktree-removed'];
POINTS.push('branch-removed', 'refs-dropped');

describe('killed, a second call finishes; before anything goes there is a backup', () => {
  let driver = '';
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interlock clean-driver-'));
    driver = join(folder, 'driver.cjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'clean-driver.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: driver,
      logLevel: 'error',
      banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
      define: { 'import.meta.url': 'importMetaUrl' },
    });
  });
  afterAll(() => rmSync(dirname(driver), { recursive: true, force: true }));

  test.each(POINTS)('at "%s"', async (point) => {
    const landed = onMain();
    const { rig, item, tree } = landed;
    const { folder, env } = rig.context();
    const request = requestFor(rig, item, tree);
    const path = join(rig.folder, 'task.json');
    writeFileSync(
      path,
      JSON.stringify({
        stateDir: dirname(folder),
        env: env as Record<string, string>,
        request,
        point,
      } satisfies CleanTask),
    );
    const killed = spawnSync(process.execPath, [driver, path], { encoding: 'utf8', timeout: 60_000 });
    expect([killed.signal, killed.stdout]).toEqual(['SIGKILL', '']);
    if (point === 'proven') expectUntouched(landed);
    else expect(backups(rig)).toBe(item.head);
    const again = await landed.clean();
    expect(again.obstacles).toEqual([]);
    expect(again.state).toBe('removed');
    expect(again.backup).toMatchObject({ commit: item.head, ref: expect.stringContaining(slugOf('DEMO-1')) as string });
    expectGone(landed);
  });
});
