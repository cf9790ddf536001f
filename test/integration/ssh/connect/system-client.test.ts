import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trust } from '../../../../runner-host/ssh/connect/trust-store';
import { SshRig, withoutAgent, type TestHost } from '../sshd/rig';
import type { Sshd } from '../sshd/sshd';
import { TcpProxy } from '../sshd/tcp-proxy';

let rig: SshRig;
let server: Sshd;
beforeAll(async () => {
  rig = new SshRig();
  server = await rig.serve();
});
afterAll(() => rig.close());

const openssh = { transport: 'openssh' } as const;

describe('the system’s client', () => {
  test('runs a command, with its input, output and status', async () => {
    const host = rig.host(server.port, openssh);
    const run = host.start('read line; echo "$line"; echo noise >&2; exit 3');
    run.channel.write('asked\n');
    const { output, stderrBytes, events } = await run.finished;
    expect({ output, stderrBytes, events }).toEqual({
      output: 'asked\n',
      stderrBytes: 6,
      events: [{ kind: 'close', code: 3 }],
    });
    expect(host.report?.resolved.port).toBe(server.port);
  });

  test.each([
    ['a command that returns 255', 'exit 255'],
    ['a shell that is killed', 'kill -KILL $$'],
  ])('can not tell %s from a connection that is lost', async (_name, command) => {
    const { events, afterHello } = await rig.host(server.port, openssh).run(command);
    expect(events).toEqual([{ kind: 'close' }]);
    expect(afterHello).toBe('transient-infra connection-lost');
  });

  test('has lost a connection that was reset', async () => {
    const proxy = await TcpProxy.to(server.port);
    const run = rig.host(proxy.port, openssh).start('echo up; exec cat');
    await run.seen('up');
    proxy.reset();
    expect((await run.finished).events).toEqual([{ kind: 'close' }]);
    await proxy.close();
  });

  test('ends with its channel', async () => {
    const host = rig.host(server.port, openssh);
    const mark = `own-${process.pid}-${Date.now()}`;
    const run = host.start(`echo up; : ${mark}; exec cat`);
    await run.seen('up');
    await host.close();
    expect((await run.finished).events).toEqual([{ kind: 'close' }]);
    expect(clientsOf(mark)).toEqual([]);
  });
});

describe('before the login', () => {
  const failing = async (host: TestHost): Promise<string> => (await host.run('true')).verdict;

  test('a port where nobody listens may answer later', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, 'close');
    expect(await failing(rig.host(port, openssh))).toBe('transient-infra unreachable');
  });

  test.each<[string, () => TestHost]>([
    [
      'a key that is not taken',
      () => rig.host(server.port, { ...openssh, config: [`IdentityFile ${rig.key('no').path}`] }),
    ],
    ['an unknown host', () => rig.host(server.port, { ...openssh, knownHosts: [] })],
  ])('%s is left to a person, and not tried again and again', async (_name, open) => {
    expect(await failing(open())).toBe('held not-understood');
  });

  test('an unknown host is written into no file, and our own store makes it known', async () => {
    const host = rig.host(server.port, { ...openssh, knownHosts: [] });
    const own = join(
      rig.folder,
      readdirSync(rig.folder)
        .filter((name) => name.startsWith('client-'))
        .at(-1) ?? '',
    );
    const files = (): string[] => [readFileSync(join(own, 'known_hosts'), 'utf8'), readdirSync(own).join()];
    const before = files();
    await host.run('true');
    await trust(rig.trustStore, { host: '127.0.0.1', port: server.port }, rig.hostKey.blob);
    expect(await rig.host(server.port, { ...openssh, knownHosts: [] }).run('echo ran')).toMatchObject({
      output: 'ran\n',
    });
    expect(files()).toEqual(before);
  });

  test.each([
    ['a configuration that ssh refuses', { config: ['NoSuchWord yes'] }, 'permanent-env ssh-config'],
    ['no ssh program', { env: { PATH: '/nowhere' } }, 'permanent-env no-system-client'],
  ])('%s is a permanent fault', async (_name, options, verdict) => {
    expect(await failing(rig.host(server.port, { ...openssh, ...options }))).toBe(verdict);
  });
});

describe('what only the system’s client can do', () => {
  test('a user certificate logs in with it, and is what the other one names when it fails', async () => {
    const ca = rig.key('ca');
    const user = rig.key('certified');
    execFileSync('ssh-keygen', ['-q', '-s', ca.path, '-I', 'test', '-n', userInfo().username, `${user.path}.pub`], {
      stdio: 'ignore',
    });
    const certified = await rig.serve([`TrustedUserCAKeys ${ca.path}.pub`], { authorizedKeys: [] });
    const config = [`IdentityFile ${user.path}`];
    expect(await rig.host(certified.port, { ...openssh, config }).run('echo ran')).toMatchObject({ output: 'ran\n' });
    const ours = rig.host(certified.port, { config });
    expect((await ours.run('echo ran')).verdict).toBe('permanent-env authentication');
    expect(ours.report?.systemClient).toBe('certificate');
  });

  test.each([
    ['a proxy command', 'proxy-command', 'ProxyCommand nc %h %p'],
    ['a list of revoked keys', 'revoked-keys', 'RevokedHostKeys /etc/ssh/revoked'],
  ])('%s is refused by the other one, which calls nobody', async (_name, reason, line) => {
    const before = server.connections;
    const host = rig.host(server.port, { config: [line], env: withoutAgent() });
    expect((await host.run('true')).verdict).toBe('permanent-env needs-system-client');
    expect(host.report?.systemClient).toBe(reason);
    expect(server.connections).toBe(before);
  });

  test('a security key is named when nothing else logs in', async () => {
    const path = join(rig.folder, 'id_sk');
    writeFileSync(path, securityKey());
    const host = rig.host(server.port, { config: [`IdentityFile ${path}`] });
    expect((await host.run('true')).verdict).toMatch(/^permanent-env /);
    expect(host.report).toMatchObject({ systemClient: 'security-key', needs: null });
  });
});

/** The frame of a key file whose private half is elsewhere (PROTOCOL.key of OpenSSH). */
function securityKey(): string {
  const field = (value: string | Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const one = Buffer.from([0, 0, 0, 1]);
  const key = Buffer.concat([field('sk-ssh-ed25519@openssh.com'), field(Buffer.alloc(32)), field('ssh:')]);
  const parts = [Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), one, field(key), field('')];
  const body = Buffer.concat(parts).toString('base64');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

/** ssh clients that live, by their command. */
function clientsOf(mark: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.startsWith('ssh ') && line.includes(mark));
}
