import { describe, expect, test } from 'vitest';
import { ConnectRefused } from '../../../../runner-host/ssh/connect/connect-refused';
import { readSettings } from '../../../../runner-host/ssh/connect/host-settings';
import { splitPaths } from '../../../../runner-host/ssh/connect/ssh-paths';

const local = { home: '/home/me', user: 'me', env: { SSH_AUTH_SOCK: '/agent', KEYS: '/keys' } };
const read = (...lines: string[]): ReturnType<typeof readSettings> => readSettings(lines.join('\n'), 'stage', local);

describe('what ssh -G prints', () => {
  test('is the whole of how a host is reached', () => {
    const settings = read(
      'host stage',
      'user bob',
      'hostname stage.example',
      'port 2222',
      'identitiesonly yes',
      'identityfile ~/.ssh/%h_key',
      'identityfile ${KEYS}/with space',
      'userknownhostsfile /home/me/.ssh/known_hosts /home/me/.ssh/known_hosts2',
      'globalknownhostsfile /etc/ssh/ssh_known_hosts',
      'proxyjump me@gate:23,second',
    );
    expect(settings).toEqual({
      host: 'stage.example',
      port: 2222,
      user: 'bob',
      identities: ['/home/me/.ssh/stage.example_key', '/keys/with space'],
      identitiesOnly: true,
      certificates: [],
      agent: '/agent',
      proxyJump: 'me@gate:23,second',
      keyAddress: { host: 'stage.example', port: 2222 },
      knownHosts: ['/home/me/.ssh/known_hosts', '/home/me/.ssh/known_hosts2', '/etc/ssh/ssh_known_hosts'],
      onlySystemClient: null,
    });
  });

  test('leaves out what is set to none', () => {
    const lines = ['identityfile none', 'userknownhostsfile none', 'proxyjump none', 'proxycommand none'];
    expect(read(...lines, 'identityagent none')).toMatchObject({
      identities: [],
      knownHosts: [],
      proxyJump: null,
      agent: null,
      onlySystemClient: null,
    });
  });

  test.each([
    ['identityagent SSH_AUTH_SOCK', '/agent'],
    ['identityagent $SSH_AUTH_SOCK', '/agent'],
    ['identityagent ~/sock-%r', '/home/me/sock-me'],
    ['port 22', '/agent'],
  ])('names the agent: %s', (line, agent) => expect(read(line).agent).toBe(agent));

  test('looks for the key under an alias without the port', () => {
    expect(read('port 2222', 'hostkeyalias the-one').keyAddress).toEqual({ host: 'the-one', port: 22 });
  });

  test.each([
    ['proxycommand nc %h %p', 'proxy-command'],
    ['revokedhostkeys /etc/revoked', 'revoked-keys'],
  ])('with %s needs the system’s client', (line, reason) => expect(read(line).onlySystemClient).toBe(reason));

  test.each(['identityfile ~/.ssh/%C', 'identityfile ${MISSING}/key', 'port 0', 'port x'])(
    'is refused where it can not be followed: %s',
    (line) => expect(() => read(line)).toThrow(ConnectRefused),
  );
});

test.each([
  ['/a /b', ['/a', '/b']],
  ['/a b/kh ~/c', ['/a b/kh', '~/c']],
  ['C:\\me x\\kh D:\\kh', ['C:\\me x\\kh', 'D:\\kh']],
  ['none', ['none']],
])('a list of paths without quotes: %s', (value, paths) => expect(splitPaths(value)).toEqual(paths));
