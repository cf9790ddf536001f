import { beforeAll, expect, test } from 'vitest';
import { loadSsh2, type Ssh2Module } from '../../../../runner-host/ssh/connect/load-ssh2';
import { makeKeys } from '../../../../runner-host/ssh/demo/gatekeeper';

let ssh2: Ssh2Module;
beforeAll(async () => {
  ssh2 = await loadSsh2();
});

test('a malformed pair is not taken: the next one is', () => {
  const made = ssh2.utils.generateKeyPairSync('ed25519');
  const lines = made.private.split('\n');
  const malformed = { ...made, private: [lines[0], lines[1], ...lines.slice(3)].join('\n') };
  expect(ssh2.utils.parseKey(malformed.private)).toBeInstanceOf(Error);
  const pairs = [malformed, malformed, made];
  const keys = makeKeys(ssh2, (() => pairs.shift()) as never);
  expect(keys.private).toBe(made.private);
});

test('a generator that makes none is said so', () => {
  const none = () => ({ private: 'none', public: 'none' });
  expect(() => makeKeys(ssh2, none as never)).toThrow('no usable key');
});

test('every one of a thousand pairs signs what its public part verifies', () => {
  const data = Buffer.from('data');
  for (let made = 0; made < 1000; made++) {
    const keys = makeKeys(ssh2);
    const key = ssh2.utils.parseKey(keys.private);
    if (key instanceof Error) throw key;
    expect(keys.public.verify(data, key.sign(data))).toBe(true);
  }
});
