import { describe, expect, test } from 'vitest';
import { readSeries } from '../../../runner-host/merge/checks/number-series';
import { parseConfig } from '../../../extension/config/parse-config';
import type { ConfigProblem, MergeConfig } from '../../../extension/config/project-config';

const withMerge = (keys: string): string => `{ "test": { "command": ["x"] },
  "stages": ["testing", "merge", "done"], "merge": { ${keys} } }`;

function merge(keys: string): MergeConfig | null {
  const parsed = parseConfig(withMerge(keys), 'interlock.json');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.merge;
}

function problems(text: string): ConfigProblem[] {
  const parsed = parseConfig(text, 'interlock.json');
  if (parsed.ok) throw new Error('it was accepted');
  return parsed.problems;
}

describe('what is accepted', () => {
  test('without the key there is no gate', () => {
    const parsed = parseConfig('{ "stages": ["done"] }', 'interlock.json');
    expect(parsed).toMatchObject({ ok: true, config: { merge: null } });
  });

  test('an empty object: the defaults', () => {
    expect(merge('')).toEqual({
      retest: 'always-unless-proven',
      testsIgnoreHistory: false,
      timeoutMs: null,
      batch: 1,
      style: 'merge',
      numbered: [],
      generated: [],
      changelog: null,
      submodules: 'refuse',
      security: null,
      coverage: null,
    });
  });

  test('every key', () => {
    const keys = `"retest": "always", "testsIgnoreHistory": true, "timeout": "2m", "batch": 4, "style": "squash",
      "numbered": ["docs/adr/adr-*.md"], "generated": ["package-lock.json", "**/*.snap"], "changelog": "CHANGELOG.md",
      "submodules": "empty", "security": { "command": "npm audit" },
      "coverage": { "report": "coverage/lcov.info", "maxDrop": 0.5 }`;
    expect(merge(keys)).toEqual({
      retest: 'always',
      testsIgnoreHistory: true,
      timeoutMs: 120_000,
      batch: 4,
      style: 'squash',
      numbered: ['docs/adr/adr-*.md'],
      generated: ['package-lock.json', '**/*.snap'],
      changelog: 'CHANGELOG.md',
      submodules: 'empty',
      security: { command: 'npm audit', timeoutMs: 120_000 },
      coverage: { path: 'coverage/lcov.info', format: 'lcov', maxDrop: 0.5 },
    });
    expect(merge('"security": { "command": ["x"], "timeout": "7s" }')?.security?.timeoutMs).toBe(7_000);
    expect(merge('"security": { "command": ["x"] }')?.security?.timeoutMs).toBe(900_000);
  });
});

describe('what is refused', () => {
  test.each([
    ['"retest": "never"', 'merge.retest'],
    ['"batch": 0', 'merge.batch'],
    ['"batch": 9', 'merge.batch'],
    ['"style": "rebase"', 'merge.style'],
    ['"timeout": "0s"', 'merge.timeout'],
    ['"numbered": ["docs/adr/adr.md"]', 'merge.numbered[0]'],
    ['"numbered": ["docs/*/adr-*.md"]', 'merge.numbered[0]'],
    ['"numbered": ["../adr-*.md"]', 'merge.numbered[0]'],
    ['"numbered": ["docs/adr-*/first.md"]', 'merge.numbered[0]'],
    ['"numbered": ["/docs/adr/adr-*.md"]', 'merge.numbered[0]'],
    ['"numbered": ["docs/adr/adr-{a,b}-*.md"]', 'merge.numbered[0]'],
    ['"numbered": ["docs/adr/adr-?*.md"]', 'merge.numbered[0]'],
    ['"numbered": ["docs/adr/adr-1*.md"]', 'merge.numbered[0]'],
    ['"numbered": ["a-*.md", "a-*.md"]', 'merge.numbered'],
    ['"generated": ["../x"]', 'merge.generated[0]'],
    ['"generated": ["dist/"]', 'merge.generated[0]'],
    ['"generated": ["*.{snap,lock}"]', 'merge.generated[0]'],
    ['"generated": ["!keep.txt"]', 'merge.generated[0]'],
    ['"generated": ["a***b"]', 'merge.generated[0]'],
    ['"generated": ["*a*a*a*a*"]', 'merge.generated[0]'],
    ['"generated": ["**/a/**/b/**/c/**"]', 'merge.generated[0]'],
    ['"changelog": "docs/*.md"', 'merge.changelog'],
    ['"security": {}', 'merge.security.command'],
    ['"security": { "command": [] }', 'merge.security.command'],
    ['"coverage": { "report": "cov/*.info" }', 'merge.coverage.report'],
    ['"coverage": { "report": "x", "maxDrop": -1 }', 'merge.coverage.maxDrop'],
    ['"coverage": { "report": "x", "format": "html" }', 'merge.coverage.format'],
    ['"retset": "always"', 'merge.retset'],
  ])('%s', (keys, key) => {
    const [problem] = problems(withMerge(keys));
    expect(problem).toMatchObject({ key });
    expect(problem?.remedy).not.toBe('');
  });

  test('what is accepted as a series is one for the gate', () => {
    for (const pattern of ['*.md', 'docs/adr/*-*.md', 'docs/adr/adr-*', 'docs/größe/adr-*.md']) {
      const text = withMerge(`"numbered": ["${pattern}"]`);
      if (parseConfig(text, 'interlock.json').ok) expect(() => readSeries(pattern)).not.toThrow();
      else expect(() => readSeries(pattern)).toThrow(RangeError);
    }
  });

  test('coverage without a suite that would write it', () => {
    const text = '{ "stages": ["merge", "done"], "merge": { "coverage": { "report": "x" } } }';
    expect(problems(text)).toMatchObject([{ key: 'merge.coverage', message: expect.stringContaining('no "test"') }]);
  });
});
