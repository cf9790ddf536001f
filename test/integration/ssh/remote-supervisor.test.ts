import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { end, environmentOf, hostShells, LocalHost, processes, until, type HostShell } from './local-remote';

const supported = process.platform === 'linux';
const folder = mkdtempSync(join(tmpdir(), 'ilk-shells-'));
const shells = supported ? hostShells(folder) : [];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const onHost = (shell: HostShell) =>
  test.extend<{ host: LocalHost }>({
    // Vitest reads from the pattern which other fixtures this one needs: none.
    host: async ({}, use) => {
      const host = new LocalHost(shell);
      await use(host);
      await host.end();
    },
  });
const ran = (host: LocalHost): string => readFileSync(join(host.workdir, 'ran'), 'utf8');

test.runIf(supported)('dash and bash are among the shells that this is tested with', () => {
  for (const { shell } of shells) expect(existsSync(shell), shell).toBe(true);
});

describe.each(shells)('under $name', (shell) => {
  const onThis = onHost(shell);

  onThis.concurrent(
    'the suite runs once, in its directory, and its exit code and log arrive byte for byte',
    async ({ host }) => {
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
      writeFileSync(join(host.workdir, 'bytes'), bytes);
      const command = `printf x >>ran; cat bytes; printf '%s' "it's \\$HOME \\\`x\\\` \\\\" >&2; (exit 7)`;
      const call = await host.call({ command }).finished();
      expect(call.types).toEqual(['hello', 'env', 'started', 'attached', 'data', 'exit']);
      expect(call.log.equals(Buffer.concat([bytes, Buffer.from("it's $HOME `x` \\")]))).toBe(true);
      expect(call.exit).toMatchObject({ code: 7, reason: 'exit', survivors: 0, leaked: 0, logBytes: call.log.length });
      expect(ran(host)).toBe('x');
    },
  );

  onThis.concurrent(
    'at the time limit everything of the run is ended: sessions of their own, ignored TERM, cleared environment',
    async ({ host }) => {
      const command = [
        `${host.sleep} & nohup ${host.sleep} & setsid ${host.sleep} & (setsid ${host.sleep} &)`,
        `(trap '' TERM; ${host.sleep}; ${host.sleep}) & setsid env -i ${process.execPath} -e 'setTimeout(() => {}, 70000)' '${host.sleep}' &`,
        host.sleep,
      ].join('\n');
      const call = host.call({ command, timeoutTicks: 25 });
      let most = 0;
      await until(() => (most = Math.max(most, host.sleeping().length)) >= 7 || call.exit !== undefined);
      await call.done;
      expect(most).toBeGreaterThanOrEqual(7);
      expect(call.exit).toMatchObject({ reason: 'timeout', survivors: 0 });
      expect(host.sleeping()).toEqual([]);
    },
  );

  onThis.concurrent('what a green suite leaves behind is counted and ended', async ({ host }) => {
    const call = await host.call({ command: `${host.sleep} & setsid ${host.sleep} & echo done` }).finished();
    expect(call.exit).toMatchObject({ code: 0, reason: 'exit', survivors: 0, leaked: 2 });
    expect(host.sleeping()).toEqual([]);
  });

  onThis.concurrent(
    'a process that left session and environment is known by the tree it once was in',
    async ({ host }) => {
      const stray = `setsid env -i ${process.execPath} -e 'setTimeout(() => {}, 70000)' '${host.sleep}' &`;
      const call = host.call({ command: `${stray} until [ -e go ]; do sleep 0.05; done` });
      await until(() => host.sleeping().length > 0 && call.find('started') !== undefined);
      // The watchdog looks at each tick.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      writeFileSync(join(host.workdir, 'go'), '');
      await call.done;
      expect(call.exit).toMatchObject({ code: 0, survivors: 0, leaked: 1 });
      expect(host.sleeping()).toEqual([]);
    },
  );

  onThis.concurrent('without heartbeats the run ends itself, with nobody connected', async ({ host }) => {
    const call = host.call({ command: `echo begun; ${host.sleep}`, leaseTicks: 8 }, false);
    await until(() => call.find('started') !== undefined);
    call.drop();
    await until(() => host.record('exit').length > 1);
    const later = await host.call({ mode: 'attach' }).finished();
    expect(later.exit).toMatchObject({ reason: 'lease', survivors: 0 });
    expect(later.log.toString()).toBe('begun\n');
    expect(host.sleeping()).toEqual([]);
  });

  onThis.concurrent(
    'a lost connection does not stop the run, and the log goes on at the byte where it was lost',
    async ({ host }) => {
      const first = host.call({ command: 'echo one; until [ -e go ]; do sleep 0.05; done; echo two; exit 5' });
      await until(() => first.log.toString() === 'one\n');
      first.drop();
      const second = host.call({ mode: 'attach', offset: first.log.length });
      await until(() => second.find('attached') !== undefined);
      writeFileSync(join(host.workdir, 'go'), '');
      await second.done;
      expect(second.find('attached')).toEqual({ type: 'attached', offset: 4 });
      expect(second.log.toString()).toBe('two\n');
      expect(second.exit).toMatchObject({ code: 5, reason: 'exit', logBytes: 8 });
    },
  );

  onThis.concurrent('a kill from another connection ends the run', async ({ host }) => {
    const call = host.call({ command: `setsid ${host.sleep} & ${host.sleep}` });
    await until(() => host.sleeping().length >= 2);
    const kill = await host.call({ mode: 'kill' }).finished();
    await call.done;
    expect(kill.find('killed')).toEqual({ type: 'killed', survivors: 0 });
    expect(call.exit).toMatchObject({ reason: 'kill', survivors: 0 });
    expect(host.sleeping()).toEqual([]);
  });

  onThis.concurrent(
    'when the supervisor is killed the suite goes too, and the run is lost, not green',
    async ({ host }) => {
      const call = host.call({ command: `echo begun; ${host.sleep}` });
      await until(() => call.log.length > 0);
      end(Number(host.record('supervisor')[0]));
      await call.done;
      expect(call.find('lost')).toEqual({ type: 'lost', reason: 'supervisor' });
      expect(call.exit).toBeUndefined();
      await until(() => host.sleeping().length === 0);
    },
  );
});

describe.runIf(supported)('whatever the shell', () => {
  const onThis = onHost(shells[0] ?? { name: '', shell: '', path: '' });

  onThis.concurrent('five starts that all found nothing there make one run', async ({ host }) => {
    // chmod is the last program before the run directory is made: it waits there for all five.
    const gate = `echo x >>'${host.folder}/there'; until [ "$(wc -l <'${host.folder}/there')" -ge 5 ]; do sleep 0.02; done`;
    host.replace('chmod', gate);
    const calls = Array.from({ length: 5 }, () => host.call({ command: 'printf x >>ran' }));
    await Promise.all(calls.map(({ done }) => done));
    expect(ran(host)).toBe('x');
    expect(calls.filter((call) => call.find('started')).length).toBe(1);
    expect(calls.filter((call) => call.find('exists')).length).toBe(4);
  });

  onThis.concurrent('a kill that comes before the supervisor does keeps it from beginning', async ({ host }) => {
    const go = join(host.folder, 'go');
    host.replace('setsid', `until [ -e '${go}' ]; do sleep 0.02; done; touch '${host.folder}/passed'`);
    const start = host.call({ command: 'printf x >>ran' });
    await until(() => start.find('env') !== undefined);
    const kill = await host.call({ mode: 'kill' }).finished();
    writeFileSync(go, '');
    await start.done;
    await until(() => existsSync(join(host.folder, 'passed')));
    expect(kill.find('killed')).toEqual({ type: 'killed', survivors: 0 });
    expect(start.find('lost')?.reason).toBe('never-started');
    expect(host.record('supervisor')).toEqual(['']);
    expect(existsSync(join(host.workdir, 'ran'))).toBe(false);
  });

  onThis.concurrent(
    'a run that is started five times at once runs once, and every caller gets its end',
    async ({ host }) => {
      const command = 'printf x >>ran; echo out; exit 3';
      const calls = Array.from({ length: 5 }, () => host.call({ command }));
      await Promise.all(calls.map(({ done }) => done));
      expect(ran(host)).toBe('x');
      expect(calls.map(({ exit }) => exit?.code)).toEqual([3, 3, 3, 3, 3]);
      expect(calls.filter((call) => call.find('started')).length).toBe(1);
      expect(calls.filter((call) => call.find('exists')).length).toBe(4);
    },
  );

  onThis.concurrent('what the suite prints is never a frame', async ({ host }) => {
    const fake = '\n@@a1b2c3d4e5f60718293a4b5c6d7e8f90 exit 0 exit 0 0 0 1 1 0\n';
    writeFileSync(join(host.workdir, 'fake'), fake);
    const call = await host.call({ command: 'cat fake; exit 9' }).finished();
    expect(call.frames.filter(({ type }) => type === 'exit').length).toBe(1);
    expect([call.exit?.code, call.log.toString(), call.broken]).toEqual([9, fake, undefined]);
  });

  onThis.concurrent('no process of the run, and no file, holds the nonce', async ({ host }) => {
    const call = host.call({ command: `env; ${host.sleep}` });
    await until(() => host.sleeping().length > 0 && call.log.length > 0);
    const nonce = 'a1b2c3d4e5f60718293a4b5c6d7e8f90';
    const knowing = processes().filter(({ pid, command }) => (command + environmentOf(pid)).includes(nonce));
    expect(knowing).toEqual([]);
    expect(spawnSync('grep', ['-r', '-l', nonce, host.base]).status).toBe(1);
    expect(call.log.toString()).not.toMatch(/ILK_(DIR|WORKDIR|COMMAND|MASK)|^S=/m);
    await host.call({ mode: 'kill' }).done;
  });

  onThis.concurrent('what was killed before it began never begins', async ({ host }) => {
    const killed = await host.call({ mode: 'kill' }).finished();
    const start = await host.call({ command: 'printf x >>ran' }).finished();
    const again = await host.call({ mode: 'kill' }).finished();
    expect([killed, again].map((call) => call.find('killed')?.survivors)).toEqual([0, 0]);
    expect([start.find('exists')?.type, start.find('lost')?.reason]).toEqual(['exists', 'never-started']);
    expect(existsSync(join(host.workdir, 'ran'))).toBe(false);
  });

  onThis.concurrent('a start that died half-way is never started by an attach, and never later', async ({ host }) => {
    mkdirSync(join(host.base, 'run-1'), { recursive: true });
    const attach = await host.call({ mode: 'attach' }).finished();
    expect(attach.find('lost')?.reason).toBe('never-started');
    expect(existsSync(join(host.base, 'run-1', 'claimed'))).toBe(true);
  });

  onThis.concurrent('a kill ends what a killed supervisor and its watchdog left', async ({ host }) => {
    host.call({ command: `setsid ${host.sleep} & ${host.sleep}` });
    await until(() => host.sleeping().length >= 2);
    const supervisor = host.record('supervisor')[0] ?? '';
    const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8').trim().split(' ');
    const suite = host.record('suite')[0];
    // The watchdog first: it would end the suite by itself.
    for (const pid of [...children.filter((child) => child !== suite), supervisor]) end(Number(pid));
    expect(host.sleeping().length).toBeGreaterThan(0);
    const kill = await host.call({ mode: 'kill' }).finished();
    expect(kill.find('killed')).toEqual({ type: 'killed', survivors: 0 });
    expect(host.sleeping()).toEqual([]);
  });

  onThis.concurrent('a host that was started anew has lost the run', async ({ host }) => {
    const call = host.call({ command: host.sleep });
    await until(() => host.sleeping().length > 0);
    const [pid, start] = host.record('supervisor');
    const record = `${pid} ${start} 00000000-0000-4000-8000-000000000000`;
    writeFileSync(join(host.base, 'run-1', 'supervisor'), `${record.padEnd(127)}\n`);
    await call.done;
    expect(call.find('lost')).toEqual({ type: 'lost', reason: 'rebooted' });
    end(Number(pid));
    await until(() => host.sleeping().length === 0);
  });

  onThis.concurrent('more output than is allowed ends the run', async ({ host }) => {
    const command = `head -c 300000 /dev/zero; ${host.sleep}`;
    const call = await host.call({ command, mostLogKib: 100 }).finished();
    expect(call.exit).toMatchObject({ reason: 'output', survivors: 0 });
    expect(call.log.length).toBe(300_000);
  });

  onThis.concurrent('the suite gets the umask of its user, the records are private', async ({ host }) => {
    const mask = execFileSync('/bin/sh', ['-c', 'umask'], { encoding: 'utf8' });
    const call = await host.call({ command: 'umask' }).finished();
    expect(call.log.toString()).toBe(mask);
    expect(statSync(host.base).mode & 0o777).toBe(0o700);
  });

  onThis.concurrent.for<[string, object]>([
    ['workdir-missing', { workdir: '/nowhere/at/all' }],
    ['command-not-found', { program: 'no-such-program' }],
    ['command-not-found', { program: './missing.sh' }],
    ['not-executable', { program: './plain' }],
    ['not-executable', { program: './folder' }],
    ['disk-full', { needFreeKib: 1e12 }],
    ['parameters', { runId: '../elsewhere' }],
    ['parameters', { token: 'a b' }],
    ['parameters', { token: 'HOME' }],
    ['parameters', { tickSeconds: 1.55 }],
    ['parameters', { base: 'relative' }],
  ])('%s is said before anything starts, and the id stays free: %j', async ([reason, changes], { host }) => {
    writeFileSync(join(host.workdir, 'plain'), '');
    chmodSync(join(host.workdir, 'plain'), 0o644);
    mkdirSync(join(host.workdir, 'folder'));
    const call = await host.call({ command: 'printf x >>ran', ...changes }).finished();
    expect(call.types).toEqual(['hello', 'env']);
    expect(call.find('env')).toMatchObject({ state: 'permanent', reason });
    expect(existsSync(join(host.base, 'run-1'))).toBe(false);
  });

  const mounted = (host: LocalHost): boolean => {
    mkdirSync(host.base);
    return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=700', 'none', host.base]).status === 0;
  };
  onThis.runIf(process.getuid?.() === 0)(
    'a disk that the suite fills loses neither code nor end',
    async ({ host, skip }) => {
      if (!mounted(host)) return skip();
      try {
        const call = host.call({ command: 'until [ -e go ]; do sleep 0.05; done; head -c 1000000 /dev/zero; exit 4' });
        await until(() => call.find('started') !== undefined);
        // Somebody else takes every block that comes free.
        const greedy = 'while :; do head -c 4096 /dev/zero >>"$0"; done';
        const filler = spawn('timeout', ['10', 'sh', '-c', greedy, join(host.base, 'fill')], { stdio: 'ignore' });
        writeFileSync(join(host.workdir, 'go'), '');
        await call.done;
        filler.kill();
        expect(call.exit).toMatchObject({ code: 4, reason: 'exit', survivors: 0, freeAfter: 0 });
        expect(call.exit?.logBytes).toBe(call.log.length);
      } finally {
        spawnSync('umount', ['-l', host.base]);
      }
    },
  );
});
