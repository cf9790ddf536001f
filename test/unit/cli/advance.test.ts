import { describe, expect, test } from 'vitest';
import type { AdvanceOptions, Engine } from '../../../extension/engine';
import type { AdvanceReport } from '../../../extension/pipeline/outcome';
import { fakeEngine } from './fake-engine';
import { FakeWorld, onlyJson, run } from './fake-world';
import { RUN, runReport } from './rows';

const REPORT: AdvanceReport = {
  item: 'DEMO-1',
  from: 'testing',
  to: 'development',
  outcome: 'rolled-back',
  verdict: 'FAIL',
  result: 'suite-ran',
  reason: { code: 'tests-failed', text: '1 of 3 tests failed (exit code 1)', remedy: 'Fix the code on the branch.' },
  run: RUN,
};

const ends = (over: Partial<AdvanceReport>, engine: Partial<Engine> = {}) =>
  new FakeWorld(fakeEngine({ advance: () => Promise.resolve({ ...REPORT, ...over }), ...engine }));

describe('the answer', () => {
  test.each([
    ['advanced', 0],
    ['rolled-back', 1],
    ['deferred', 3],
    ['held', 3],
    ['waiting', 3],
    ['refused', 4],
  ] as const)('outcome %s ends with %i', async (outcome, exit) => {
    expect((await run('advance DEMO-1', ends({ outcome }))).exit).toBe(exit);
  });

  test('as JSON is the report word for word', async () => {
    expect(onlyJson((await run('advance DEMO-1 --json', ends({}))).out)).toEqual(REPORT);
  });

  test('for people has stages, outcome, verdict, reason, what helps, and the failing tests', async () => {
    const { out } = await run('advance DEMO-1', ends({}, { report: () => Promise.resolve(runReport()) }));
    for (const text of [
      'testing -> development',
      'rolled-back',
      'FAIL',
      '1 of 3 tests failed',
      'Fix the code',
      'refuses an empty password',
      `--run ${RUN}`,
    ]) {
      expect(out).toContain(text);
    }
  });

  test('shows the end of the output where no test is named that failed', async () => {
    const report = runReport();
    if (report.result.status === 'suite-ran') report.result.report = { state: 'not-configured' };
    const world = ends({}, { report: () => Promise.resolve(report) });
    world.tailLines = ['npm error missing script'];
    expect((await run('advance DEMO-1', world)).out).toContain('npm error missing script');
  });

  test('shows no output of a run that was cancelled on purpose', async () => {
    const world = ends(
      { outcome: 'waiting', result: 'infra:cancelled' },
      { report: () => Promise.resolve(runReport()) },
    );
    world.tailLines = ['half a line'];
    expect((await run('advance DEMO-1', world)).out).not.toContain('half a line');
  });

  test('stands even if the details of the run cannot be read', async () => {
    const { exit, out, err } = await run(
      'advance DEMO-1',
      ends({}, { report: () => Promise.reject(new Error('cases.json is broken')) }),
    );
    expect(exit).toBe(1);
    expect(out).toContain('rolled-back');
    expect(err).toContain('cases.json is broken');
  });
});

describe('before anything is started', () => {
  test('a configuration that cannot be used ends with 2', async () => {
    const problems = [
      { file: 'interlock.json', line: 1, column: 1, key: '', message: 'is missing on main', remedy: 'interlock init' },
    ];
    const engine = fakeEngine({ config: () => Promise.resolve({ ok: false, problems }) });
    const { exit, err } = await run('advance DEMO-1', new FakeWorld(engine));
    expect([exit, engine.calls]).toEqual([2, []]);
    expect(err).toContain('interlock init');
  });

  test('a stage for --until that the project leaves out ends with 2 and names the nearest', async () => {
    const engine = fakeEngine();
    const { exit, err } = await run('advance DEMO-1 --until mrge', new FakeWorld(engine));
    expect([exit, engine.calls]).toEqual([2, []]);
    expect(err).toContain('"merge"');
  });
});

/** An advance that the test drives: its progress and its end. */
function driven(words = 'advance DEMO-1', tty = false) {
  let options: AdvanceOptions | undefined;
  let settle: (report: AdvanceReport) => void = () => undefined;
  const world = new FakeWorld(
    fakeEngine({
      advance: (_, given) => {
        options = given;
        return new Promise((resolve) => (settle = resolve));
      },
    }),
  );
  world.tty = tty;
  const ended = run(words, world);
  const started = async (): Promise<AdvanceOptions> => {
    for (let turn = 0; turn < 100 && !options; turn++) await Promise.resolve();
    if (!options) throw new Error('advance was not called');
    return options;
  };
  return { world, ended, started, settle: (report: AdvanceReport) => settle(report) };
}

const cancelled: AdvanceReport = {
  ...REPORT,
  to: 'testing',
  outcome: 'waiting',
  verdict: null,
  result: 'infra:cancelled',
};

describe('Ctrl-C', () => {
  test('once cancels the run, says so, waits for its end and gives 3', async () => {
    const { world, ended, started, settle } = driven();
    const { signal } = await started();
    expect(signal?.aborted).toBe(false);
    world.pressCtrlC();
    expect(signal?.aborted).toBe(true);
    expect(world.err).toContain('waiting until every process of its run is dead');
    world.pass(60_000);
    expect(world.left).toBeUndefined();
    settle(cancelled);
    expect((await ended).exit).toBe(3);
  });

  test('that npm passes on a second time is one press', async () => {
    const { world, started } = driven();
    await started();
    world.pressCtrlC();
    world.pass(50);
    world.pressCtrlC();
    world.pass(5_000);
    expect(world.left).toBeUndefined();
  });

  test('twice leaves as soon as the run is known to be stopping', async () => {
    const { world, started } = driven();
    const { onProgress } = await started();
    world.pressCtrlC();
    onProgress?.({ kind: 'run', item: 'DEMO-1', run: RUN, state: 'stopping', position: null });
    world.pass(1_000);
    world.pressCtrlC();
    expect(world.err).toContain('goes on killing');
    world.pass(200);
    expect(world.left).toBe(3);
  });

  test('twice does not leave while the run is only being started, but not for ever', async () => {
    const first = driven();
    const { onProgress } = await first.started();
    first.world.pressCtrlC();
    first.world.pass(400);
    first.world.pressCtrlC();
    first.world.pass(300);
    expect(first.world.left).toBeUndefined();
    onProgress?.({ kind: 'run', item: 'DEMO-1', run: RUN, state: 'stopping', position: null });
    expect(first.world.left).toBeUndefined();
    first.world.pass(200);
    expect(first.world.left).toBe(3);

    const second = driven();
    await second.started();
    second.world.pressCtrlC();
    second.world.pass(400);
    second.world.pressCtrlC();
    second.world.pass(2_000);
    expect(second.world.left).toBe(3);
  });

  test('three times leaves whatever is known', async () => {
    const { world, started } = driven();
    await started();
    for (let press = 0; press < 3; press++) {
      world.pressCtrlC();
      world.pass(400);
    }
    expect(world.left).toBe(3);
  });

  test('leaves one JSON object behind when it leaves early', async () => {
    const { world, started } = driven('advance DEMO-1 --json');
    await started();
    for (let press = 0; press < 3; press++) {
      world.pressCtrlC();
      world.pass(400);
    }
    expect(onlyJson(world.out)).toMatchObject({ error: { code: 'interrupted' } });
  });

  test('is nobody’s business any more once the advance has ended', async () => {
    const { world, ended, started, settle } = driven();
    await started();
    settle(cancelled);
    await ended;
    expect([world.listenerCount, world.timerCount]).toEqual([0, 0]);
  });
});

describe('progress', () => {
  const output = (text: string) =>
    ({ kind: 'output', item: 'DEMO-1', run: RUN, offset: 0, next: 0, stream: 'stdout', text }) as const;
  const running = { kind: 'run', item: 'DEMO-1', run: RUN, state: 'running', position: null } as const;

  test('without a terminal is plain lines on stderr, without the suite’s output', async () => {
    const { world, ended, started, settle } = driven();
    const { onProgress } = await started();
    onProgress?.({ kind: 'stage', item: 'DEMO-1', from: 'development', to: 'testing' });
    onProgress?.({ kind: 'run', item: 'DEMO-1', run: RUN, state: 'queued', position: 2 });
    onProgress?.(running);
    onProgress?.(running);
    onProgress?.(output('noise\n'));
    settle(REPORT);
    await ended;
    expect(world.err.split('\n')).toEqual([
      'DEMO-1: development -> testing',
      `DEMO-1: run ${RUN} queued (2 in line)`,
      `DEMO-1: run ${RUN} running`,
      '',
    ]);
  });

  test('without a terminal a long run says now and then that it is alive', async () => {
    const { world, started } = driven();
    const { onProgress } = await started();
    onProgress?.(running);
    onProgress?.(output('test 17 of 40\n'));
    world.pass(30_000);
    expect(world.err).toContain('still running after 30 s');
    expect(world.err).toContain('test 17 of 40');
  });

  test('with --verbose the suite’s output is shown line by line, harmless', async () => {
    const { world, ended, started, settle } = driven('advance DEMO-1 --verbose');
    const { onProgress } = await started();
    onProgress?.(output('ok 1 \u001b[2J'));
    onProgress?.(output('end\nlast'));
    settle(REPORT);
    await ended;
    expect(world.err).toContain('  | ok 1 end\n  | last\n');
  });

  test('on a terminal is one live line with stage, state, elapsed and last output, cut to its width and removed at the end', async () => {
    const { world, ended, started, settle } = driven('advance DEMO-1', true);
    world.env = { NO_COLOR: '1' };
    const { onProgress } = await started();
    onProgress?.(running);
    onProgress?.(output(`${'long '.repeat(30)}\n\u001b[2Jshort\n`));
    world.pass(12_000);
    const live = world.err.split('\r\u001b[2K').at(-1);
    expect(live).toBe('DEMO-1  testing  running  12 s  short');
    onProgress?.(output(`${'long '.repeat(30)}\n`));
    world.pass(100);
    expect(world.err.split('\r\u001b[2K').at(-1)?.length).toBe(59);
    expect(world.err).not.toContain('\n');
    settle(REPORT);
    await ended;
    expect(world.err.endsWith('\r\u001b[2K')).toBe(true);
  });
});
