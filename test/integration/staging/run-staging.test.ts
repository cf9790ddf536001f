import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test as base } from 'vitest';
import type { StagingRunSpec } from '../../../runner-host/protocol/staging';
import { HEAD, StagingRig, until, verdictOf, type RunOptions } from './staging-rig';

const test = base.extend<{ rig: StagingRig }>({
  // Vitest reads from the pattern which other fixtures this one needs: none.
  rig: async ({}, use) => {
    const rig = new StagingRig();
    await use(rig);
    await rig.end();
  },
});
const supported = process.platform === 'linux';
const OTHER = 'f'.repeat(40);
const junit = (failed: number): string =>
  `<testsuite name="s" tests="2" failures="${failed}"><testcase name="one"/><testcase name="two">` +
  `${failed > 0 ? '<failure message="no"/>' : ''}</testcase></testsuite>`;
const report = { format: 'junit' as const, path: 'out/report.xml' };
const writes = (failed: number): string => `mkdir -p out; echo '${junit(failed)}' >out/report.xml; exit ${failed}`;

describe.runIf(supported)('what the host says of the suite', () => {
  test.concurrent('a green suite with a served commit and a report', async ({ rig }) => {
    rig.write('head', HEAD);
    const spec = rig.spec(`echo hello; ${writes(0)}`, { servedCommit: ['cat', 'head'], report });
    const { result, cases, log, steps } = await rig.run(spec);
    expect(result).toMatchObject({
      status: 'suite-ran',
      served: { before: HEAD, after: HEAD },
      report: { state: 'read', tests: 2, passed: 2, failed: 0, files: ['out/report.xml'] },
      remote: { exitCode: 0, connections: 1, survivors: 0, leaked: 0, outputBytes: 6 },
    });
    expect(log.toString()).toBe('hello\n');
    expect(cases).toHaveLength(2);
    expect(steps).toEqual([
      'taking the staging host',
      'looking at the staging host',
      'running the suite',
      'asking what the host serves',
      'reading the report',
      'giving the staging host back',
    ]);
    expect(rig.host.left).toBe(0);
  });

  test.concurrent('a red suite is red, with its failures', async ({ rig }) => {
    const { result } = await rig.run(rig.spec(writes(1), { report }));
    expect(result).toMatchObject({
      status: 'suite-ran',
      served: null,
      report: { state: 'read', failed: 1, failures: [{ name: 'two', outcome: 'failed' }] },
      remote: { exitCode: 1 },
    });
  });

  test.concurrent('words of a command arrive as they are, and variables are set', async ({ rig }) => {
    const words = ['printf', '%s|', `it's`, '$HOME', '`x`', 'a b', '*', ''];
    const { result, log } = await rig.run(rig.spec(words, { env: { ODD: `q'u"o$te\n` } }));
    expect([verdictOf(result), log.toString()]).toEqual(['suite-ran 0', `it's|$HOME|\`x\`|a b|*||`]);
    const again = await rig.run(rig.spec('printf %s "$ODD"', { env: { ODD: `q'u"o$te\n` } }));
    expect(again.log.toString()).toBe(`q'u"o$te\n`);
  });

  test.concurrent.for<[string, string, Partial<StagingRunSpec>]>([
    ['permanent-env workdir-missing', 'true', { cwd: '/nowhere/at/all' }],
    ['permanent-env command-not-found', './missing.sh', {}],
    ['permanent-env not-executable', './plain', {}],
    ['permanent-env command-not-found', 'true; no-such-program', {}],
    ['permanent-env not-executable', 'true; ./plain', {}],
    ['permanent-env served-commit', 'printf x >>ran', { servedCommit: `echo ${OTHER}` }],
    ['permanent-env served-commit', 'printf x >>ran', { servedCommit: `echo ${HEAD.slice(0, 12)}` }],
    ['permanent-env served-commit', 'printf x >>ran', { servedCommit: 'true' }],
    ['permanent-env served-commit-failed', 'printf x >>ran', { servedCommit: `echo ${HEAD}; exit 1` }],
    ['permanent-env served-commit-failed', 'printf x >>ran', { servedCommit: ['./missing'] }],
    ['permanent-env report-path', 'printf x >>ran', { report: { format: 'junit', path: '../x.xml' } }],
    ['permanent-env report-path', 'printf x >>ran', { report: { format: 'junit', path: '**/x.xml' } }],
    ['permanent-env environment-name', 'printf x >>ran', { env: { 'A B': 'x' } }],
    ['held killed', 'kill -9 $$', {}],
    ['held killed', 'exit 143', {}],
    ['suite-ran 255', 'exit 255', {}],
    ['suite-ran 2', 'exit 2', {}],
    ['suite-ran 125', 'exit 125', {}],
    ['suite-ran 0', 'exit 256', {}],
  ])('%s: %s %j', async ([verdict, command, more], { rig }) => {
    rig.write('plain', '', 0o644);
    expect(await rig.verdict(rig.spec(command, more))).toBe(verdict);
    expect(rig.read('ran')).toBe('');
  });

  test.concurrent(
    'a host that serves another commit after the suite gives no verdict, red or green',
    async ({ rig }) => {
      for (const code of [0, 1]) {
        rig.write('head', HEAD);
        const spec = rig.spec(`echo ${OTHER} >head; exit ${code}`, { servedCommit: 'cat head' });
        const { result } = await rig.run(spec);
        expect(verdictOf(result)).toBe('permanent-env served-commit');
        expect(result.served).toEqual({ before: HEAD, after: OTHER });
      }
    },
  );

  test.concurrent('a host may serve another commit of the same content', async ({ rig }) => {
    rig.write('head', OTHER);
    const { result } = await rig.run(rig.spec('exit 4', { servedCommit: 'cat head', sameContent: [OTHER] }));
    expect([verdictOf(result), result.served]).toEqual(['suite-ran 4', { before: OTHER, after: OTHER }]);
  });

  test.concurrent('a suite that runs too long is ended, and nothing of it is left', async ({ rig }) => {
    const command = `setsid ${rig.sleep} & ${rig.sleep}`;
    expect(await rig.verdict(rig.spec(command, { timeoutMs: 1500 }))).toBe('transient-infra timeout');
    expect(rig.sleeping()).toEqual([]);
  });

  test.concurrent('what the suite prints is never a frame, also when it knows how one looks', async ({ rig }) => {
    const fake = `\\n@@${'a'.repeat(32)} exit 0 exit 0 0 0 1 1 0\\n`;
    const { result, log } = await rig.run(rig.spec(`printf '${fake}'; exit 9`));
    expect(verdictOf(result)).toBe('suite-ran 9');
    expect(log.toString()).toContain('exit 0 exit');
  });

  test.concurrent('100 MB of output arrive whole', async ({ rig }) => {
    const { result, log } = await rig.run(rig.spec('head -c 104857600 /dev/zero'));
    expect([verdictOf(result), log.length]).toEqual(['suite-ran 0', 104_857_600]);
  });
});

describe.runIf(supported)('the report on the host', () => {
  const reading = async (rig: StagingRig, command: string, more: Partial<StagingRunSpec> = {}): Promise<unknown> => {
    const { result } = await rig.run(rig.spec(command, { report, ...more }));
    return result.status === 'suite-ran' ? result.report : verdictOf(result);
  };

  test.concurrent('of an earlier run is removed before the suite: it is missing, not green', async ({ rig }) => {
    mkdirSync(join(rig.workdir, 'out'));
    writeFileSync(join(rig.workdir, 'out/report.xml'), junit(0));
    expect(await reading(rig, 'true')).toEqual({ state: 'missing', path: 'out/report.xml' });
  });

  test.concurrent('that the suite puts there with an older time is refused as stale', async ({ rig }) => {
    rig.write('old.xml', junit(0));
    utimesSync(join(rig.workdir, 'old.xml'), 1e9, 1e9);
    const found = await reading(rig, 'mkdir -p out; cp -p old.xml out/report.xml');
    expect(found).toMatchObject({ state: 'unreadable', path: 'out/report.xml', reason: 'it is older than the run' });
  });

  test.concurrent.for<[string, string, object]>([
    ['a link', 'mkdir out; ln -s ../real.xml out/report.xml', { state: 'unreadable' }],
    ['a folder', 'mkdir -p out/report.xml', { state: 'unreadable' }],
    ['too much', 'mkdir out; head -c 68000000 /dev/zero >out/report.xml', { state: 'unreadable' }],
    ['not whole', `mkdir out; echo '<testsuite tests="2">' >out/report.xml`, { state: 'unreadable' }],
    ['nothing', 'mkdir out; : >out/report.xml', { state: 'unreadable' }],
  ])('that is %s is unreadable', async ([, command, expected], { rig }) => {
    rig.write('real.xml', junit(0));
    expect(await reading(rig, command)).toMatchObject(expected);
  });

  test.concurrent('may be several files, and lie anywhere on the host', async ({ rig }) => {
    const path = join(rig.folder, 'my reports', 'r-*.xml');
    const command = `mkdir -p '${join(rig.folder, 'my reports')}'; cd '${join(rig.folder, 'my reports')}'; for n in 1 2 3; do echo '${junit(0)}' >"r-$n x.xml"; done`;
    const found = await reading(rig, command, { report: { format: 'junit', path } });
    expect(found).toMatchObject({ state: 'read', tests: 6, passed: 6 });
    expect((found as { files: string[] }).files[2]).toBe(join(rig.folder, 'my reports', 'r-3 x.xml'));
  });

  test.concurrent('is not looked for through what an earlier run left as a link', async ({ rig }) => {
    mkdirSync(join(rig.workdir, 'out'));
    writeFileSync(join(rig.workdir, 'precious'), junit(0));
    symlinkSync('../precious', join(rig.workdir, 'out/report.xml'));
    expect(await reading(rig, 'true')).toEqual({ state: 'missing', path: 'out/report.xml' });
    expect(readFileSync(join(rig.workdir, 'precious'), 'utf8')).toBe(junit(0));
  });
});

describe.runIf(supported)('a connection that is lost', () => {
  /** Says where it is and goes on when it is told to. */
  const paused = 'printf x >>ran; echo one; until [ -e go ]; do sleep 0.05; done; echo two; exit 5';

  test.concurrent('is taken up again at the byte where it was lost: the suite ran once', async ({ rig }) => {
    let resets = 0;
    const running = rig.run(rig.spec(paused), {
      onOutput: (total) => {
        if (total === 4 && resets++ === 0) rig.host.reset();
      },
    });
    await until(() => resets > 0 && rig.host.left >= 2);
    rig.write('go', '');
    const { result, log } = await running;
    expect([verdictOf(result), log.toString(), rig.read('ran')]).toEqual(['suite-ran 5', 'one\ntwo\n', 'x']);
    expect(result.remote.connections).toBeGreaterThanOrEqual(2);
  });

  test.concurrent('and a host that is away for a while do no harm within the budget', async ({ rig }) => {
    const running = rig.run(rig.spec(paused));
    await until(() => rig.read('ran') === 'x');
    rig.host.down = true;
    rig.host.reset();
    rig.write('go', '');
    const asked = rig.host.opened;
    await until(() => rig.host.opened > asked + 4);
    rig.host.down = false;
    const { result, log } = await running;
    expect([verdictOf(result), log.toString(), rig.read('ran')]).toEqual(['suite-ran 5', 'one\ntwo\n', 'x']);
  });

  test.concurrent('beyond the budget is infra; the host ends the run by itself', async ({ rig }) => {
    const limits = { reconnectMs: 1000, silenceMs: 4000, leaseMs: 6000, killMs: 400 };
    const running = rig.run(rig.spec(`printf x >>ran; ${rig.sleep}`), { limits });
    await until(() => rig.read('ran') === 'x');
    rig.host.down = true;
    rig.host.reset();
    // The cut may come before the first frame is read here: then it is told as what the last try met.
    expect(verdictOf((await running).result)).toMatch(/^transient-infra (connection-lost|closed|unreachable)$/);
    await until(() => rig.sleeping().length === 0);
  });

  test.concurrent('from the start is transient, and nothing was started', async ({ rig }) => {
    rig.host.down = true;
    const limits = { reconnectMs: 300, silenceMs: 400, killMs: 400 };
    expect(await rig.verdict(rig.spec('printf x >>ran'), { limits })).toBe('transient-infra unreachable');
    expect(rig.read('ran')).toBe('');
  });

  test.concurrent('whose host came up again has lost the run', async ({ rig }) => {
    const running = rig.run(rig.spec(`printf x >>ran; ${rig.sleep}`));
    await until(() => rig.read('ran') === 'x');
    const folder = readdirSync(rig.runs).find((name) => /^r\w+-[0-9a-f]{8}$/.test(name)) ?? '';
    const path = join(rig.runs, folder, 'supervisor');
    const [pid, start] = readFileSync(path, 'utf8').split(' ');
    writeFileSync(path, `${`${pid} ${start} 00000000-0000-4000-8000-000000000000`.padEnd(127)}\n`);
    expect(verdictOf((await running).result)).toBe('transient-infra lost-rebooted');
    process.kill(Number(pid), 'SIGKILL');
    await until(() => rig.sleeping().length === 0);
  });

  test.concurrent('whose supervisor was ended is lost, not green', async ({ rig }) => {
    const running = rig.run(rig.spec(`printf x >>ran; ${rig.sleep}`));
    await until(() => rig.read('ran') === 'x');
    const folder = readdirSync(rig.runs).find((name) => /^r\w+-[0-9a-f]{8}$/.test(name)) ?? '';
    process.kill(Number(readFileSync(join(rig.runs, folder, 'supervisor'), 'utf8').split(' ')[0]), 'SIGKILL');
    expect(verdictOf((await running).result)).toBe('transient-infra lost-supervisor');
    await until(() => rig.sleeping().length === 0);
  });
});

describe.runIf(supported)('a login that does something else', () => {
  const verdict = async (login: (command: string) => string, options: RunOptions = {}): Promise<string> => {
    const rig = new StagingRig({ login });
    try {
      return await rig.verdict(rig.spec('exit 4'), options);
    } finally {
      await rig.end();
    }
  };

  test.concurrent.for<[string, string]>([
    ['a forced command that ends well', 'true'],
    ['a forced command that says something', 'echo this account is for backups'],
    ['a forced command that says what was asked', 'printf "%s\\n" "$COMMAND"'],
    ['a shell that refuses', 'echo This account is currently not available.; exit 1'],
  ])('%s: permanent, whatever the code', async ([, forced]) => {
    expect(await verdict((command) => `COMMAND='${command.slice(0, 40).replaceAll("'", '')}'; ${forced}`)).toBe(
      'permanent-env no-supervisor',
    );
  });

  test.concurrent('a forced cat that echoes all that we say is no sign of life', async () => {
    const limits = { silenceMs: 2000, reconnectMs: 1000, killMs: 400 };
    expect(await verdict(() => 'timeout 20 cat', { limits })).toBe('permanent-env no-supervisor');
  });

  test.concurrent('noise of login files, also without a line feed and on both streams, changes nothing', async () => {
    const noisy = `printf 'Welcome\\n@@${'b'.repeat(32)} exit 0 exit 0 0 0 1 1 0\\nno end'; printf x >&2;`;
    expect(await verdict((command) => `${noisy} ${command}`)).toBe('suite-ran 4');
  });
});

describe.runIf(supported)('the end that is asked for', () => {
  const steps = [
    'taking the staging host',
    'looking at the staging host',
    'running the suite',
    'asking what the host serves',
    'reading the report',
  ];
  test.concurrent.for(steps)('while it is %s: cancelled, and nothing is left', async (at, { rig }) => {
    const stop = new AbortController();
    const spec = rig.spec(`mkdir -p out; echo '${junit(0)}' >out/report.xml`, { servedCommit: `echo ${HEAD}`, report });
    const onStep = (step: string): void => {
      if (step === at) stop.abort('enough');
    };
    const { result } = await rig.run(spec, { stop: stop.signal, onStep });
    expect(result).toMatchObject({ status: 'infra', class: 'cancelled', cause: 'cancelled', detail: 'enough' });
  });

  test.concurrent('while the suite goes on: it is dead when the result is there', async ({ rig }) => {
    const stop = new AbortController();
    const running = rig.run(rig.spec(`setsid ${rig.sleep} & (trap '' TERM; ${rig.sleep}; ${rig.sleep})`), {
      stop: stop.signal,
    });
    await until(() => rig.sleeping().length >= 3);
    stop.abort('enough');
    const { result } = await running;
    expect(rig.sleeping()).toEqual([]);
    expect(result).toMatchObject({ class: 'cancelled', remote: { survivors: 0 } });
  });

  test.concurrent('while the host is away is not confirmed: held, not cancelled', async ({ rig }) => {
    const stop = new AbortController();
    const limits = { killMs: 400, leaseMs: 6000, reconnectMs: 1000, silenceMs: 4000 };
    const running = rig.run(rig.spec(`printf x >>ran; ${rig.sleep}`, { graceMs: 100 }), { stop: stop.signal, limits });
    await until(() => rig.read('ran') === 'x');
    rig.host.down = true;
    rig.host.reset();
    stop.abort('enough');
    expect(verdictOf((await running).result)).toBe('held kill-unconfirmed');
    await until(() => rig.sleeping().length === 0);
  });
});

describe.runIf(supported)('one host, one item at a time', () => {
  test.concurrent('the second one is told who has the host, and gets it afterwards', async ({ rig }) => {
    const first = rig.run(rig.spec('printf x >>ran; until [ -e go ]; do sleep 0.05; done', { item: 'DEMO-7' }));
    await until(() => rig.read('ran') === 'x');
    const second = await rig.run(rig.spec('printf y >>ran'));
    expect(verdictOf(second.result)).toBe('transient-infra host-busy');
    expect(second.result).toMatchObject({ detail: expect.stringContaining('DEMO-7 run r') });
    rig.write('go', '');
    expect(verdictOf((await first).result)).toBe('suite-ran 0');
    expect(await rig.verdict(rig.spec('printf z >>ran'))).toBe('suite-ran 0');
    expect(rig.read('ran')).toBe('xz');
  });

  test.concurrent('the lock of a holder that died is free at once', async ({ rig }) => {
    const running = rig.run(rig.spec(`printf x >>ran; ${rig.sleep}`));
    await until(() => rig.read('ran') === 'x');
    // All that the first one has on the host is ended there from outside.
    for (const id of readdirSync(rig.runs).filter((name) => existsSync(join(rig.runs, name, 'supervisor')))) {
      for (const record of ['watchdog', 'supervisor', 'suite']) {
        const pid = Number(readFileSync(join(rig.runs, id, record), 'utf8').split(' ')[0]);
        if (pid > 1 && !existsSync(join(rig.runs, id, 'exit'))) process.kill(pid, 'SIGKILL');
      }
    }
    expect(await rig.verdict(rig.spec('exit 6'))).toBe('suite-ran 6');
    expect(verdictOf((await running).result)).toBe('transient-infra lost-supervisor');
  });

  test.concurrent('a green suite whose lock was lost before its end is no verdict', async ({ rig }) => {
    const running = rig.run(rig.spec('printf x >>ran; until [ -e go ]; do sleep 0.05; done'));
    await until(() => rig.read('ran') === 'x');
    const id = readdirSync(rig.runs).find((name) => name.endsWith('-lock')) ?? '';
    process.kill(Number(readFileSync(join(rig.runs, id, 'supervisor'), 'utf8').split(' ')[0]), 'SIGKILL');
    await until(() => readFileSync(join(rig.runs, id, 'swept'), 'utf8').trim() !== '');
    rig.write('go', '');
    expect(verdictOf((await running).result)).toBe('transient-infra host-lock-lost');
  });
});

describe.runIf(supported)('the folder of the runs on the host', () => {
  test.concurrent('keeps no more than it should, and all that lives or is not ours', async ({ rig }) => {
    expect(await rig.verdict(rig.spec('true'))).toBe('suite-ran 0');
    expect(statSync(rig.runs).mode & 0o777).toBe(0o700);
    const finished = readdirSync(rig.runs).filter((name) => name !== 'lock');
    const make = (name: string, days: number, records: Record<string, string>): void => {
      mkdirSync(join(rig.runs, name));
      for (const [record, text] of Object.entries(records)) writeFileSync(join(rig.runs, name, record), text);
      const at = Date.now() / 1000 - days * 86_400;
      utimesSync(join(rig.runs, name), at, at);
    };
    const over = { limits: '', exit: '0 exit 0 0 0 1 1 0' };
    for (let index = 0; index < 70; index++) make(`finished-${index}`, 1 + index / 100, over);
    for (let index = 0; index < 5; index++) make(`ancient-${index}`, 20, over);
    make('not-ours', 30, { letter: '' });
    // This process stands for a supervisor that lives.
    const stat = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    make('living', 30, { limits: '', supervisor: `${process.pid} ${stat[19]} ${boot}` });
    make('dead', 30, { limits: '', supervisor: `${process.pid} 1 ${boot}` });
    expect(await rig.verdict(rig.spec('true'))).toBe('suite-ran 0');
    const names = (): string[] => readdirSync(rig.runs);
    await until(() => !names().some((name) => /ancient|finished-69|dead/.test(name)));
    expect(names()).toEqual(expect.arrayContaining(['living', 'not-ours', 'finished-0', 'lock', ...finished]));
  });
});

describe.runIf(supported)('a host', () => {
  test.concurrent('that ended the run for want of heartbeats says so to whoever comes later', async ({ rig }) => {
    const spec = rig.spec(`printf x >>ran; echo begun; ${rig.sleep}`);
    const cookie = 'd'.repeat(32);
    const limits = { reconnectMs: 1000, silenceMs: 4000, leaseMs: 6000, killMs: 400 };
    const running = rig.run(spec, { limits, cookie });
    await until(() => rig.read('ran') === 'x');
    rig.host.down = true;
    rig.host.reset();
    await running;
    await until(() => existsSync(join(rig.runs, spec.run, 'exit')));
    rig.host.down = false;
    const later = await rig.run(spec, { cookie, adopted: true });
    expect([verdictOf(later.result), later.log.toString()]).toEqual(['transient-infra lease', 'begun\n']);
    expect([rig.read('ran'), rig.sleeping()]).toEqual(['x', []]);
  });

  test.concurrent('that knows nothing of a run that was asked for is held, and starts nothing', async ({ rig }) => {
    expect(await rig.verdict(rig.spec('printf x >>ran'), { adopted: true })).toBe('held run-unknown');
    expect(rig.read('ran')).toBe('');
  });

  const shells = ['dash', 'bash', 'zsh', 'fish', 'tcsh'].map((name) => `/usr/bin/${name}`);
  test.concurrent.for(shells)('whose login shell is %s runs the suite', async (shell, { skip }) => {
    if (!existsSync(shell)) return skip(`${shell} is not installed`);
    const rig = new StagingRig({ shell });
    expect(await rig.verdict(rig.spec(`[ "$0" = /bin/sh ] && exit 4`))).toBe('suite-ran 4');
    await rig.end();
  });

  test.runIf(process.getuid?.() === 0).for([
    ['red', 'permanent-env disk-full', 4],
    ['green', 'held disk-full', 0],
  ] as const)('whose disk the suite fills gives no verdict, %s', async ([, verdict, code], { rig, skip }) => {
    mkdirSync(rig.runs, { recursive: true, mode: 0o700 });
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'none', rig.runs]).status !== 0) return skip();
    try {
      expect(await rig.verdict(rig.spec(`head -c 3000000 /dev/zero; exit ${code}`))).toBe(verdict);
    } finally {
      spawnSync('umount', ['-l', rig.runs]);
    }
  });
});
