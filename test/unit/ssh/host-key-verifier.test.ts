import { expect, test } from 'vitest';
import { makeVerifier } from '../../../runner-host/ssh/host-key-verifier';
import type { HostKeyAnswer } from '../../../runner-host/ssh/known-hosts';

function verify(judge: (key: Buffer) => unknown): [accepted: unknown, answer: string[]] {
  const answers: string[] = [];
  const verifier = makeVerifier(judge as (key: Buffer) => HostKeyAnswer, ({ answer }) => answers.push(answer));
  return [verifier(Buffer.from('key')), answers];
}

test('only a key that is known is accepted, and the answer is kept', () => {
  const states = ['known', 'unknown', 'changed', 'revoked'];
  const said = states.map((state) => verify(() => ({ state, lines: [] })));
  expect(said).toEqual([
    [true, ['known']],
    [false, ['unknown']],
    [false, ['changed']],
    [false, ['revoked']],
  ]);
});

test.each<[string, (key: Buffer) => unknown]>([
  ['a promise of a known key', () => Promise.resolve({ state: 'known', lines: [] })],
  ['an async function', async () => ({ state: 'known', lines: [] })],
  ['true', () => true],
  ['a word', () => 'known'],
  ['nothing', () => undefined],
  ['null', () => null],
  ['another state', () => ({ state: 'fine', lines: [] })],
  [
    'a throw',
    () => {
      throw new Error('unreadable');
    },
  ],
])('%s instead of an answer refuses the key, with false itself', (_name, judge) => {
  expect(verify(judge)).toEqual([false, ['none']]);
});
