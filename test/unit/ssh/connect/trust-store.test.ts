import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fingerprintOf, knownHostLine, readKnownHosts, trust } from '../../../../runner-host/ssh/connect/trust-store';

let folder: string;
let store: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-trust-'));
  store = join(folder, 'new', 'known_hosts');
});
afterEach(() => rmSync(folder, { recursive: true }));

function key(type: string, last: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from([last])]);
}
const ONE = key('ssh-ed25519', 1);
const HOST = { host: 'stage.example', port: 2222 };

test('a key is written once, in a file that is ours alone', async () => {
  expect(await trust(store, HOST, ONE)).toBe('trusted');
  expect(await trust(store, HOST, ONE)).toBe('known');
  expect((await readKnownHosts([store])).lines).toMatchObject([
    { hosts: '[stage.example]:2222', keyType: 'ssh-ed25519' },
  ]);
  expect(statSync(store).mode & 0o777).toBe(0o600);
});

test('a file that ends within a line is not made unreadable', async () => {
  store = join(folder, 'known_hosts');
  writeFileSync(store, 'other ssh-ed25519 AAAA');
  await trust(store, HOST, ONE);
  expect((await readKnownHosts([store])).lines).toHaveLength(1);
});

test.each(['a,b', '*', 'a b', '!a', '|1|x', '#a', '', 'a\nb'])('the name "%s" is not written', async (host) => {
  await expect(trust(store, { host, port: 22 }, ONE)).rejects.toThrow();
  await expect(readKnownHosts([store])).resolves.toEqual({ lines: [], malformed: [] });
});

test('what is no key is not written', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('nonsense'), key('', 1)]) {
    expect(() => knownHostLine(HOST, bytes)).toThrow();
  }
});

test('a file that can not be read is no empty one', async () => {
  await expect(readKnownHosts([folder])).rejects.toThrow();
  await expect(trust(store, HOST, ONE, [folder])).rejects.toThrow();
  expect(await readKnownHosts([store])).toEqual({ lines: [], malformed: [] });
});

test('another key of the same type is not written beside it', async () => {
  await trust(store, HOST, ONE);
  const before = readFileSync(store, 'utf8');
  expect(await trust(store, HOST, key('ssh-ed25519', 2))).toBe('changed');
  expect(readFileSync(store, 'utf8')).toBe(before);
});

test('a fingerprint is that of ssh-keygen', () => {
  expect(fingerprintOf(Buffer.from('x'))).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
});
