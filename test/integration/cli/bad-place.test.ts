import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { git } from '../rig/git';
import { commitFile, sampleRepository, type SampleRepository } from '../rig/sample-repository';
import { onlyJson } from '../../unit/cli/fake-world';
import { cli, type CliOptions } from './cli-process';

interface Told {
  exit: number | null;
  code: string | undefined;
  message: string;
  remedy: string;
  answer: Record<string, unknown>;
}

async function told(cwd: string, words: string[], options?: CliOptions): Promise<Told> {
  const { exit, out } = await cli(cwd, [...words, '--json'], options);
  const answer = onlyJson(out);
  const error = answer['error'] as { code: string; message: string; remedy: string } | undefined;
  return { exit, code: error?.code, message: error?.message ?? '', remedy: error?.remedy ?? '', answer };
}

describe('a folder that is no place for work items', () => {
  let folder: string;
  beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'interlock nowhere ')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([['list'], ['status'], ['verify'], ['add', 'x'], ['advance', 'X'], ['host', 'status']])(
    'without a repository "%s" ends with 2 and leaves nothing behind',
    async (...words) => {
      const answer = await told(folder, words);
      expect(answer).toMatchObject({ exit: 2, code: 'git-not-a-repository' });
      expect(answer.message).toContain(folder);
      expect(answer.remedy).not.toBe('');
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('without a commit it ends with 2 and says what to do first', async () => {
    git(folder, 'init', '--quiet');
    for (const words of [['list'], ['add', 'x']]) {
      const answer = await told(folder, words);
      expect(answer).toMatchObject({ exit: 2, code: 'git-no-commits' });
      expect(answer.remedy).toContain('first commit');
    }
    expect(existsSync(join(folder, '.git/interlock'))).toBe(false);
  });
});

describe('a repository in a bad state', () => {
  let sample: SampleRepository;
  beforeEach(() => (sample = sampleRepository()));
  afterEach(async () => {
    await cli(sample.root, ['host', 'drain', '--cancel']);
    sample.remove();
  });
  const tell = (...words: string[]) => told(sample.root, words);
  const add = (id: string, ...more: string[]) => tell('add', `Item ${id}`, '--id', id, '--stage', 'testing', ...more);

  test('a detached head of the main worktree is no obstacle', async () => {
    git(sample.root, 'checkout', '--quiet', '--detach');
    expect((await add('DEMO-1')).exit).toBe(0);
    expect((await tell('advance', 'DEMO-1')).exit).toBe(0);
  });

  test('a detached head of the item’s worktree holds the item, and once corrected and released it passes', async () => {
    await add('DEMO-1');
    git(sample.worktree('DEMO-1'), 'checkout', '--quiet', '--detach');
    const held = await tell('advance', 'DEMO-1');
    expect(held).toMatchObject({
      exit: 3,
      answer: { outcome: 'held', verdict: null, reason: { code: 'worktree-elsewhere' } },
    });
    expect(JSON.stringify(held.answer)).toContain('switch work/DEMO-1');
    git(sample.worktree('DEMO-1'), 'switch', '--quiet', 'work/DEMO-1');
    await tell('release', 'DEMO-1');
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
  });

  test('a missing worktree holds the item; its branch is still there and brings it back', async () => {
    await add('DEMO-1');
    sample.plan('DEMO-1', { passed: 5 });
    const tip = git(sample.root, 'rev-parse', 'work/DEMO-1');
    rmSync(sample.worktree('DEMO-1'), { recursive: true });
    const held = await tell('advance', 'DEMO-1');
    expect(held).toMatchObject({ exit: 3, answer: { outcome: 'held', reason: { code: 'worktree-missing' } } });
    expect(git(sample.root, 'rev-parse', 'work/DEMO-1')).toBe(tip);
    git(sample.root, 'worktree', 'prune');
    git(sample.root, 'worktree', 'add', '--quiet', sample.worktree('DEMO-1'), 'work/DEMO-1');
    await tell('release', 'DEMO-1');
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
  });

  test('a branch that is checked out elsewhere is not taken, and no half item is left', async () => {
    const elsewhere = join(dirname(sample.root), 'elsewhere');
    git(sample.root, 'worktree', 'add', '--quiet', '-b', 'busy', elsewhere);
    const refused = await add('DEMO-1', '--branch', 'busy');
    expect(refused).toMatchObject({ exit: 2, code: 'git-branch-checked-out' });
    expect(refused.message).toContain(elsewhere);
    expect((await tell('list')).answer).toEqual({ items: [] });
    expect(existsSync(sample.worktree('DEMO-1'))).toBe(false);
    expect((await add('DEMO-1')).exit).toBe(0);
  });

  test('a missing configuration ends with 2 and names init; nothing is made', async () => {
    git(sample.root, 'rm', '--quiet', 'interlock.json');
    git(sample.root, 'commit', '--quiet', '-m', 'chore: no configuration');
    const refused = await add('DEMO-1');
    expect(refused).toMatchObject({ exit: 2, code: 'config-invalid' });
    expect(refused.remedy).toContain('interlock init');
    expect((await tell('list')).answer).toEqual({ items: [] });
    expect((await tell('status')).exit).toBe(0);
  });

  test('broken and unknown keys are named with file, line, column and remedy, and change nothing', async () => {
    await add('DEMO-1');
    commitFile(sample.root, 'interlock.json', '{\n  "base": "main",\n  "tset": {},\n  "remote": 7\n}\n');
    const refused = await tell('advance', 'DEMO-1');
    expect(refused).toMatchObject({ exit: 2, code: 'config-invalid' });
    const { problems } = refused.answer['error'] as { problems: { line: number; key: string; remedy: string }[] };
    expect(problems.map(({ line, key }) => [line, key])).toEqual(
      expect.arrayContaining([
        [3, 'tset'],
        [4, 'remote'],
      ]),
    );
    expect(JSON.stringify(problems)).toContain('test');
    expect((await tell('show', 'DEMO-1')).answer).toMatchObject({
      item: { stage: 'testing', condition: 'ready' },
      runs: [],
    });

    commitFile(sample.root, 'interlock.json', '{ "base": "main", ');
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 2, code: 'config-invalid' });
  });

  test('a configuration that the item changes on its own branch does not count', async () => {
    await add('DEMO-1');
    commitFile(sample.worktree('DEMO-1'), 'interlock.json', '{ "test": { "command": ["true"] } }');
    sample.plan('DEMO-1', { passed: 2, failed: 1 });
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 1, answer: { verdict: 'FAIL' } });
  });

  test('a ledger that is damaged is shown, never trusted and never written', async () => {
    await add('DEMO-1');
    const [segment = ''] = readdirSync(join(sample.root, '.git/interlock/ledger')).filter((name) =>
      name.endsWith('.jsonl'),
    );
    const file = join(sample.root, '.git/interlock/ledger', segment);
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(file, bytes);
    for (const words of [
      ['advance', 'DEMO-1'],
      ['hold', 'DEMO-1'],
      ['add', 'x'],
    ]) {
      const refused = await told(sample.root, words);
      expect([words, refused.exit]).toEqual([words, refused.code === 'no-such-item' ? 2 : 5]);
    }
    const list = await cli(sample.root, ['list']);
    expect(list.exit).toBe(5);
    expect(list.err).toContain('damaged');
    const verify = await told(sample.root, ['verify']);
    expect(verify).toMatchObject({ exit: 5, answer: { ok: false } });
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });

  test('a folder that cannot be written: reading goes on, writing ends with 5 and loses nothing', async () => {
    await add('DEMO-1');
    const ledger = join(sample.root, '.git/interlock/ledger');
    const before = readdirSync(ledger).map((name) => readFileSync(join(ledger, name), 'utf8'));
    // As root every folder can be written: then the command runs as somebody else.
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
    if (nobody !== undefined) execFileSync('chown', ['-R', `${nobody}:${nobody}`, dirname(sample.root)]);
    const options: CliOptions = nobody === undefined ? {} : { uid: nobody, env: { HOME: dirname(sample.root) } };
    for (const name of readdirSync(ledger)) chmodSync(join(ledger, name), 0o444);
    chmodSync(ledger, 0o555);
    try {
      const list = await cli(sample.root, ['list'], options);
      expect([list.exit, list.out.includes('Item DEMO-1')]).toEqual([0, true]);
      expect(list.err).toContain('read-only');
      expect(await told(sample.root, ['hold', 'DEMO-1'], options)).toMatchObject({
        exit: 5,
        code: 'ledger-not-writable',
      });
      expect(readdirSync(ledger).map((name) => readFileSync(join(ledger, name), 'utf8'))).toEqual(before);
    } finally {
      chmodSync(ledger, 0o755);
      if (nobody !== undefined) execFileSync('chown', ['-R', '0:0', dirname(sample.root)]);
    }
  });
});
