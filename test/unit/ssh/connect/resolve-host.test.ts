import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConnectRefused } from '../../../../runner-host/ssh/connect/connect-refused';
import { resolveChain } from '../../../../runner-host/ssh/connect/resolve-host';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-ssh-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const NO_SSH = { PATH: '/nowhere' };
const resolve = (
  config: string,
  env: NodeJS.ProcessEnv = process.env,
  host = 'stage',
): ReturnType<typeof resolveChain> => {
  const sshConfig = join(folder, 'config');
  writeFileSync(sshConfig, config);
  return resolveChain({ host, port: null, user: null }, { env, sshConfig });
};
const ADDRESS = 'Host stage st*\n  HostName %h.example\n  Port 2222\n  User bob\n  IdentityFile "~/my keys/one"\n';

describe.each([
  ['with ssh', process.env],
  ['without ssh', NO_SSH],
])('%s', (_name, env) => {
  test('a configuration says where a name leads', async () => {
    const [settings, ...rest] = await resolve(ADDRESS, env);
    expect(settings).toMatchObject({ host: 'stage.example', port: 2222, user: 'bob' });
    expect(settings?.identities).toEqual([expect.stringMatching(/^\/.*\/my keys\/one$/)]);
    expect(rest).toEqual([]);
  });

  test('the first value counts, and a section that a negation excludes does not', async () => {
    const [settings] = await resolve('Host * !stage\nPort 1\nHost sta?e\nPort 2\nHost *\nPort 3\nUser last\n', env);
    expect(settings).toMatchObject({ port: 2, user: 'last' });
  });

  test('hosts on the way come in their order, each with its own settings', async () => {
    const chain = await resolve('Host stage\nProxyJump a:1,me@b\nHost a\nProxyJump zero\nHost zero\nPort 7\n', env);
    expect(chain.map(({ host, port }) => `${host}:${port}`)).toEqual(['zero:7', 'a:1', 'b:22', 'stage:22']);
    expect(chain[2]?.user).toBe('me');
  });

  test('hosts that lead in a circle are refused', async () => {
    await expect(resolve('Host stage\nProxyJump stage\n', env)).rejects.toThrow(ConnectRefused);
  });

  test.each(['-oProxyCommand=x', 'a b', ''])('"%s" is no name of a host', async (host) => {
    await expect(resolve('', env, host)).rejects.toThrow(ConnectRefused);
  });
});

describe('without ssh', () => {
  test.each([
    'Include other',
    'Match all',
    'Host stage\nProxyCommand nc %h %p',
    'Host stage\nUserKnownHostsFile /dev/null',
    'Host stage\nIdentityFile ~/%C',
    'Host stage\nHostKeyAlgorithms ssh-rsa',
  ])('a configuration with more than can be read here is refused: %s', async (config) => {
    await expect(resolve(config, NO_SSH)).rejects.toMatchObject({ reason: 'ssh-config' });
  });

  test('and where it is needed, that is said', async () => {
    const asked = resolveChain({ host: 'stage', port: null, user: null }, { env: NO_SSH, onlyWithSsh: true });
    await expect(asked).rejects.toMatchObject({ reason: 'no-system-client' });
  });
});
