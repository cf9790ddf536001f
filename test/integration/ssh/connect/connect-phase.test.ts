import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../../setup/step.mjs';
import { SshRig, withoutAgent, type HostOptions, type Outcome } from '../sshd/rig';
import type { Sshd } from '../sshd/sshd';
import { strangePort } from '../sshd/tcp-proxy';

let rig: SshRig;
let plain: Sshd;
const agents: (() => void)[] = [];

beforeAll(async () => {
  rig = new SshRig();
  plain = await rig.serve();
});
afterAll(async () => {
  for (const end of agents) end();
  await rig.close();
});

/** An agent of its own that holds these private keys. */
async function agentWith(...keys: string[]): Promise<NodeJS.ProcessEnv> {
  const socket = join(rig.subfolder('agent'), 'socket');
  const agent = spawn('timeout', ['-k', '1', '300', 'ssh-agent', '-D', '-a', socket], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  agents.push(() => agent.kill('SIGTERM'));
  // It names its socket once it listens there.
  await once(agent.stdout, 'data');
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  if (keys.length > 0) execFileSync('ssh-add', ['-q', ...keys], { env });
  return env;
}

async function once1(port: number, options: HostOptions = {}): Promise<Outcome & { report: unknown }> {
  const host = rig.host(port, options);
  const outcome = await host.run('echo ran');
  const report = host.report;
  await host.close();
  return { ...outcome, report };
}

const LOGGED_IN = 'permanent-env no-supervisor';

describe('a login', () => {
  test('with the configured key runs the command, and its status alone is no verdict', async () => {
    const { output, events, verdict } = await once1(plain.port);
    expect(output).toBe('ran\n');
    expect(events).toEqual([{ kind: 'close', code: 0 }]);
    expect(verdict).toBe(LOGGED_IN);
  });

  test.each<[string, () => HostOptions | Promise<HostOptions>]>([
    ['the wrong key', () => ({ config: [`IdentityFile ${rig.key('wrong').path}`] })],
    ['an unknown user', () => ({ user: 'nobody-of-that-name' })],
    ['nothing to log in with', () => ({ config: ['IdentityFile none'] })],
    ['a password where none is taken', () => ({ config: ['IdentityFile none'], secrets: { password: 'secret' } })],
    [
      'an agent with another key',
      async () => ({ config: ['IdentityFile none'], env: await agentWith(rig.key('other').path) }),
    ],
    ['an agent that is not there', () => ({ config: ['IdentityFile none', 'IdentityAgent /nowhere/agent'] })],
  ])('with %s is a permanent fault', async (_name, options) => {
    const { verdict, output } = await once1(plain.port, await options());
    expect({ verdict, output }).toEqual({ verdict: 'permanent-env authentication', output: '' });
  });

  test('as root where root may not log in is a permanent fault', async () => {
    const server = await rig.serve(['PermitRootLogin no', 'DenyUsers *']);
    expect((await once1(server.port)).verdict).toBe('permanent-env authentication');
  });

  test('with an agent runs the command; one that is missing does no harm to a key that fits', async () => {
    const env = await agentWith(rig.userKey.path);
    expect(await once1(plain.port, { config: ['IdentityFile none'], env })).toMatchObject({ output: 'ran\n' });
    const missing = { config: [`IdentityFile ${rig.userKey.path}`, 'IdentityAgent /nowhere/agent'] };
    expect(await once1(plain.port, missing)).toMatchObject({ output: 'ran\n', events: [{ kind: 'close', code: 0 }] });
  });

  test('offers the key that is named before the agent’s others, and counts none twice', async () => {
    const many = Array.from({ length: 7 }, (_, index) => rig.key(`many-${index}`).path);
    const env = await agentWith(...many);
    const tooMany = await once1(plain.port, { config: ['IdentityFile none'], env });
    expect(tooMany.verdict).toBe('permanent-env disconnected');
    expect(tooMany.events).toContainEqual({ kind: 'error', code: 2 });
    expect(await once1(plain.port, { env })).toMatchObject({ output: 'ran\n' });
    // Its private half is with the agent alone, the public one says which it is.
    const own = await agentWith(...many, rig.userKey.path);
    const named = join(rig.folder, 'named');
    writeFileSync(named, `${rig.userKey.line}\n`);
    const only = { config: [`IdentityFile ${named}`, 'IdentitiesOnly yes'], env: own };
    expect(await once1(plain.port, only)).toMatchObject({ output: 'ran\n' });
  });

  test('needs the passphrase of an encrypted key, and says of which', async () => {
    const path = join(rig.folder, 'locked');
    const { line } = rig.key('locked', 'ed25519', 'open sesame');
    const server = await rig.serve([], { authorizedKeys: [line] });
    const config = [`IdentityFile ${path}`];
    const none = await once1(server.port, { config });
    expect(none.verdict).toBe('permanent-env key-unusable');
    expect(none.report).toMatchObject({ needs: { kind: 'passphrase', identity: path } });
    const bad = await once1(server.port, { config, secrets: { passphrases: { [path]: 'close' } } });
    expect(bad.verdict).toBe('permanent-env key-unusable');
    expect(bad.report).toMatchObject({ needs: { kind: 'passphrase', identity: path } });
    const good = await once1(server.port, { config, secrets: { passphrases: { [path]: 'open sesame' } } });
    expect(good).toMatchObject({ output: 'ran\n', report: { needs: null } });
  });

  test('with a key that is damaged is a permanent fault, and asks for no passphrase', async () => {
    const path = join(rig.folder, 'damaged');
    writeFileSync(path, '-----BEGIN OPENSSH PRIVATE KEY-----\nnonsense\n-----END OPENSSH PRIVATE KEY-----\n');
    const { verdict, report } = await once1(plain.port, { config: [`IdentityFile ${path}`] });
    expect(verdict).toBe('permanent-env key-unusable');
    expect(report).toMatchObject({ needs: null });
  });

  test('that needs a second factor is refused, and says that a password is asked for', async () => {
    const server = await rig.serve(['AuthenticationMethods publickey,password', 'PasswordAuthentication yes']);
    const { verdict, report } = await once1(server.port);
    expect(verdict).toBe('permanent-env authentication');
    expect(report).toMatchObject({ needs: { kind: 'password' } });
  });

  test('that was refused is not tried again over the same host', async () => {
    const server = await rig.serve();
    const host = rig.host(server.port, { config: [`IdentityFile ${rig.key('refused').path}`] });
    const verdicts = await Promise.all([host.run('true'), host.run('true')]);
    verdicts.push(await host.run('true'));
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(3).fill('permanent-env authentication'));
    expect(server.connections).toBe(1);
  });
});

describe('a port', () => {
  const READY = { limits: { readyMs: 400 } };

  test('where nobody listens may answer later', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const { verdict, events } = await once1(port);
    expect(verdict).toBe('transient-infra unreachable');
    expect(events).toContainEqual(expect.objectContaining({ code: 'ECONNREFUSED' }));
  });

  test('that says nothing may answer later', async () => {
    const silent = await strangePort(() => undefined);
    expect((await once1(silent.port, READY)).verdict).toBe('transient-infra timeout');
    await silent.close();
  });

  test.each<[string, (socket: Socket) => void]>([
    ['takes a connection and closes it', (socket) => socket.destroy()],
    ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
  ])('that %s is no ssh server now', async (_name, answer) => {
    const strange = await strangePort(answer);
    expect((await once1(strange.port, READY)).verdict).toBe('transient-infra lost-before-handshake');
    await strange.close();
  });

  test('that resets connections may answer later', async () => {
    const strange = await strangePort((socket) => socket.resetAndDestroy());
    expect((await once1(strange.port, READY)).verdict).toMatch(/^transient-infra /);
    await strange.close();
  });

  test('of a server that takes no more connections may answer later', async () => {
    const server = await rig.serve(['MaxStartups 1', 'LoginGraceTime 30']);
    // It does not log in, and is counted as long.
    const squatter = connect(server.port, '127.0.0.1');
    squatter.on('error', () => undefined);
    await once(squatter, 'data');
    expect((await once1(server.port, READY)).verdict).toMatch(/^transient-infra (lost-before-handshake|unreachable)$/);
    squatter.destroy();
  });

  test('of a server without an algorithm in common is a permanent fault', async () => {
    const server = await rig.serve(['KexAlgorithms sntrup761x25519-sha512@openssh.com']);
    expect((await once1(server.port)).verdict).toBe('permanent-env handshake');
  });
});

/** Whether a process can be started that has no network at all. */
const canUnshare = spawnSync('unshare', ['-n', 'true']).status === 0;

describe.runIf(canUnshare)('without a network', () => {
  test.each([
    ['a host may be reached later', '127.0.0.1', 'ENETUNREACH'],
    ['a name may be found later', 'no-such-host.invalid', 'EAI_AGAIN'],
  ])('%s', (_name, host, code) => {
    const program = ['test/setup/typescript-hooks.mjs', 'test/integration/ssh/sshd/say-verdict.ts'];
    const [hooks, script] = program.map((path) => join(root, path));
    const args = ['-n', process.execPath, '--import', hooks ?? '', script ?? '', host];
    const { stdout } = spawnSync('unshare', args, { encoding: 'utf8', env: withoutAgent() });
    expect(stdout).toContain(`transient-infra unreachable [{"kind":"error","level":"client-socket","code":"${code}"}`);
  });
});

describe('a channel', () => {
  test('that the server has no session for may be opened later', async () => {
    const server = await rig.serve(['MaxSessions 1']);
    const host = rig.host(server.port);
    const first = host.start('echo up; cat');
    await first.seen('up');
    const second = await host.run('true');
    expect(second.verdict).toBe('transient-infra channel-open');
    expect(second.events).toEqual([{ kind: 'exec-failed', reason: 2 }]);
    first.channel.close();
    await first.finished;
    await host.close();
  });

  test.each([
    ['a forced command', 'ForceCommand echo "$SSH_ORIGINAL_COMMAND"'],
    ['a forced command that is silent', 'ForceCommand true'],
    ['a forced command that fails', 'ForceCommand exit 1'],
  ])('where %s runs instead is a permanent fault, whatever it returns', async (_name, line) => {
    const server = await rig.serve([line]);
    expect((await once1(server.port)).verdict).toBe('permanent-env no-supervisor');
  });

  test.runIf(process.getuid?.() === 0)('of a user whose shell refuses is a permanent fault', async () => {
    const { output, verdict } = await once1(plain.port, { user: 'nobody' });
    expect(output).not.toContain('ran');
    expect(verdict).toBe('permanent-env no-supervisor');
  });
});

test('the agent of another test is not in the way', () => {
  expect(withoutAgent()['SSH_AUTH_SOCK']).toBeUndefined();
});
