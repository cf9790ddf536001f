import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRemoteHost, type RemoteHost } from '../../../runner-host/ssh/connect/remote-host';
import { SSHD } from '../ssh/sshd/sshd';
import { SshRig, withoutAgent } from '../ssh/sshd/rig';
import { TcpProxy } from '../ssh/sshd/tcp-proxy';
import { extent } from '../../crash/ledger/extent';
import { runWithResets } from './resets';
import { HEAD, StagingRig, until, verdictOf } from './staging-rig';

const installed = process.platform === 'linux' && existsSync(SSHD);
test.runIf(process.env['CI'] !== undefined && process.platform === 'linux')('CI has a real server to test with', () => {
  expect(installed).toBe(true);
});

describe.runIf(installed)('over a real OpenSSH server', () => {
  let servers: SshRig;
  let proxy: TcpProxy;
  let host: RemoteHost;
  let rig: StagingRig;
  beforeAll(async () => {
    servers = new SshRig();
    const server = await servers.serve(['MaxStartups 100']);
    proxy = await TcpProxy.to(server.port);
    host = connectThrough(servers, proxy.port);
    rig = new StagingRig();
    rig.remote = host;
  });
  afterAll(async () => {
    await rig.end();
    await host.close();
    await proxy.close();
    await servers.close();
  });

  test('a green and a red suite, with the commit that is served and a report', async () => {
    const junit = '<testsuite name="s" tests="1"><testcase name="one"/></testsuite>';
    for (const code of [0, 3]) {
      const spec = rig.spec(`mkdir -p out; echo '${junit}' >out/r.xml; echo out; exit ${code}`, {
        servedCommit: ['echo', HEAD],
        report: { format: 'junit', path: 'out/r.xml' },
      });
      const { result, log } = await rig.run(spec);
      expect(verdictOf(result)).toBe(`suite-ran ${code}`);
      expect(result).toMatchObject({ served: { before: HEAD, after: HEAD }, report: { state: 'read', tests: 1 } });
      expect(log.toString()).toBe('out\n');
    }
  });

  test('resets at random moments: run once, log whole, right verdict', async () => {
    for (let round = 0; round < extent(100, 3); round++) {
      const survived = await runWithResets(rig, () => proxy.reset(), 5);
      expect(survived).toMatchObject({ verdict: 'suite-ran 5', ran: 'x', logIsWhole: true });
    }
  });

  test('of what a suite starts nothing is left when it is cancelled, but a double fork without environment', async () => {
    const stop = new AbortController();
    const wanted = [
      `${rig.sleep} &`,
      `${rig.sleep} | cat &`,
      `nohup ${rig.sleep} >/dev/null 2>&1 &`,
      `setsid ${rig.sleep} &`,
      `(setsid ${rig.sleep} &)`,
      `(trap '' TERM; ${rig.sleep}; ${rig.sleep}) &`,
      `setsid env -i /usr/bin/${rig.sleep} &`,
      `sh -c '(${rig.sleep} &) ; ${rig.sleep}' &`,
      `nohup setsid sh -c 'trap "" HUP TERM INT; ${rig.sleep}' >/dev/null 2>&1 &`,
      rig.sleep,
    ];
    const running = rig.run(rig.spec(wanted.join('\n')), { stop: stop.signal });
    await until(() => rig.sleeping().length >= wanted.length);
    stop.abort('enough');
    const { result } = await running;
    expect(rig.sleeping()).toEqual([]);
    expect(result).toMatchObject({ class: 'cancelled', remote: { survivors: 0 } });
  });

  test('a host whose key is not known runs nothing', async () => {
    const strange = connectThrough(servers, proxy.port, []);
    const other = new StagingRig();
    other.remote = strange;
    expect(await other.verdict(other.spec('printf x >>ran'))).toBe('permanent-env host-key-unknown');
    expect(other.read('ran')).toBe('');
    await strange.close();
    await other.end();
  });

  test('a forced command that ends with 0 is not green', async () => {
    const server = await servers.serve(['ForceCommand true']);
    const forced = connectThrough(servers, server.port);
    const other = new StagingRig();
    other.remote = forced;
    expect(await other.verdict(other.spec('true'))).toBe('permanent-env no-supervisor');
    await forced.close();
    await other.end();
  });
});

/** As a person would have it in their configuration, the key of the host known unless it is said otherwise. */
function connectThrough(
  servers: SshRig,
  port: number,
  known = [`[127.0.0.1]:${port} ${servers.hostKey.line}`],
): RemoteHost {
  const folder = servers.subfolder('client');
  writeFileSync(join(folder, 'known_hosts'), known.map((line) => `${line}\n`).join(''));
  const config = [
    'Host staging',
    'HostName 127.0.0.1',
    `Port ${port}`,
    `IdentityFile ${servers.userKey.path}`,
    `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
    'GlobalKnownHostsFile none',
  ];
  writeFileSync(join(folder, 'config'), `${config.join('\n')}\n`);
  const target = { transport: 'ssh2' as const, host: 'staging', port: null, user: userInfo().username };
  return openRemoteHost(target, {
    secrets: { passphrases: {}, password: null },
    trustStore: servers.trustStore,
    env: withoutAgent(),
    sshConfig: join(folder, 'config'),
  });
}
