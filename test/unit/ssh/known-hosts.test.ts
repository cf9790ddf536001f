import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  judgeHostKey,
  keyTypesOnFile,
  linesNaming,
  orderHostKeyAlgorithms,
  parseKnownHosts,
} from '../../../runner-host/ssh/known-hosts';

function blob(type: string, fill: number): Buffer {
  const part = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  return Buffer.concat([part(Buffer.from(type)), part(Buffer.alloc(32, fill))]);
}
const ED = 'ssh-ed25519';
const keyLine = (hosts: string, fill = 1, marker = '', type = ED): string =>
  `${marker}${marker === '' ? '' : ' '}${hosts} ${type} ${blob(type, fill).toString('base64')} a comment`;
const hashed = (name: string, salt = 'twenty bytes of salt'): string => {
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${Buffer.from(salt).toString('base64')}|${hash}`;
};
const judge = (lines: string[], host: string, port: number, fill: number): string =>
  judgeHostKey(parseKnownHosts(lines.join('\n')), { host, port }, blob(ED, fill)).state;

describe('what the file says of a key', () => {
  test.each([
    ['a plain line', [keyLine('h')], 'h', 22, 1, 'known'],
    ['another key', [keyLine('h')], 'h', 22, 2, 'changed'],
    ['nothing on file', [keyLine('g')], 'h', 22, 1, 'unknown'],
    ['an empty file', [], 'h', 22, 1, 'unknown'],
    ['one of two keys', [keyLine('h', 1), keyLine('h', 2)], 'h', 22, 2, 'known'],
    ['upper case', [keyLine('HoSt.Example')], 'hOst.exAmple', 22, 1, 'known'],
    ['a list', [keyLine('a,h,10.0.0.1')], 'h', 22, 1, 'known'],
    ['a wildcard', [keyLine('*.example.org')], 'a.b.example.org', 22, 1, 'known'],
    ['a question mark', [keyLine('h?')], 'h', 22, 1, 'unknown'],
    ['a negation after a match', [keyLine('*.org,!bad.org')], 'bad.org', 22, 1, 'unknown'],
    ['a negation before a match', [keyLine('!bad.org,*.org')], 'bad.org', 22, 1, 'unknown'],
    ['a negation alone', [keyLine('!bad.org')], 'good.org', 22, 1, 'unknown'],
    ['a hashed name', [keyLine(hashed('h'))], 'h', 22, 1, 'known'],
    ['a hashed name of another host', [keyLine(hashed('g'))], 'h', 22, 1, 'unknown'],
    ['a hashed name, another key', [keyLine(hashed('h'))], 'h', 22, 2, 'changed'],
    ['a hashed name with port', [keyLine(hashed('[h]:2222'))], 'h', 2222, 1, 'known'],
    ['a port', [keyLine('[h]:2222')], 'h', 2222, 1, 'known'],
    ['another port', [keyLine('[h]:2222')], 'h', 2223, 1, 'unknown'],
    ['a port on file, asked at 22', [keyLine('[h]:2222')], 'h', 22, 1, 'unknown'],
    ['the bare name counts for another port', [keyLine('h')], 'h', 2222, 1, 'known'],
    ['another key under the bare name is no change', [keyLine('h')], 'h', 2222, 2, 'unknown'],
    [
      'a plain line with the port bars the bare name',
      [keyLine('[h]:2222', 2), keyLine('h', 1)],
      'h',
      2222,
      1,
      'changed',
    ],
    ['revoked', [keyLine('h', 1, '@revoked')], 'h', 22, 1, 'revoked'],
    ['revoked beats known', [keyLine('h'), keyLine('*', 1, '@revoked')], 'h', 22, 1, 'revoked'],
    ['revoked under the bare name', [keyLine('[h]:2222'), keyLine('h', 1, '@revoked')], 'h', 2222, 1, 'revoked'],
    ['another key is revoked', [keyLine('h', 2, '@revoked'), keyLine('h')], 'h', 22, 1, 'known'],
    ['only a revoked other key', [keyLine('h', 2, '@revoked')], 'h', 22, 1, 'unknown'],
    ['an authority is no host key', [keyLine('*', 1, '@cert-authority')], 'h', 22, 1, 'unknown'],
    ['a comment', [`# ${keyLine('h')}`], 'h', 22, 1, 'unknown'],
    ['an indented line', [`\t ${keyLine('h')}`], 'h', 22, 1, 'known'],
    ['a line of Windows', [`${keyLine('h')}\r`], 'h', 22, 1, 'known'],
  ] as const)('%s', (_name, lines, host, port, fill, state) => {
    expect(judge([...lines], host, port, fill)).toBe(state);
  });

  test('the lines that say so are named', () => {
    const known = parseKnownHosts([keyLine('h', 2), '', keyLine('g', 1), keyLine('h', 3)].join('\n'));
    expect(judgeHostKey(known, { host: 'h', port: 22 }, blob(ED, 1))).toEqual({ state: 'changed', lines: [1, 4] });
  });

  test('a pattern made to be slow is not', () => {
    expect(judge([keyLine(`${'*a'.repeat(400)}b`)], 'a'.repeat(800), 22, 1)).toBe('unknown');
  });
});

test('lines that can not be read are named and count for nothing', () => {
  const good = blob(ED, 1).toString('base64');
  const lines = [
    'h',
    `h ${ED}`,
    `h ${ED} !!`,
    `h ssh-rsa ${good}`,
    `@other h ${ED} ${good}`,
    `h ${ED} AAAA`,
    keyLine('h'),
  ];
  const known = parseKnownHosts(lines.join('\n'));
  expect(known.malformed).toEqual([1, 2, 3, 4, 5, 6]);
  expect(known.lines.map(({ number }) => number)).toEqual([7]);
});

test('the types on file come first in the offer, and nothing that the client lacks', () => {
  const known = parseKnownHosts(
    [keyLine('h', 1, '', 'ssh-rsa'), keyLine('h', 1, '@revoked'), keyLine('[h]:2', 1, '', 'sk-x')].join('\n'),
  );
  expect(keyTypesOnFile(known, { host: 'h', port: 22 })).toEqual(['ssh-rsa']);
  expect(keyTypesOnFile(known, { host: 'h', port: 2 })).toEqual(['sk-x']);
  expect(keyTypesOnFile(known, { host: 'h', port: 3 })).toEqual(['ssh-rsa']);
  const supported = [ED, 'rsa-sha2-512', 'rsa-sha2-256'];
  expect(orderHostKeyAlgorithms(['ssh-rsa', 'sk-x'], supported)).toEqual(['rsa-sha2-512', 'rsa-sha2-256', ED]);
  expect(orderHostKeyAlgorithms([], supported)).toEqual(supported);
});

const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
describe.runIf(hasKeygen)('next to the system ssh-keygen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-known-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the same lines name the same hosts', () => {
    const name = fc.constantFrom(
      'h',
      'H',
      'a.org',
      'b.a.org',
      '[h]:2222',
      '[a.org]:22',
      '10.0.0.1',
      '::1',
      '[::1]:2222',
    );
    const pattern = fc.oneof(
      name,
      name.map((text) => `!${text}`),
      fc.constantFrom('*', '?', '*.org', '!*.org', '*.A.org', '[h]:*', '[*]:2222', '10.0.0.?', '', '!', 'a*g', '**'),
    );
    const hosts = fc.oneof(
      fc.array(pattern, { minLength: 1, maxLength: 3 }).map((list) => list.join(',')),
      name.map((text) => hashed(text.toLowerCase())),
      fc.constantFrom('|1|bad', '|2|YQ==|YQ==', '|1||'),
    );
    const entry = fc
      .record({ hosts, marker: fc.constantFrom('', '', '@revoked', '@cert-authority', '@other') })
      .map((given) => keyLine(given.hosts, 1, given.marker));
    const file = fc.array(fc.oneof({ weight: 6, arbitrary: entry }, fc.constantFrom('', '# x', 'h')));
    fc.assert(
      fc.property(file, name, (lines, asked) => {
        const path = join(folder, 'known_hosts');
        writeFileSync(path, `${lines.join('\n')}\n`);
        // ssh makes a name lower case before it looks; ssh-keygen leaves that to its caller.
        const said = spawnSync('ssh-keygen', ['-F', asked.toLowerCase(), '-f', path], { encoding: 'utf8' }).stdout;
        const theirs = [...said.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, number]) => Number(number));
        expect(linesNaming(parseKnownHosts(lines.join('\n')), asked).map(({ number }) => number)).toEqual(theirs);
      }),
      { numRuns: 150 },
    );
  });

  test('a file that it has hashed reads as before', () => {
    const path = join(folder, 'hashed');
    writeFileSync(path, `${keyLine('h.org')}\n${keyLine('[h.org]:2222', 2)}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', path], { stdio: 'ignore' });
    const text = execFileSync('cat', [path], { encoding: 'utf8' });
    expect(text).not.toContain('h.org');
    expect([judge([text], 'h.org', 22, 1), judge([text], 'h.org', 2222, 2)]).toEqual(['known', 'known']);
  });
});
