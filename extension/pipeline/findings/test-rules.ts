import * as z from 'zod/mini';
import type { TestConfig } from '../../config/project-config';

/** Patterns by which an item's changes are looked through; from base's configuration, fixed with the job. */
export const TestRules = z.strictObject({ protected: z.array(z.string()), tests: z.array(z.string()) });
export type TestRules = z.infer<typeof TestRules>;

/** Interlock's own rules, and the files that the test command names, are protected whatever the project lists. */
export function testRulesOf(test: Pick<TestConfig, 'protected' | 'files' | 'command' | 'cwd'>): TestRules {
  const words = typeof test.command === 'string' ? test.command.split(/[\s'"]+/) : test.command;
  const named = words
    .filter((word) => /^[\w@.][\w@./-]*$/.test(word))
    .map((word) => `/${test.cwd === '.' ? '' : `${test.cwd}/`}${word.replace(/^\.\//, '')}`)
    .filter((path) => !path.includes('..'));
  return { protected: ['/interlock.json', ...test.protected, ...named], tests: test.files };
}
