import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../../extension/config/config-error';
import { GitError } from '../../../extension/git/git-error';
import { HostError } from '../../../extension/host/host-error';
import { LedgerError } from '../../../extension/ledger/errors';
import type { LedgerErrorCode } from '../../../extension/ledger/ledger';
import { fakeEngine } from './fake-engine';
import { FakeWorld, onlyJson, run } from './fake-world';

const ESC = '\u001b';
const PROBLEM = {
  file: 'interlock.json',
  line: 3,
  column: 5,
  key: 'test.timeout',
  message: '"15 minutes" is no duration',
  remedy: 'Write "15m"',
};

describe('where things are written', () => {
  test('people get the answer on stdout and nothing on stderr', async () => {
    const { exit, out, err } = await run('list');
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('DEMO-1');
  });

  test.each([
    'list',
    'status',
    'log',
    'show DEMO-1',
    'verify',
    'host status',
    'host drain',
    'advance DEMO-1',
    'hold DEMO-1',
    '--version',
    '--help',
  ])('--json prints exactly one object for "%s"', async (line) => {
    const { exit, out } = await run(`${line} --json`);
    expect(exit).toBe(0);
    onlyJson(out);
  });

  test.each([
    '',
    'frobnicate',
    'list --nope',
    'show',
    'show DEMO-9',
    'advance DEMO-1 --until nowhere',
    'why DEMO-1 --cwd /nowhere',
  ])('--json prints exactly one error object for "%s"', async (line) => {
    const { exit, out } = await run(`${line} --json`);
    expect(exit).toBe(2);
    expect(onlyJson(out)).toEqual({
      error: {
        code: expect.any(String) as string,
        message: expect.any(String) as string,
        remedy: expect.any(String) as string,
      },
    });
  });

  test('an error keeps stdout empty for people, and names code and remedy', async () => {
    const { exit, out, err } = await run('show DEMO-2');
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain('no-such-item');
    expect(err).toContain('"DEMO-1"');
    expect(err).toContain('interlock list');
  });

  test('a command line without a command shows the help on stderr and ends with 2', async () => {
    const { exit, out, err } = await run('');
    expect([exit, out]).toEqual([2, '']);
    expect(err).toContain('interlock COMMAND');
  });

  test('the folder of --cwd is where the repository is looked for', async () => {
    const { world } = await run('list --cwd sub/folder');
    expect(world.openEngineCalls).toEqual(['/repo/sub/folder']);
  });
});

describe('colour', () => {
  async function colours(tty: boolean, env: Record<string, string>): Promise<boolean> {
    const world = new FakeWorld();
    world.tty = tty;
    world.env = env;
    return (await run('list', world)).out.includes(`${ESC}[`);
  }

  test('is there on a terminal, and nowhere against NO_COLOR or into a pipe', async () => {
    expect(await colours(true, {})).toBe(true);
    expect(await colours(true, { NO_COLOR: '1' })).toBe(false);
    expect(await colours(true, { TERM: 'dumb' })).toBe(false);
    expect(await colours(false, {})).toBe(false);
    expect(await colours(false, { FORCE_COLOR: '1' })).toBe(true);
    expect(await colours(false, { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  });
});

describe('what an error becomes', () => {
  async function opening(
    error: unknown,
    words = 'list',
  ): Promise<{ exit: number; err: string; error: Record<string, unknown> }> {
    const world = new FakeWorld();
    world.openEngine = () => Promise.reject(error);
    const { exit, err, out } = await run(`${words} --json`, world);
    return { exit, err, error: onlyJson(out)['error'] as Record<string, unknown> };
  }

  test.each([
    ['not-a-repository', 2, 'git-not-a-repository'],
    ['git-missing', 2, 'git-missing'],
    ['disk-full', 5, 'git-disk-full'],
    ['head-moved', 4, 'git-head-moved'],
  ] as const)('git error %s ends with %i and is called %s', async (code, exit, name) => {
    const told = await opening(new GitError(code, 'the fact', 'the remedy'));
    expect(told.exit).toBe(exit);
    expect(told.error).toEqual({ code: name, message: 'the fact', remedy: 'the remedy' });
  });

  test('a damaged ledger ends with 5 and its own remedy', async () => {
    const told = await opening(new LedgerError('damaged', 'byte 17 of 000001.jsonl', 'restore it'));
    expect([told.exit, told.error]).toEqual([
      5,
      { code: 'ledger-damaged', message: 'byte 17 of 000001.jsonl', remedy: 'restore it' },
    ]);
  });

  test('a runner host that does not start ends with 5 and says where to look', async () => {
    const told = await opening(new HostError('versionMismatch', 'the host speaks version 2', 'update'));
    expect([told.exit, told.error]).toEqual([
      5,
      { code: 'host-version-mismatch', message: 'the host speaks version 2', remedy: 'update' },
    ]);
  });

  test('a configuration that cannot be used names each place, with file, line, column and key', async () => {
    const second = { ...PROBLEM, line: 9, key: 'tset', message: 'unknown key', remedy: 'Did you mean "test"?' };
    const told = await opening(new ConfigError([PROBLEM, second]));
    expect(told.exit).toBe(2);
    expect(told.error).toMatchObject({ code: 'config-invalid', remedy: 'Write "15m"', problems: [PROBLEM, second] });
    expect(told.err).toContain('interlock.json:3:5 (test.timeout)');
    expect(told.err).toContain('interlock.json:9:5 (tset)');
    expect(told.err).toContain('Did you mean "test"?');
  });

  test('a folder that cannot be written ends with 5 and names the folder', async () => {
    const told = await opening(
      Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS', path: '/repo/x' }),
    );
    expect([told.exit, told.error['code']]).toEqual([5, 'file-not-writable']);
    expect(told.error['message']).toContain('/repo/x');
  });

  test('what nobody foresaw ends with 5, one line, and its stack only with --verbose', async () => {
    const bug = new TypeError('x is not a function\nsecond line');
    const told = await opening(bug);
    expect([told.exit, told.error['code']]).toEqual([5, 'unexpected']);
    expect(told.err).not.toContain('run-cli.test');
    expect((await opening(bug, 'list --verbose')).err).toContain('run-cli.test');
    expect((await opening('a thrown text')).exit).toBe(5);
  });

  test('an error text cannot command the terminal', async () => {
    const told = await opening(new GitError('failed', `a${ESC}]0;owned\u0007b`, 'c'));
    expect(told.err).not.toContain(ESC);
  });
});

describe('the engine', () => {
  test('is closed after success, after a refusal and after an error', async () => {
    for (const line of ['list', 'show NOPE', 'report DEMO-1']) {
      const engine = fakeEngine();
      await run(line, new FakeWorld(engine));
      expect([line, engine.closed]).toEqual([line, 1]);
    }
  });

  test('is never opened for help, version or a wrong command line', async () => {
    for (const line of ['--help', 'advance --help', '--version', 'frobnicate', 'show', 'list --cwd /nowhere']) {
      const { world } = await run(line);
      expect([line, world.openEngineCalls]).toEqual([line, []]);
    }
  });

  test('that cannot be closed changes neither answer nor exit code', async () => {
    const engine = fakeEngine({ close: () => Promise.reject(new Error('stuck')) });
    const { exit, out, err } = await run('list --json', new FakeWorld(engine));
    expect(exit).toBe(0);
    onlyJson(out);
    expect(err).toContain('stuck');
  });
});

describe('a read-only ledger', () => {
  const readOnly = (code: LedgerErrorCode = 'damaged') =>
    fakeEngine({ ledgerHealth: { mode: 'read-only', code, reason: 'byte 17 is wrong', remedy: 'interlock verify' } });

  test.each([
    ['damaged', 5],
    ['newer-format', 5],
    ['io', 5],
    ['not-writable', 0],
    ['unsupported-file-system', 0],
  ] as const)(
    'that is %s is read with a loud warning, and ends with %i: what may be incomplete is never fine',
    async (code, exit) => {
      const told = await run('list', new FakeWorld(readOnly(code)));
      expect([told.exit, told.out.includes('DEMO-1')]).toEqual([exit, true]);
      expect(told.err).toContain('byte 17 is wrong');
      expect(told.err).toContain('interlock verify');
    },
  );

  test.each(['advance DEMO-1', 'hold DEMO-1', 'release DEMO-1', 'send-back DEMO-1', 'cancel DEMO-1', 'add x'])(
    'stops "%s" before anything is started',
    async (line) => {
      const engine = readOnly();
      const { exit, err } = await run(line, new FakeWorld(engine));
      expect([exit, engine.calls]).toEqual([5, []]);
      expect(err).toContain('ledger-damaged');
    },
  );
});
