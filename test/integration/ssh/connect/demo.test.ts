import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CONNECT_LIMITS, type ConnectLimits } from '../../../../runner-host/ssh/connect/limits';
import { openRemoteHost } from '../../../../runner-host/ssh/connect/remote-host';
import { Ssh2Host } from '../../../../runner-host/ssh/connect/ssh2-host';
import { connectToHost } from '../../../../runner-host/ssh/demo/demo-connect';
import { startDemoHost, type DemoHost } from '../../../../runner-host/ssh/demo/demo-host';
import type { DemoFaults } from '../../../../runner-host/ssh/demo/faults';
import { SshRig, TestHost } from '../sshd/rig';

let demo: DemoHost;
let rig: SshRig;
let host: TestHost;
beforeEach(async () => {
  rig = new SshRig();
  demo = await startDemoHost({ env: { ...process.env, SECRET_OF_THE_HOST: 'secret' } });
  host = hostWith({});
});

function hostWith(changes: Partial<ConnectLimits>): TestHost {
  const reports: TestHost['reports'] = [];
  const onReport = (report: (typeof reports)[number]): void => void reports.push(report);
  const limits = { ...CONNECT_LIMITS, ...changes };
  const remote = new Ssh2Host((signal) => connectToHost(demo, { onReport }, limits, signal), limits);
  return new TestHost(remote, reports);
}

afterEach(async () => {
  await host.close();
  await demo.close();
  await rig.close();
});

describe('the demo host', () => {
  test('runs commands as the local user, with an environment of a login', async () => {
    const run = host.start('read line; echo "$line $SECRET_OF_THE_HOST$HOME" >&2; echo "$line"; exit 4');
    run.channel.write('hello\n');
    const { output, events, stderrBytes } = await run.finished;
    expect({ output, events }).toEqual({ output: 'hello\n', events: [{ kind: 'close', code: 4 }] });
    expect(stderrBytes).toBe(`hello ${(await host.run('printf %s "$HOME"')).output}\n`.length);
    expect(await host.run('kill -KILL $$')).toMatchObject({
      events: [{ kind: 'close', code: null, signal: 'SIGKILL' }],
    });
  });

  test('is known by the key that was made for it', () => {
    expect(demo.hostKey.length).toBeGreaterThan(30);
    return expect(host.run('true').then(() => host.report?.hostKey?.state)).resolves.toBe('known');
  });

  test('ends what runs in a channel’s group when the channel is gone', async () => {
    const run = host.start('echo $$; sleep 60; true');
    await run.seen('\n');
    run.channel.close();
    const pid = Number((await run.finished).output);
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });

  test('lets nobody in with another key', async () => {
    const line = `[127.0.0.1]:${demo.port} ssh-ed25519 ${demo.hostKey.toString('base64')}`;
    const stranger = rig.host(demo.port, { knownHosts: [line] });
    expect((await stranger.run('true')).verdict).toBe('permanent-env authentication');
    expect(demo.counts.logins).toBe(0);
  });

  test('is one for the whole process when it is asked for as a transport', async () => {
    const ports: number[] = [];
    for (let times = 0; times < 2; times++) {
      const target = { transport: 'demo', host: 'demo', port: null, user: null } as const;
      const secrets = { passphrases: {}, password: null };
      const reports: TestHost['reports'] = [];
      const options = { secrets, trustStore: '/nowhere', env: process.env };
      const shared = openRemoteHost(target, { ...options, onReport: (report) => void reports.push(report) });
      expect(await new TestHost(shared, reports).run('echo ran')).toMatchObject({ output: 'ran\n' });
      await shared.close();
      ports.push(reports[0]?.resolved.port ?? -1);
    }
    expect(new Set(ports).size).toBe(1);
  });
});

describe('a host', () => {
  test.each<[string, Partial<DemoFaults>, string]>([
    ['that lets nobody in', { rejectAuth: true }, 'permanent-env authentication'],
    ['that opens no channel', { refuseChannel: true }, 'transient-infra channel-open'],
    ['that runs no commands', { refuseExec: true }, 'permanent-env exec-refused'],
    ['that runs something else', { forcedCommand: 'head -c 1' }, 'permanent-env no-supervisor'],
    ['that runs something else and returns 0', { forcedCommand: 'exit 0' }, 'permanent-env no-supervisor'],
    ['that gives no status', { noStatus: true }, 'transient-infra closed'],
    ['that is slow', { delayMs: 100 }, 'permanent-env no-supervisor'],
    [
      'that drops the connection before a word',
      { dropAfterBytes: 0, forcedCommand: 'echo; exec cat' },
      'transient-infra unreachable',
    ],
  ])('%s is told from the others', async (_name, faults, verdict) => {
    demo.set(faults);
    const run = host.start('true');
    run.channel.write('x');
    expect((await run.finished).verdict).toBe(verdict);
  });

  test('that does not answer for a command loses its connection, and the next one makes another', async () => {
    const impatient = hostWith({ openMs: 300 });
    demo.set({ ignoreExec: true });
    expect((await impatient.run('true')).verdict).toBe('transient-infra timeout');
    demo.set({ ignoreExec: false });
    expect(await impatient.run('echo ran')).toMatchObject({ output: 'ran\n' });
    expect(demo.counts.connections).toBe(2);
    await impatient.close();
  });

  test('that takes a command and then says nothing has not even ended it', async () => {
    demo.set({ silent: true });
    const run = host.start('true');
    await expect.poll(() => demo.counts.commands, { timeout: 20_000 }).toBe(1);
    run.channel.close();
    expect((await run.finished).events).toEqual([{ kind: 'close' }]);
  });

  test('that drops the connection amid the output has given no status', async () => {
    demo.set({ dropAfterBytes: 100 });
    const { output, events, afterHello } = await host.run('head -c 1000 /dev/zero; exec sleep 5');
    expect(output.length).toBeLessThanOrEqual(100);
    expect(events.at(-1)).toEqual({ kind: 'close' });
    expect(afterHello).toBe('transient-infra connection-lost');
  });

  test('that refuses a login is asked once, however many channels are asked for', async () => {
    demo.set({ rejectAuth: true });
    await Promise.all(Array.from({ length: 6 }, () => host.run('true')));
    await host.run('true');
    expect(demo.counts).toMatchObject({ connections: 1, logins: 0 });
  });
});

describe('a password', () => {
  const target = (password: string | null): TestHost => {
    const line = `[127.0.0.1]:${demo.port} ssh-ed25519 ${demo.hostKey.toString('base64')}`;
    return rig.host(demo.port, { knownHosts: [line], config: ['IdentityFile none'], secrets: { password } });
  };

  test.each(['password', 'keyboard-interactive'] as const)('logs in by the method %s', async (method) => {
    demo.set({ password: { method, value: 'right' } });
    expect(await target('right').run('echo ran')).toMatchObject({ output: 'ran\n' });
    for (const given of ['wrong', null]) {
      const refused = target(given);
      expect((await refused.run('true')).verdict).toBe('permanent-env authentication');
      expect(refused.report?.needs).toEqual({ kind: 'password' });
    }
  });

  test('answers one question, not two', async () => {
    demo.set({ password: { method: 'keyboard-interactive', value: '', prompts: 2 } });
    expect((await target('right').run('true')).verdict).toBe('permanent-env authentication');
  });

  test('goes to nobody whose key is not on file', async () => {
    demo.set({ password: { method: 'password', value: 'right' } });
    const stranger = rig.host(demo.port, {
      knownHosts: [],
      config: ['IdentityFile none'],
      secrets: { password: 'right' },
    });
    expect((await stranger.run('true')).verdict).toBe('permanent-env host-key-unknown');
    expect(demo.counts.logins).toBe(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
