import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../extension/engine';
import type { Why } from '../../../extension/pipeline/outcome';
import { fakeEngine } from './fake-engine';
import { FakeWorld, onlyJson, run } from './fake-world';
import { itemRow, NOW, RUN, runReport, transitionRow } from './rows';

const MINUTE = 60_000;
const world = (over: Partial<Engine> = {}, reads: Parameters<typeof fakeEngine>[1] = {}) =>
  new FakeWorld(fakeEngine(over, reads));

describe('add', () => {
  test('passes on what was given and says where the item is and what comes next', async () => {
    const engine = fakeEngine();
    const { exit, out } = await run(
      ['add', 'Fix it', '--id', 'DEMO-1', '--branch', 'b', '--stage', 'testing'],
      new FakeWorld(engine),
    );
    expect(exit).toBe(0);
    expect(engine.calls).toEqual([
      { name: 'add', arguments: [{ title: 'Fix it', id: 'DEMO-1', branch: 'b', stage: 'testing', actor: 'cli:Ann' }] },
    ]);
    expect(out).toContain('DEMO-1 is at testing');
    expect(out).toContain('interlock advance DEMO-1');
  });

  test('refuses a stage that the project leaves out before anything is made', async () => {
    const engine = fakeEngine();
    const { exit, err } = await run('add x --stage tesitng', new FakeWorld(engine));
    expect([exit, engine.calls]).toEqual([2, []]);
    expect(err).toContain('"testing"');
  });

  test('an id that is taken is the fault of the words', async () => {
    const reason = { code: 'id-taken', text: 'there is a work item DEMO-1 already', remedy: 'Choose another id.' };
    const { exit, out } = await run(
      'add x --id DEMO-1 --json',
      world({ add: () => Promise.resolve({ ok: false, reason }) }),
    );
    expect(exit).toBe(2);
    expect(onlyJson(out)).toEqual({ error: { code: 'id-taken', message: reason.text, remedy: reason.remedy } });
  });
});

describe('list and show', () => {
  test('without items the first step is named', async () => {
    const { exit, out } = await run('list', world({}, { items: () => [] }));
    expect(exit).toBe(0);
    expect(out).toContain('interlock add');
  });

  test('an item is one aligned line with its condition as a word and its age', async () => {
    const items = () => [itemRow(), itemRow({ id: 'B', stage: 'deploy-staging', condition: 'held', title: 'x\ny' })];
    const { out } = await run('list', world({}, { items }));
    const [head = '', first = '', second = ''] = out.split('\n');
    expect(out.split('\n')).toHaveLength(4);
    for (const text of [first, second]) expect(text.indexOf('3 min ago')).toBe(head.indexOf('SINCE'));
    expect(second).toContain('held');
  });

  test('show has the hold, the owner and the runs; the lease token stays secret', async () => {
    const { run: row, verdict } = runReport();
    const identity = { host: 'box', boot_id: 'b', pid_namespace: 'p', pid: 7, start_time: '1' };
    const reads = {
      runs: () => [row],
      verdict: () => verdict ?? undefined,
      lease: () => ({ item: 'DEMO-1', token: 'SECRET', actor: 'cli:Bob', at: NOW - MINUTE, ...identity }),
      hold: () => ({
        item: 'DEMO-1',
        code: 'x',
        reason: 'why it is held',
        remedy: '',
        actor: 'cli:Ann',
        run: null,
        at: NOW,
      }),
    };
    const { out } = await run('show DEMO-1', world({}, reads));
    for (const text of ['why it is held', 'cli:Bob', 'process 7 on box', RUN, 'FAIL', 'exit code 1'])
      expect(out).toContain(text);
    const json = (await run('show DEMO-1 --json', world({}, reads))).out;
    expect(json).not.toContain('SECRET');
    expect(onlyJson(json)).toMatchObject({
      item: { id: 'DEMO-1' },
      hold: { reason: { code: 'x' } },
      runs: [{ run: RUN, exitCode: 1, verdict: { command: ['npm', 'test'] } }],
    });
  });
});

test('why says what blocks, since when, whose turn, what is next, what helps, and the evidence', async () => {
  const why: Why = {
    item: 'DEMO-1',
    stage: 'testing',
    condition: 'deferred',
    reason: { code: 'timeout', text: 'the suite did not end in 15 min', remedy: 'Raise test.timeout' },
    since: NOW - 3 * MINUTE,
    turn: 'timer',
    nextAction: 'Infra retry 1 of 3',
    nextAt: NOW + 2 * MINUTE,
    evidence: ['last run r1: infra: timeout', 'branch work/DEMO-1'],
  };
  const fake = () => world({ why: () => Promise.resolve(why) });
  const { exit, out } = await run('why DEMO-1', fake());
  expect(exit).toBe(0);
  for (const text of [
    'deferred',
    'did not end',
    '[timeout]',
    '3 min ago',
    'the timer',
    'Infra retry 1 of 3',
    'in 2 min',
    'Raise test.timeout',
    ...why.evidence,
  ]) {
    expect(out).toContain(text);
  }
  expect(onlyJson((await run('why DEMO-1 --json', fake())).out)).toEqual(why);
});

describe('log', () => {
  test('tells when, who, what, from -> to and the evidence, and is never cut', async () => {
    const fake = world({}, { transitions: () => [transitionRow({ reason: 'a very long reason '.repeat(10) })] });
    fake.tty = true;
    fake.env = { NO_COLOR: '1' };
    const { out } = await run('log', fake);
    for (const text of [
      '2026-03-14',
      'cli:Ann',
      'rolled-back',
      'testing -> development',
      'FAIL',
      RUN,
      'a very long reason '.repeat(9).trim(),
    ]) {
      expect(out).toContain(text);
    }
  });

  test('of one item asks for that item alone, and refuses an unknown one', async () => {
    const asked: (string | undefined)[] = [];
    const transitions = (item?: string) => (asked.push(item), [transitionRow()]);
    expect((await run('log DEMO-1', world({}, { transitions }))).exit).toBe(0);
    expect((await run('log DEMO-7', world({}, { transitions }))).exit).toBe(2);
    expect(asked).toEqual(['DEMO-1']);
  });

  test('as JSON has one object for each transition', async () => {
    const { out } = await run('log --json', world({}, { transitions: () => [transitionRow()] }));
    expect(onlyJson(out)).toEqual({
      acts: [],
      transitions: [
        {
          item: 'DEMO-1',
          revision: 2,
          at: NOW - 3 * MINUTE,
          actor: 'cli:Ann',
          from: 'testing',
          to: 'development',
          outcome: 'rolled-back',
          verdict: 'FAIL',
          run: RUN,
          reason: { code: 'tests-failed', text: '1 of 3 tests failed (exit code 1)' },
        },
      ],
    });
  });
});

describe('report', () => {
  test('shows verdict, failing tests with place and message, tree, and where the files are', async () => {
    const { exit, out } = await run('report DEMO-1', world({ report: () => Promise.resolve(runReport()) }));
    expect(exit).toBe(0);
    for (const text of [
      'FAIL',
      'login > refuses an empty password',
      'test/login.js:12',
      'expected 401, got 200',
      'at login.js:40',
      'dddddddd',
      'output.log',
      '13-test-report.md',
    ]) {
      expect(out).toContain(text);
    }
  });

  test('says when the branch is no longer the tested one, and when the verdict is an opinion', async () => {
    const { verdict } = runReport();
    const other = runReport({ movedTo: 'f'.repeat(40), verdict: verdict && { ...verdict, producer: 'agent' } });
    const { out } = await run('report DEMO-1', world({ report: () => Promise.resolve(other) }));
    expect(out).toContain('now ffffffff');
    expect(out).toContain('opinion');
  });

  test('shows the end of the log where no test is named that failed', async () => {
    const quiet = runReport();
    if (quiet.result.status === 'suite-ran') quiet.result.report = { state: 'missing', path: 'report.xml' };
    const fake = world({ report: () => Promise.resolve(quiet) });
    fake.tailLines = ['Segmentation fault'];
    const { out } = await run('report DEMO-1', fake);
    expect(out).toContain('missing: report.xml');
    expect(out).toContain('| Segmentation fault');
  });

  test('without a run, or with a wrong one, ends with 2 and says which runs there are', async () => {
    const without = await run('report DEMO-1 --json', world());
    expect([without.exit, onlyJson(without.out)]).toMatchObject([2, { error: { code: 'no-run-yet' } }]);
    const archived = await run('report DEMO-1 --json', world({}, { item: () => itemRow({ condition: 'done' }) }));
    expect(archived.out).toContain('interlock log DEMO-1');
    const wrong = await run('report DEMO-1 --run r1 --json', world());
    expect([wrong.exit, onlyJson(wrong.out)]).toMatchObject([2, { error: { code: 'no-such-run' } }]);
  });

  test('cannot command the terminal by the name of a test', async () => {
    const report = runReport();
    if (report.result.status === 'suite-ran' && report.result.report.state === 'read') {
      report.result.report.failures[0] = {
        ...report.result.report.failures[0]!,
        name: 'x\u001b[2J\rPASS\nPASS',
        message: '\u001b]0;owned\u0007',
      };
    }
    const { out } = await run('report DEMO-1', world({ report: () => Promise.resolve(report) }));
    expect(out).not.toContain('\u001b');
    expect(out).not.toMatch(/^PASS/m);
  });
});

describe('status', () => {
  const reads = {
    items: () => [
      itemRow({ id: 'A', condition: 'running', reason: 'run r1 is going' }),
      itemRow({ id: 'B', condition: 'held', reason: 'infra: command not found' }),
      itemRow({ id: 'C', condition: 'deferred', reason: 'timeout', next_at: NOW + 2 * MINUTE }),
      itemRow({ id: 'D', condition: 'done' }),
    ],
    alerts: () => [
      { id: 'B#3', item: 'B', code: 'command-not-found', text: 'npm is missing', at: NOW, acknowledged_at: null },
    ],
  };

  test('is one screen: counts, what runs, holds with reasons, deferrals with times, alerts, host', async () => {
    const { exit, out } = await run('status', world({}, reads));
    expect(exit).toBe(0);
    for (const text of [
      '1 running',
      '1 held',
      '1 deferred',
      '1 done',
      '0 waiting',
      'run r1 is going',
      'command not found',
      'in 2 min',
      'npm is missing',
      'No runner host is running',
      'main at bbbbbbbb',
    ]) {
      expect(out).toContain(text);
    }
  });

  test('says that a host could not be asked, instead of that there is none', async () => {
    const over = { hostStatus: () => Promise.reject(new Error('socket refused')) };
    expect((await run('status', world(over, reads))).out).toContain('could not be asked');
    expect(onlyJson((await run('status --json', world(over, reads))).out)['host']).toMatchObject({
      state: 'unknown',
      error: { code: 'unexpected' },
    });
  });

  test('tells a broken configuration and still answers', async () => {
    const problems = [
      { file: 'interlock.json', line: 1, column: 2, key: 'tset', message: 'unknown key', remedy: 'write "test"' },
    ];
    const { exit, out } = await run('status', world({ config: () => Promise.resolve({ ok: false, problems }) }, reads));
    expect(exit).toBe(0);
    expect(out).toContain('interlock.json:1:2 (tset)');
  });
});

describe('what a person decides', () => {
  test.each([
    ['hold', 'hold'],
    ['release', 'release'],
    ['send-back', 'sendBack'],
    ['cancel', 'cancel'],
  ])('%s reaches the engine with actor and reason', async (command, method) => {
    const engine = fakeEngine();
    const { exit, out } = await run([command, 'DEMO-1', '--reason', 'not yet', '--json'], new FakeWorld(engine));
    expect(exit).toBe(0);
    expect(engine.calls).toEqual([{ name: method, arguments: ['DEMO-1', 'cli:Ann', 'not yet'] }]);
    expect(onlyJson(out)).toMatchObject({ item: { id: 'DEMO-1', stage: 'testing' }, text: `${method} by cli:Ann` });
  });

  test('acknowledge passes the set on that the person names, and none where none is named', async () => {
    const engine = fakeEngine();
    await run('acknowledge DEMO-1 --set 1a2b3c4d5e6f --reason seen', new FakeWorld(engine));
    await run('acknowledge DEMO-1', new FakeWorld(engine));
    expect(engine.calls).toEqual([
      { name: 'acknowledge', arguments: ['DEMO-1', 'cli:Ann', 'seen', '1a2b3c4d5e6f'] },
      { name: 'acknowledge', arguments: ['DEMO-1', 'cli:Ann', '', ''] },
    ]);
  });

  test('an illegal move ends with 4 and its reason', async () => {
    const reason = { code: 'illegal-transition', text: 'DEMO-1 is done', remedy: 'interlock why DEMO-1' };
    const { exit, err } = await run('hold DEMO-1', world({ hold: () => Promise.resolve({ ok: false, reason }) }));
    expect(exit).toBe(4);
    expect(err).toContain('DEMO-1 is done');
  });
});

test('verify ends with 5 when anything is found, and lists it', async () => {
  const findings = [{ code: 'hash', where: '000001.jsonl:17', text: 'the rolling hash differs' }];
  const found = await run('verify', world({ verify: () => Promise.resolve(findings) }));
  expect(found.exit).toBe(5);
  expect(found.out).toContain('000001.jsonl:17');
  expect((await run('verify', world())).exit).toBe(0);
});

test('host drain tells whether there was a host, and passes --cancel on', async () => {
  const asked: boolean[] = [];
  const hostDrain = (cancel: boolean) => (asked.push(cancel), Promise.resolve(true));
  expect(onlyJson((await run('host drain --json', world({ hostDrain }))).out)).toMatchObject({ drained: true });
  await run('host drain --cancel', world({ hostDrain }));
  expect(asked).toEqual([false, true]);
  expect((await run('host drain', world())).out).toContain('nothing to drain');
});

describe('release-lease', () => {
  test('passes on force and reason, and says whose lease it was', async () => {
    const engine = fakeEngine();
    const { exit, out } = await run(
      ['release-lease', 'DEMO-1', '--force', '--reason', 'gone', '--json'],
      new FakeWorld(engine),
    );
    expect(exit).toBe(0);
    expect(engine.calls).toEqual([
      { name: 'releaseLease', arguments: ['DEMO-1', { actor: 'cli:Ann', reason: 'gone', force: true }] },
    ]);
    expect(onlyJson(out)).toMatchObject({
      item: { id: 'DEMO-1' },
      lease: { actor: 'cli:Bob', pid: 7, host: 'box', liveness: 'dead' },
      text: 'lease released by cli:Ann',
    });
    expect(out).not.toContain('SECRET');
  });

  test('is refused with the engine’s reason, and never forces by itself', async () => {
    const reason = { code: 'lease-unknown', text: 'cli:Bob has it', remedy: 'interlock release-lease DEMO-1 --force' };
    const asked: boolean[] = [];
    const releaseLease: Engine['releaseLease'] = (_id, { force }) => {
      asked.push(force);
      return Promise.resolve({ ok: false, reason });
    };
    const { exit, err } = await run('release-lease DEMO-1', world({ releaseLease }));
    expect([exit, asked]).toEqual([4, [false]]);
    expect(err).toContain('cli:Bob has it [lease-unknown]');
    expect(err).toContain('--force');
  });
});

describe('alerts', () => {
  const alert = { id: 'DEMO-1#3', item: 'DEMO-1', code: 'survivors', text: 'process 7 lives', at: NOW - MINUTE };
  const alerts = () => [{ ...alert, acknowledged_at: null }];

  test('are shown, and stay until they are marked', async () => {
    const seeAlerts: Engine['seeAlerts'] = () => Promise.reject(new Error('nobody asked for it'));
    const { exit, out } = await run('alerts', world({ seeAlerts }, { alerts }));
    expect(exit).toBe(0);
    expect(out).toMatch(/DEMO-1 .*process 7 lives \[survivors\]/);
  });

  test('are marked as seen on request, and only what was shown', async () => {
    const { out } = await run('alerts --seen --json', world({ seeAlerts: () => Promise.resolve([]) }, { alerts }));
    expect(onlyJson(out)).toEqual({ alerts: [alert], seen: [] });
    expect((await run('alerts --seen', world({}, { alerts }))).out).toContain('1 alert marked as seen');
    expect((await run('alerts', world())).out).toContain('No alert');
  });
});
