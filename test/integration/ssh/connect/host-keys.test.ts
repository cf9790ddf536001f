import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadSsh2 } from '../../../../runner-host/ssh/connect/load-ssh2';
import { fingerprintOf, trust } from '../../../../runner-host/ssh/connect/trust-store';
import type { KeyFiles } from '../sshd/keys';
import { SshRig } from '../sshd/rig';
import type { Sshd } from '../sshd/sshd';

let rig: SshRig;
let server: Sshd;
let rsa: KeyFiles;
let other: KeyFiles;
beforeAll(async () => {
  rig = new SshRig();
  rsa = rig.key('host-rsa', 'rsa');
  other = rig.key('another');
  server = await rig.serve([], { hostKeys: [rig.hostKey.path, rsa.path] });
});
afterAll(() => rig.close());

const hashed = (line: string): string => {
  const file = join(rig.subfolder('hash'), 'known_hosts');
  writeFileSync(file, `${line}\n`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  return readFileSync(file, 'utf8').trim();
};

describe('a host whose key is on file', () => {
  test.each<[string, (at: string) => string[]]>([
    ['with its port', (at) => [`${at} ${rig.hostKey.line}`]],
    ['by its name alone', () => [`127.0.0.1 ${rig.hostKey.line}`]],
    ['as a hash', (at) => [hashed(`${at} ${rig.hostKey.line}`)]],
    ['by a pattern', (at) => [`${at.replace('.1]', '.*]')} ${rig.hostKey.line}`]],
    // The client would ask for its other key first, which looks like a change.
    ['with its rsa key alone', (at) => [`${at} ${rsa.line}`]],
    ['beside the key of another server at port 22', (at) => [`127.0.0.1 ${other.line}`, `${at} ${rig.hostKey.line}`]],
    ['beside a line that can not be read', (at) => ['nonsense', `${at} ${rig.hostKey.line}`]],
  ])('%s is reached', async (_name, lines) => {
    const host = rig.host(server.port, { knownHosts: lines(`[127.0.0.1]:${server.port}`) });
    expect(await host.run('echo ran')).toMatchObject({ output: 'ran\n' });
    expect(host.report?.hostKey?.state).toBe('known');
    await host.close();
  });

  test('under the alias of its configuration is reached', async () => {
    const host = rig.host(server.port, {
      config: ['HostKeyAlias the-staging-host'],
      knownHosts: [`the-staging-host ${rig.hostKey.line}`],
    });
    expect(await host.run('echo ran')).toMatchObject({ output: 'ran\n' });
    await host.close();
  });
});

describe('a host whose key is not', () => {
  test.each<[string, string, (at: string) => string[]]>([
    ['on any file', 'unknown', () => []],
    ['the one on file', 'changed', (at) => [`${at} ${other.line}`]],
    ['the one on file as a hash', 'changed', (at) => [hashed(`${at} ${other.line}`)]],
    ['the one at port 22 of that name', 'unknown', () => [`127.0.0.1 ${other.line}`]],
    ['for this host by a negated pattern', 'unknown', (at) => [`*,!127.0.0.1,!${at} ${rig.hostKey.line}`]],
    ['good any more', 'revoked', (at) => [`${at} ${rig.hostKey.line}`, `@revoked * ${rig.hostKey.line}`]],
    ['vouched for but by an authority', 'unknown', (at) => [`@cert-authority ${at} ${rig.hostKey.line}`]],
  ])('%s is refused as %s, before anything is offered to it', async (_name, state, lines) => {
    const before = server.log.length;
    const host = rig.host(server.port, { knownHosts: lines(`[127.0.0.1]:${server.port}`) });
    const { verdict, output } = await host.run('echo ran');
    expect({ verdict, output }).toEqual({ verdict: `permanent-env host-key-${state}`, output: '' });
    expect(host.report?.hostKey).toMatchObject({ state, fingerprint: fingerprintOf(rig.hostKey.blob) });
    expect(server.log.slice(before).filter((line) => /Accepted|Failed|Postponed/.test(line))).toEqual([]);
    await host.close();
  });

  test('to be looked up, because a file can not be read, is not called', async () => {
    const unreadable = rig.subfolder('known-hosts-as-a-folder');
    const before = server.connections;
    const host = rig.host(server.port, { config: [`UserKnownHostsFile ${unreadable}`] });
    expect((await host.run('true')).verdict).toBe('permanent-env host-key-unanswered');
    expect(host.report?.hostKey).toBeNull();
    expect(server.connections).toBe(before);
    await host.close();
  });
});

describe('our own store', () => {
  const options = { knownHosts: [] };
  const pressed = async (): Promise<[Parameters<typeof trust>[1], Buffer]> => {
    const host = rig.host(server.port, options);
    await host.run('true');
    await host.close();
    const found = host.report?.hostKey;
    if (!found) throw new Error('no key was seen');
    return [found.address, Buffer.from(found.key, 'base64')];
  };
  beforeEach(() => {
    mkdirSync(join(rig.trustStore, '..'), { recursive: true });
    writeFileSync(rig.trustStore, '');
  });

  test('makes a host known once a person has said so', async () => {
    const [address, key] = await pressed();
    expect(await trust(rig.trustStore, address, key)).toBe('trusted');
    expect(await trust(rig.trustStore, address, key)).toBe('known');
    const host = rig.host(server.port, options);
    expect(await host.run('echo ran')).toMatchObject({ output: 'ran\n' });
    await host.close();
  });

  test('takes no key in place of another, nor one that was revoked', async () => {
    const [address, key] = await pressed();
    await trust(rig.trustStore, address, other.blob);
    const before = readFileSync(rig.trustStore, 'utf8');
    expect(await trust(rig.trustStore, address, key)).toBe('changed');
    expect(readFileSync(rig.trustStore, 'utf8')).toBe(before);
    const theirs = join(rig.folder, 'revoked');
    writeFileSync(theirs, `@revoked * ${rig.hostKey.line}\n`);
    writeFileSync(rig.trustStore, '');
    expect(await trust(rig.trustStore, address, key, [theirs])).toBe('revoked');
    expect(readFileSync(rig.trustStore, 'utf8')).toBe('');
  });
});

describe('the ssh client itself', () => {
  /** What becomes of a connection to a host that no file knows, with these options of the client. */
  const connectWith = async (verifier: object): Promise<string> => {
    const { Client } = await loadSsh2();
    const client = new Client();
    const outcome = await new Promise<string>((resolve) => {
      client.on('error', (error) => resolve((error as { level?: string }).level ?? 'error'));
      client.once('handshake', () => resolve('accepted'));
      client.connect({ host: '127.0.0.1', port: server.port, username: 'x', ...verifier });
    });
    client.destroy();
    return outcome;
  };

  // Were it to change, the verifier's own rules could be looked at again.
  test.each([
    ['a verifier that promises no', { hostVerifier: async () => false }],
    ['a misspelt option', { hostverifier: () => false }],
    ['a verifier that says null', { hostVerifier: () => null }],
    ['no verifier', {}],
  ])('takes %s for yes', async (_name, options) => expect(await connectWith(options)).toBe('accepted'));

  test('takes no for no', async () => {
    expect(await connectWith({ hostVerifier: () => false })).toBe('handshake');
  });
});
