import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isBranchName } from '../../../extension/git/ref-name';

const PARTS = [
  'a',
  'Grüße',
  '.a',
  'a.',
  'a.lock',
  '..',
  '@',
  '@{',
  '{',
  '-a',
  'a-',
  ' ',
  '~',
  '^',
  ':',
  '?',
  '*',
  '[',
  '\\',
  '/',
  '',
  '\u007f',
  '\t',
  'HEAD',
  'a//b',
];
const NAMES = [
  ...PARTS,
  ...PARTS.flatMap((part) => [`${part}/b`, `a/${part}`, `a/${part}/b`]),
  ...PARTS.map((part) => `x${part}y`),
];

test('a branch name is taken exactly if git takes it and reads nothing else into it', () => {
  const wrong = NAMES.filter((name) => {
    const taken = spawnSync('git', ['check-ref-format', '--branch', name]).status === 0;
    return isBranchName(name) !== taken;
  });
  // `check-ref-format --branch` takes `@` as the present branch.
  expect(wrong).toEqual(['@']);
  for (const name of ['@', 'HEAD']) expect(isBranchName(name)).toBe(false);
});
