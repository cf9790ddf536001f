import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMark, openHostRig, pidsWith, until, type HostRig } from './host-rig';

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
});
afterAll(() => rig.close());

describe('a command that ran to its end says something about the code', () => {
  test('exit 0 is a suite that ran, with the tree that it ran on', async () => {
    const { result, output } = await rig.run(rig.spec('echo out; echo err >&2'));
    expect(result).toMatchObject({
      status: 'suite-ran',
      report: { state: 'not-configured' },
      supervision: { exitCode: 0, signal: null, leaked: 0, survivors: [], cleanliness: 'clean', outputBytes: 8 },
      tree: { head: rig.head, headAfter: rig.head, changed: [] },
    });
    expect(result.tree?.treeAfter).toBe(result.tree?.tree);
    expect(output).toContain('out\n');
    expect(output).toContain('err\n');
  });

  test('another exit code is the suite’s word', async () => {
    const { result } = await rig.run(rig.spec(['/bin/sh', '-c', 'exit 3']));
    expect(result).toMatchObject({
      status: 'suite-ran',
      supervision: { exitCode: 3, resolvedCommand: ['/bin/sh', '-c', 'exit 3'] },
    });
  });

  test('a crash of its own (SIGSEGV, SIGABRT) is the suite’s word', async () => {
    for (const signal of ['SEGV', 'ABRT']) {
      const { result } = await rig.run(rig.spec(`ulimit -c 0; kill -${signal} $$`));
      expect(result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: null, signal: `SIG${signal}` } });
    }
  });

  test('a command that ends with 0 before its deadline is no timeout, whatever it leaves behind', async () => {
    const { result } = await rig.run(rig.spec('sleep 30 & exit 0', { timeoutMs: 700, graceMs: 2000 }));
    expect(result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: 0, leaked: 1 } });
  });
});

describe('what says nothing about the code is infra', () => {
  test('timeout: the deadline passed, whatever the command answers to TERM', async () => {
    const { result } = await rig.run(rig.spec("trap 'exit 0' TERM; sleep 30 & wait", { timeoutMs: 300 }));
    expect(result).toMatchObject({ status: 'infra', cause: 'timeout', supervision: { exitCode: 0 } });
  });

  test('killed from outside: a signal that we did not send', async () => {
    for (const signal of ['KILL', 'TERM', 'INT', 'HUP']) {
      const { result } = await rig.run(rig.spec(`kill -${signal} $$`));
      expect(result).toMatchObject({
        status: 'infra',
        cause: 'killed-from-outside',
        supervision: { signal: `SIG${signal}` },
      });
    }
  });

  test('command not found: no such program in the PATH that the command would have, and nothing was started', async () => {
    const { result } = await rig.run(rig.spec(['no-such-program-anywhere']));
    expect(result).toMatchObject({
      status: 'infra',
      cause: 'command-not-found',
      supervision: { pid: null, resolvedCommand: [] },
    });
  });

  test('command not found: a program whose interpreter is missing', async () => {
    rig.commit({ 'broken.sh': '#!/no/such/interpreter\n' });
    const { result } = await rig.run(rig.spec(['./broken.sh']));
    expect(result).toMatchObject({ status: 'infra', cause: 'command-not-found' });
  });

  test('not executable: the program is there without permission', async () => {
    rig.commit({ 'plain.sh': 'echo hello\n' });
    chmodSync(join(rig.worktree, 'plain.sh'), 0o644);
    const { result } = await rig.run(rig.spec(['./plain.sh']));
    expect(result).toMatchObject({ status: 'infra', cause: 'not-executable' });
    chmodSync(join(rig.worktree, 'plain.sh'), 0o755);
  });

  test('exit 127 and 126 without a readable report: the shell could not run the command', async () => {
    const missing = await rig.run(rig.spec('no-such-program-anywhere'));
    expect(missing.result).toMatchObject({
      status: 'infra',
      cause: 'command-not-found',
      supervision: { exitCode: 127 },
    });
    const blocked = await rig.run(rig.spec('/etc/passwd'));
    expect(blocked.result).toMatchObject({ status: 'infra', cause: 'not-executable', supervision: { exitCode: 126 } });
  });

  test('exit 127 with a readable report is the suite’s word', async () => {
    const report = { format: 'junit', path: 'ignored/j.xml' } as const;
    const { result } = await rig.run(
      rig.spec(
        `mkdir -p ignored; echo '<testsuite tests="1"><testcase name="a"/></testsuite>' > ignored/j.xml; exit 127`,
        { report },
      ),
    );
    expect(result).toMatchObject({
      status: 'suite-ran',
      supervision: { exitCode: 127 },
      report: { state: 'read', tests: 1 },
    });
  });

  test('worktree missing: no folder, no worktree in it, no working directory', async () => {
    const missing = await rig.run(rig.spec('true', { worktree: join(rig.worktree, 'nowhere') }));
    expect(missing.result).toMatchObject({ status: 'infra', cause: 'worktree-missing', tree: null });
    mkdirSync(join(rig.worktree, 'ignored/plain'), { recursive: true });
    const plain = await rig.run(rig.spec('true', { worktree: join(rig.worktree, 'ignored/plain') }));
    expect(plain.result).toMatchObject({ status: 'infra', cause: 'worktree-missing' });
    for (const cwd of ['no/such/folder', '..', '../..']) {
      expect((await rig.run(rig.spec('true', { cwd }))).result).toMatchObject({
        status: 'infra',
        cause: 'worktree-missing',
      });
    }
  });

  test('worktree moved: another commit than the one to be tested', async () => {
    const { result } = await rig.run(rig.spec('true', { head: '0'.repeat(40) }));
    expect(result).toMatchObject({ status: 'infra', cause: 'worktree-moved' });
  });

  test('worktree unreadable: git can not say what stands there, so nothing is run', async () => {
    renameSync(join(rig.worktree, '.git/HEAD'), join(rig.worktree, '.git/HEAD.away'));
    try {
      const { result } = await rig.run(rig.spec('true'));
      expect(result).toMatchObject({ status: 'infra', cause: 'worktree-unreadable', supervision: { pid: null } });
    } finally {
      renameSync(join(rig.worktree, '.git/HEAD.away'), join(rig.worktree, '.git/HEAD'));
    }
  });

  test('cancelled: every process is dead when the cancel is answered, and the result is on disk', async () => {
    const mark = newMark();
    const spec = rig.spec(`sleep ${mark} & sleep ${mark}`);
    await rig.host.request('run/start', { spec });
    await until(() => pidsWith(mark).length >= 2, 'the command to start');
    const summary = await rig.host.request('run/cancel', { run: spec.run, reason: 'not wanted' });
    expect(summary).toMatchObject({
      state: 'finished',
      result: { status: 'infra', cause: 'cancelled', detail: 'not wanted' },
    });
    expect(pidsWith(mark)).toEqual([]);
    expect(JSON.parse(readFileSync(rig.runFile(spec.run, 'result.json'), 'utf8'))).toEqual(summary.result);
    const again = await rig.host.request('run/cancel', { run: spec.run, reason: 'another reason' });
    expect(again).toEqual(summary);
  });
});

describe('the command sees only what it is given', () => {
  test('allow-list, passEnv, env and the run’s own cookie; nothing that steers git, node or the editor but the write guard', async () => {
    const { output } = await rig.run(rig.spec(['/usr/bin/env'], { env: { GIVEN: 'yes' }, passEnv: ['PASSED_ON'] }));
    const names = output.split('\n').map((line) => line.split('=')[0] ?? '');
    expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'CI', 'TMPDIR', 'GIVEN']));
    expect(names.filter((name) => /^ILK_RUN_[0-9a-f]{32}$/.test(name))).toHaveLength(1);
    const guards = /^(NODE_OPTIONS|GIT_SSH_COMMAND|GIT_CONFIG_(COUNT|KEY_\d+|VALUE_\d+))$/;
    const steering = /^(ELECTRON_|NODE_OPTIONS|GIT_|VSCODE_|npm_|VITEST)/i;
    expect(names.filter((name) => steering.test(name) && !guards.test(name))).toEqual([]);
    expect(output).toMatch(/^NODE_OPTIONS=--require "[^" ]*guard\.cjs"$/m);
    expect(output).toContain('CI=true\n');
  });

  test('it has no input, and a folder for temporary files that is gone afterwards', async () => {
    const { output, result } = await rig.run(rig.spec('cat; test -d "$TMPDIR" && touch "$TMPDIR/a" && echo "$TMPDIR"'));
    expect(result).toMatchObject({ status: 'suite-ran', supervision: { exitCode: 0 } });
    expect(() => writeFileSync(join(output.trim(), 'b'), '')).toThrow(/ENOENT/);
  });

  test('a program in the worktree does not stand for one in PATH', async () => {
    rig.commit({ env: '#!/bin/sh\necho hijacked\n' });
    const { output } = await rig.run(rig.spec(['env'], { env: { PATH: `.::${process.env['PATH']}` } }));
    expect(output).not.toContain('hijacked');
    rmSync(join(rig.worktree, 'env'));
    rig.commit({});
  });
});
