import { execFileSync } from 'node:child_process';
import { constants, openSync, closeSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { git } from '../rig/git';
import { commitFile, sampleRepository, type SampleRepository } from '../rig/sample-repository';
import { onlyJson } from '../../unit/cli/fake-world';
import { CLI, cli, startCli } from './cli-process';

let sample: SampleRepository;
beforeEach(() => (sample = sampleRepository()));
afterEach(async () => {
  await cli(sample.root, ['host', 'drain', '--cancel']);
  sample.remove();
});

const json = async (...words: string[]) => {
  const { exit, out } = await cli(sample.root, [...words, '--json']);
  return { exit, answer: onlyJson(out) };
};
const add = (id: string, ...more: string[]) =>
  cli(sample.root, ['add', `Item ${id}`, '--id', id, '--stage', 'testing', ...more]);

describe('an item from the terminal', () => {
  test('red goes back to development with exit 1, fixed it passes with exit 0, landed it is done', async () => {
    expect((await add('DEMO-1')).exit).toBe(0);
    expect(git(sample.worktree('DEMO-1'), 'branch', '--show-current')).toBe('work/DEMO-1');
    sample.plan('DEMO-1', { passed: 2, failed: 1 });

    const red = await json('advance', 'DEMO-1');
    expect(red.exit).toBe(1);
    expect(Object.keys(red.answer)).toEqual(
      expect.arrayContaining(['item', 'from', 'to', 'outcome', 'verdict', 'result', 'reason', 'run']),
    );
    expect(red.answer).toMatchObject({
      item: 'DEMO-1',
      from: 'testing',
      to: 'development',
      outcome: 'rolled-back',
      verdict: 'FAIL',
      result: 'suite-ran',
      reason: { code: 'tests-failed' },
    });
    const report = await cli(sample.root, ['report', 'DEMO-1']);
    expect(report.out).toContain('breaks 0');
    expect(report.out).toContain('expected 2, got 3');

    sample.plan('DEMO-1', { passed: 4 });
    expect((await json('advance', 'DEMO-1')).exit).toBe(3);
    expect((await json('release', 'DEMO-1', '--reason', 'fixed')).exit).toBe(0);
    const green = await json('advance', 'DEMO-1', '--until', 'done');
    expect(green).toMatchObject({ exit: 3, answer: { from: 'testing', to: 'merge', outcome: 'waiting' } });

    git(sample.root, 'merge', '--quiet', '--no-edit', 'work/DEMO-1');
    git(sample.root, 'push', '--quiet');
    expect(await json('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { to: 'done', outcome: 'advanced' } });

    const { answer } = await json('log', 'DEMO-1');
    const outcomes = (answer['transitions'] as { outcome: string; actor: string }[]).map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome !== 'started')).toEqual([
      'added',
      'rolled-back',
      'advanced',
      'advanced',
      'waiting',
      'advanced',
    ]);
    expect(await json('verify')).toEqual({ exit: 0, answer: { ok: true, findings: [] } });
  });

  test('moves on by evidence alone: release does not move it out of testing', async () => {
    await add('DEMO-1');
    expect(await json('release', 'DEMO-1')).toMatchObject({
      exit: 4,
      answer: { error: { code: 'nothing-to-release' } },
    });
    expect(await json('send-back', 'DEMO-1')).toMatchObject({ exit: 0, answer: { item: { stage: 'development' } } });
  });

  test('keeps who held it and why, and shows it everywhere', async () => {
    await add('DEMO-1');
    expect((await json('hold', 'DEMO-1', '--reason', 'design open')).exit).toBe(0);
    expect(await json('advance', 'DEMO-1')).toMatchObject({ exit: 3, answer: { outcome: 'held' } });
    for (const words of [['why', 'DEMO-1'], ['show', 'DEMO-1'], ['status'], ['log']]) {
      expect((await cli(sample.root, words)).out).toContain('design open');
    }
  });

  test('is the same from a sub-folder, from its worktree and with --cwd', async () => {
    await add('DEMO-1');
    const lists = [
      await cli(sample.root, ['list']),
      await cli(sample.worktree('DEMO-1'), ['list']),
      await cli('/', ['list', '--cwd', sample.root]),
    ];
    for (const { exit, out } of lists) expect([exit, out.includes('Item DEMO-1')]).toEqual([0, true]);
  });

  test('an existing branch is taken as it is', async () => {
    git(sample.root, 'branch', 'feature');
    await add('DEMO-1', '--branch', 'feature');
    expect(git(sample.worktree('DEMO-1'), 'branch', '--show-current')).toBe('feature');
  });
});

describe('the output', () => {
  test('a reader that goes away is no error, and stops nothing', async () => {
    await add('DEMO-1');
    const { child, ended } = startCli(sample.root, ['log']);
    child.stdout?.destroy();
    const { exit, err } = await ended;
    expect([exit, err]).toEqual([0, '']);
  });

  test('an answer that cannot be written is not lost in silence', async () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { exit, err } = await cli(sample.root, ['list'], { stdout: full });
      expect(exit).toBe(5);
      expect(err).toContain('ENOSPC');
    } finally {
      closeSync(full);
    }
  });

  test('with --verbose has the suite’s own lines on stderr, without its escape sequences', async () => {
    const program = readFileSync(join(sample.root, 'suite.mjs'), 'utf8');
    commitFile(sample.root, 'suite.mjs', `console.log('\\u001b[31mred\\u001b[2J text');\n${program}`);
    await add('DEMO-1');
    const { exit, err, out } = await cli(sample.root, ['advance', 'DEMO-1', '--verbose', '--json']);
    expect(exit).toBe(0);
    onlyJson(out);
    expect(err).toContain('  | red text');
    expect(err).not.toContain('\u001b');
  });
});

describe('a process that cannot work here', () => {
  test('is refused by an old Node before anything is loaded', async () => {
    const preload = join(sample.root, 'old-node.cjs');
    writeFileSync(
      preload,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`,
    );
    const env = { NODE_OPTIONS: `--require "${preload}"` };
    const { exit, out, err } = await cli(sample.root, ['list', '--json'], { env });
    expect([exit, onlyJson(out)]).toMatchObject([2, { error: { code: 'node-too-old' } }]);
    expect(err).toContain('22');
    expect(existsSync(join(sample.root, '.git/interlock'))).toBe(false);
  });

  test('says that git is missing', async () => {
    const { exit, out } = await cli(sample.root, ['list', '--json'], { env: { PATH: '/nowhere' } });
    expect([exit, onlyJson(out)]).toMatchObject([2, { error: { code: 'git-missing' } }]);
  });
});

describe('a command’s end', () => {
  const ending = async (...words: string[]) => {
    const hook = join(sample.root, 'hook.cjs');
    writeFileSync(hook, `process.reallyExit = () => { require('fs').writeSync(2, 'Node ends it'); process.abort(); };`);
    return cli(sample.root, words, { env: { NODE_OPTIONS: `--require "${hook}"` } });
  };

  test.each([
    [['--help'], 0],
    [['show', 'NO-1'], 2],
  ])('is not left to Node, which may wait for ever: %j', async (words, exit) => {
    const ended = await ending(...words);
    expect(ended).toMatchObject({ exit, signal: null });
    expect(ended.err).not.toContain('Node ends it');
  });

  test('leaves the pipe to others as it was', async () => {
    const flags = `${process.execPath} -e "require('fs').writeSync(1, require('fs').readFileSync('/proc/self/fdinfo/1', 'utf8'))"`;
    const script = `(${process.execPath} ${CLI} --version; ${flags}) | cat`;
    const said = execFileSync('sh', ['-c', script], { encoding: 'utf8', cwd: sample.root });
    const [, octal = ''] = /flags:\s*(\d+)/.exec(said) ?? [];
    expect(octal).not.toBe('');
    expect(parseInt(octal, 8) & constants.O_NONBLOCK).toBe(0);
  });
});
