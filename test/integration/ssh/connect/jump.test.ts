import { afterAll, beforeAll, expect, test } from 'vitest';
import { SshRig, type HostOptions, type TestHost } from '../sshd/rig';
import type { Sshd } from '../sshd/sshd';

let rig: SshRig;
let jump: Sshd;
let target: Sshd;
beforeAll(async () => {
  rig = new SshRig();
  [jump, target] = await Promise.all([rig.serve(), rig.serve()]);
});
afterAll(() => rig.close());

const at = (port: number): string => `[127.0.0.1]:${port} ${rig.hostKey.line}`;

function behind(hop: Sshd, options: HostOptions = {}, port = target.port): TestHost {
  const { config = [], knownHosts = [at(hop.port), at(port)], more = [], ...others } = options;
  return rig.host(port, {
    ...others,
    config: [...config, 'ProxyJump gate'],
    knownHosts,
    more: [...more, 'Host gate', 'HostName 127.0.0.1', `Port ${hop.port}`, `IdentityFile ${rig.userKey.path}`],
  });
}

test('a host behind another is reached through it', async () => {
  const [before, there] = [jump.connections, target.connections];
  const host = behind(jump);
  expect(await host.run('echo ran')).toMatchObject({ output: 'ran\n' });
  expect([jump.connections - before, target.connections - there]).toEqual([1, 1]);
  expect(host.report).toMatchObject({ resolved: { port: target.port, proxyJump: 'gate' } });
});

test('each host on the way is verified', async () => {
  const hop = behind(jump, { knownHosts: [at(target.port)] });
  expect((await hop.run('true')).verdict).toBe('permanent-env host-key-unknown');
  expect(hop.report?.hostKey?.address.port).toBe(jump.port);
  const last = behind(jump, { knownHosts: [at(jump.port), `[127.0.0.1]:${target.port} ${rig.key('x').line}`] });
  expect((await last.run('true')).verdict).toBe('permanent-env host-key-changed');
  expect(last.report?.hostKey?.address.port).toBe(target.port);
});

test('a host that the one before it can not reach may be reached later', async () => {
  const gone = await rig.serve();
  await gone.stop();
  const { verdict, events } = await behind(jump, {}, gone.port).run('true');
  expect({ verdict, events }).toEqual({
    verdict: 'transient-infra channel-open',
    events: [{ kind: 'exec-failed', reason: 2 }],
  });
});

test('a host that lets nobody through is a permanent fault', async () => {
  const closed = await rig.serve([], { authorizedKeys: [`restrict ${rig.userKey.line}`] });
  expect((await behind(closed).run('true')).verdict).toBe('permanent-env channel-refused');
});

test('a host on the way that dies ends the channel without a status', async () => {
  const dying = await rig.serve();
  const run = behind(dying).start('echo up; exec cat');
  await run.seen('up');
  await dying.stop();
  expect((await run.finished).events.at(-1)).toEqual({ kind: 'close' });
});

test('the password of the last host is not given to those before it', async () => {
  const gate = await rig.serve(['PasswordAuthentication yes', 'LogLevel DEBUG1'], { authorizedKeys: [] });
  const host = behind(gate, { secrets: { password: 'of the last host alone' } });
  expect((await host.run('true')).verdict).toBe('permanent-env authentication');
  expect(gate.log.filter((line) => line.includes('method password'))).toEqual([]);
  expect(host.report?.needs).toBeNull();
});
