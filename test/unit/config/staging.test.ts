import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../extension/config/parse-config';
import type { ConfigProblem, StagingConfig } from '../../../extension/config/project-config';
import { withStaging } from './with-staging';

function staging(text: string): StagingConfig | null {
  const parsed = parseConfig(text, 'interlock.json');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.staging;
}

function problems(text: string): ConfigProblem[] {
  const parsed = parseConfig(text, 'interlock.json');
  if (parsed.ok) throw new Error('it was accepted');
  return parsed.problems;
}

const WAIVER = { check: 'C9a', reason: 'no GPU', reference: 'DEMO-61', until: '2027-01-31' };
const JUNIT = '"report": { "format": "junit", "path": "staging.xml" }';
const withWaiver = (change: object): string =>
  withStaging(`${JUNIT}, "waivers": [${JSON.stringify({ ...WAIVER, ...change })}]`);

describe('what is accepted', () => {
  test('host, command and folder are enough; the rest are the defaults', () => {
    expect(staging(withStaging(''))).toEqual({
      target: { transport: 'ssh2', host: 'staging.example.com', port: null, user: null },
      command: ['./check.sh'],
      cwd: '/srv/app',
      timeoutMs: 1_200_000,
      graceMs: 3_000,
      env: {},
      container: null,
      servedCommit: null,
      report: null,
      waivers: [],
    });
  });

  test('every key', () => {
    const keys = `"port": 2222, "user": "deploy", "transport": "openssh", "timeout": "5m", "grace": "1s",
      "env": { "A": "b" }, "container": { "engine": "podman", "name": "app-1" }, "servedCommit": "cat REVISION",
      ${JUNIT}, "waivers": [${JSON.stringify(WAIVER)}]`;
    expect(staging(withStaging(keys))).toMatchObject({
      target: { transport: 'openssh', host: 'staging.example.com', port: 2222, user: 'deploy' },
      timeoutMs: 300_000,
      graceMs: 1_000,
      env: { A: 'b' },
      container: { engine: 'podman', name: 'app-1' },
      servedCommit: 'cat REVISION',
      report: { format: 'junit', path: 'staging.xml' },
      waivers: [WAIVER],
    });
  });

  test('the demo host needs no name', () => {
    const text =
      '{ "stages": ["deploy-staging", "done"], "staging": { "transport": "demo", "command": ["x"], "cwd": "/x" } }';
    expect(staging(text)?.target).toEqual({ transport: 'demo', host: 'demo', port: null, user: null });
  });
});

describe('what is refused', () => {
  test.each(['{ "stages": ["deploy-staging", "done"] }', '{ "test": { "command": ["x"] } }'])(
    '%s: the stage deploy-staging needs the key, and the remedy says both ways out',
    (text) => {
      expect(problems(text)).toMatchObject([
        {
          key: 'staging',
          message: expect.stringContaining('"deploy-staging" needs a host'),
          remedy: expect.stringMatching(/"staging": \{.*without "deploy-staging"/),
        },
      ]);
    },
  );

  test.each([
    'password',
    'passphrase',
    'identityFile',
    'identity',
    'privateKey',
    'key',
    'keyFile',
    'token',
    'agentForward',
    'knownHosts',
    'hostKeyFingerprint',
  ])('%s is refused, and the refusal says where it belongs', (key) => {
    expect(problems(withStaging(`"${key}": "x"`))).toMatchObject([
      {
        key: `staging.${key}`,
        message: expect.stringContaining('does not belong into the repository'),
        remedy: expect.stringContaining('interlock doctor'),
      },
    ]);
  });

  test.each([
    ['"transport": "telnet"', 'staging.transport', '"ssh2", "openssh" or "demo"'],
    ['"port": 0', 'staging.port', '1 to 65535'],
    ['"port": "22"', 'staging.port', '1 to 65535'],
    ['"user": "-oProxyCommand=x"', 'staging.user', 'name of a user'],
    ['"timeout": "0s"', 'staging.timeout', 'above zero'],
    ['"container": { "engine": "lxc", "name": "a" }', 'staging.container.engine', '"docker" or "podman"'],
    ['"container": { "engine": "docker", "name": "--privileged" }', 'staging.container.name', 'name of a container'],
    ['"container": "app"', 'staging.container', 'engine and name'],
    ['"servedCommit": []', 'staging.servedCommit', 'not empty'],
    ['"report": { "format": "junit" }', 'staging.report.path', 'one file'],
    ['"report": { "format": "junit", "path": "reports/*.xml" }', 'staging.report.path', 'one file'],
    ['"report": { "format": "junit", "path": "../staging.xml" }', 'staging.report.path', 'one file'],
    ['"hots": "a"', 'staging.hots', '"host"'],
  ])('%s at %s', (keys, key, says) => {
    const found = problems(withStaging(keys));
    expect(found.map((problem) => problem.key)).toEqual([key]);
    expect(found[0]?.message).toContain(says);
    expect(found[0]?.remedy).not.toBe('');
  });

  test.each([
    ['"host": "-oProxyCommand=x"', 'staging.host'],
    ['"host": "deploy@staging"', 'staging.host'],
    ['"host": "a b"', 'staging.host'],
    ['"host": ""', 'staging.host'],
    ['"cwd": "srv/app"', 'staging.cwd'],
    ['"cwd": "~/app"', 'staging.cwd'],
    ['"cwd": "/srv/../etc"', 'staging.cwd'],
    ['"cwd": "/srv\\n"', 'staging.cwd'],
    ['"command": []', 'staging.command'],
    ['"command": " "', 'staging.command'],
  ])('%s at %s', (changed, key) => {
    const [name = ''] = changed.split(':');
    const rest = ['"host": "h"', '"cwd": "/srv"', '"command": ["x"]'].filter((pair) => !pair.startsWith(name));
    const text = `{ "stages": ["deploy-staging", "done"], "staging": { ${[...rest, changed].join(', ')} } }`;
    expect(problems(text).map((problem) => problem.key)).toEqual([key]);
  });

  test.each(['host', 'cwd', 'command'])('%s cannot be left out', (name) => {
    const rest = ['"host": "h"', '"cwd": "/srv"', '"command": ["x"]'].filter((pair) => !pair.startsWith(`"${name}`));
    const text = `{ "stages": ["deploy-staging", "done"], "staging": { ${rest.join(', ')} } }`;
    expect(problems(text)).toMatchObject([{ key: `staging.${name}`, message: expect.stringContaining('missing') }]);
  });

  test.each([
    [{ reason: undefined }, 'staging.waivers[0].reason'],
    [{ reason: '' }, 'staging.waivers[0].reason'],
    [{ reference: undefined }, 'staging.waivers[0].reference'],
    [{ until: undefined }, 'staging.waivers[0].until'],
    [{ until: '31.01.2027' }, 'staging.waivers[0].until'],
    [{ until: '2027-02-30' }, 'staging.waivers[0].until'],
    [{ check: '' }, 'staging.waivers[0].check'],
  ])('a waiver with %j is refused at %s', (change, key) => {
    expect(problems(withWaiver(change))).toMatchObject([{ key }]);
  });

  test.each(['"waivers": [W]', '"report": { "format": "none" }, "waivers": [W]'])(
    '%s: waivers without a report are refused',
    (keys) => {
      expect(problems(withStaging(keys.replace('W', JSON.stringify(WAIVER))))).toMatchObject([
        { key: 'staging.waivers', remedy: expect.stringContaining('"report"') },
      ]);
    },
  );
});
