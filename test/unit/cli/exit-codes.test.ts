import { expect, test } from 'vitest';
import {
  EXIT,
  EXIT_OF_CLI_ERROR,
  EXIT_OF_GIT_ERROR,
  EXIT_OF_HOST_ERROR,
  EXIT_OF_INIT,
  EXIT_OF_LEDGER_ERROR,
  EXIT_OF_OUTCOME,
  exitOfAdvance,
  exitOfRefusal,
} from '../../../extension/cli/exit-codes';

test('the exit codes are a contract with scripts: these figures never change', () => {
  expect(EXIT).toEqual({ fine: 0, rolledBack: 1, usage: 2, standing: 3, refused: 4, internal: 5 });
  expect(EXIT_OF_OUTCOME).toEqual({ advanced: 0, 'rolled-back': 1, deferred: 3, held: 3, waiting: 3, refused: 4 });
});

test('a ledger that cannot be used is always internal, never a verdict about the item', () => {
  expect(new Set(Object.values(EXIT_OF_LEDGER_ERROR))).toEqual(new Set([5]));
});

test('errors of git are about the place or the words (2), a lost race (4) or trouble (5)', () => {
  const by = (exit: number) =>
    Object.entries(EXIT_OF_GIT_ERROR)
      .filter(([, code]) => code === exit)
      .map(([name]) => name)
      .sort();
  expect(by(4)).toEqual(['head-moved']);
  expect(by(5)).toEqual(
    [
      'damaged',
      'disk-full',
      'failed',
      'locked',
      'not-readable',
      'not-writable',
      'output-too-large',
      'remote-unreachable',
      'timeout',
    ].sort(),
  );
  expect(by(2)).toEqual(
    expect.arrayContaining(['not-a-repository', 'no-commits', 'git-missing', 'branch-checked-out', 'detached']),
  );
  expect(by(0)).toEqual([]);
});

test('a runner host that cannot be used is trouble (5), except one that belongs to somebody else (4)', () => {
  const refused = Object.entries(EXIT_OF_HOST_ERROR).filter(([, exit]) => exit !== 5);
  expect(Object.fromEntries(refused)).toEqual({ elsewhere: 4, runConflict: 4 });
});

test('a configuration that is there already is usage (2), a folder that cannot be written is trouble (5)', () => {
  expect(EXIT_OF_INIT).toEqual({ exists: 2, 'not-writable': 5 });
});

test("the terminal's own errors are usage (2), except those of a disk or a bug (5)", () => {
  const internal = Object.entries(EXIT_OF_CLI_ERROR).filter(([, exit]) => exit !== 2);
  expect(Object.fromEntries(internal)).toEqual({ 'file-not-writable': 5, 'output-failed': 5, unexpected: 5 });
});

test.each([
  ['lease-held', 4],
  ['changed-meanwhile', 4],
  ['illegal-transition', 4],
  ['forged-or-stale', 4],
  ['a reason that nobody has thought of', 4],
  ['unknown-item', 2],
  ['unknown-stage', 2],
  ['bad-id', 2],
  ['id-taken', 2],
])('a refusal for "%s" ends with %i', (code, exit) => {
  expect(exitOfRefusal(code)).toBe(exit);
  expect(exitOfAdvance({ outcome: 'refused', reason: { code, text: '', remedy: '' } })).toBe(exit);
});
