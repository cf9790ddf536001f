import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as messages from '../../../extension/ui/messages';
import { inPalette, TITLES } from '../../../extension/ui/palette-words';

const words = readFileSync(join(import.meta.dirname, '../../../package.nls.json'), 'utf8');

it.each([
  ['interlock advance DEMO-1', '"Interlock: Advance Stage"'],
  ['When it is done: interlock release fix.login', 'When it is done: "Interlock: Release"'],
  ['interlock advance fix-1 tests the present one', '"Interlock: Advance Stage" tests the present one'],
  ['Gone? interlock release-lease A-1 --force.', 'Gone? "Interlock: Release Lease".'],
  ['Look, then: interlock acknowledge A-1 --set 0123456789ab', 'Look, then: "Interlock: Acknowledge Findings"'],
  ['Look, then `interlock release A-1` grants more.', 'Look, then "Interlock: Release" grants more.'],
  ['If it is meant: interlock waive A-1 --finding HASH --reason TEXT', 'If it is meant: "Interlock: Waive Finding"'],
  [
    'Look at base; then: interlock unfreeze --reason TEXT, and interlock release A-1',
    'Look at base; then: "Interlock: Unfreeze Queue", and "Interlock: Release"',
  ],
  [
    'When it is clear: interlock unfreeze --base release/1 --reason TEXT',
    'When it is clear: "Interlock: Unfreeze Queue"',
  ],
  ['If not: interlock release-lease --queue main --force --reason TEXT', 'If not: "Interlock: Release Lease"'],
  ['Run `interlock init`, then commit', 'Run "Interlock: Initialize", then commit'],
  [
    'interlock doctor looks at the host. Then release.',
    '"Interlock: Check Staging Host" looks at the host. Then release.',
  ],
  ['interlock add "What is to be done"', '"Interlock: Add Work Item"'],
  ['git worktree add "/a" b, then interlock release A-1', 'git worktree add "/a" b, then "Interlock: Release"'],
])('%s', (text, expected) => {
  expect(inPalette(text)).toBe(expected);
});

it('leaves what the palette has not, and what only looks like it', () => {
  for (const text of ['interlock log A-1', 'interlock show A-1', 'the interlock advances', 'why interlock.json?'])
    expect(inPalette(text)).toBe(text);
});

it('names commands as the palette does', () => {
  const missing = Object.values(TITLES).filter((title) => !words.includes(`: "${title}"`));
  expect(missing).toEqual([]);
});

it('is what a person is told in a message', () => {
  const reason = { code: 'nothing-running', text: 'A-1 has no run that is going', remedy: 'interlock why A-1' };
  expect(messages.refused('A-1', reason)).toBe(
    'A-1 stays as it is. A-1 has no run that is going. "Interlock: Why Is This Item Not Moving?".',
  );
});
