import { expect, test } from 'vitest';
import { FromShim, ToShim } from '../../../runner-host/shim/messages';

const spec = { command: ['/bin/true'], cwd: '/', env: {}, cookie: '0'.repeat(32), timeoutMs: 1, graceMs: 0 };

test('a specification is taken as it is or not at all', () => {
  expect(ToShim.safeParse({ type: 'run', spec }).success).toBe(true);
  const wrong = [
    { ...spec, command: [] },
    { ...spec, cookie: 'a' },
    { ...spec, cookie: 'ILK' + '0'.repeat(29) },
    { ...spec, timeoutMs: 0 },
    { ...spec, graceMs: -1 },
    { ...spec, env: { A: 1 } },
    { ...spec, more: true },
  ];
  expect(wrong.map((value) => ToShim.safeParse({ type: 'run', spec: value }).success)).toEqual(wrong.map(() => false));
});

test('a signal has the name of a signal', () => {
  const ending = (signal: unknown) => ({ type: 'ending', cause: { kind: 'signal', signal } });
  expect(['SIGKILL', 'SIGNOTHING', 'toString', 9].map((name) => FromShim.safeParse(ending(name)).success)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
