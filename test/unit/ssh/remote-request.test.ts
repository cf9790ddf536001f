import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encode, remoteCommand, requestLines, type RemoteRequest } from '../../../runner-host/ssh/remote-request';

const request: RemoteRequest = {
  nonce: '0123456789abcdef0123456789abcdef',
  mode: 'start',
  runId: 'r',
  base: '/b',
  offset: 0,
  workdir: '/w',
  command: 'true',
  program: '',
  token: 't',
  owner: '',
  sweep: '',
  tickSeconds: 1,
  timeoutTicks: 1,
  leaseTicks: 1,
  graceTicks: 1,
  needFreeKib: 1,
  mostLogKib: 1,
};

test('no byte that any shell interprets is in an argument, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!text.includes('\0'));
      expect(encode(text)).toMatch(/^(?:[A-Za-z0-9_./:-]|\\0[0-7]{3})*$/);
    }),
  );
});

test.runIf(process.platform !== 'win32')('a script arrives as it was, whatever is in it', () => {
  const text = `a'b"c$d\`e\\f!g%h*~{i}é\t(;&|<>)`;
  const script = `# a comment\n  printf %s '${text.replaceAll("'", `'\\''`)}'`;
  expect(execFileSync('/bin/sh', ['-c', remoteCommand(script)], { encoding: 'utf8' })).toBe(text);
});

test('one value is one line, line feeds and all', () => {
  const lines = requestLines({ ...request, command: 'one\ntwo\n@@x' });
  expect(lines.split('\n')).toHaveLength(18);
  expect(lines).not.toContain('@@');
});

test.each([
  ['a zero byte', { command: 'a\0b' }],
  ['a negative count', { offset: -1 }],
  ['half a tick', { timeoutTicks: 1.5 }],
  ['an endless limit', { leaseTicks: Infinity }],
])('%s is refused here and not on the host', (_name, changes) => {
  expect(() => requestLines({ ...request, ...changes })).toThrow(/zero byte|not a count/);
});

test('a shell is a plain path', () => {
  expect(() => remoteCommand('true', '/bin/sh; rm -rf x')).toThrow('plain path');
});
