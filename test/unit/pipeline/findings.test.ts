import { describe, expect, it } from 'vitest';
import { DEFAULT_PROTECTED, DEFAULT_TEST_FILES } from '../../../extension/config/default-patterns';
import { findChanges, findingsHash, type ChangedFile } from '../../../extension/pipeline/findings/find-changes';
import { readPattern } from '../../../extension/pipeline/findings/patterns';
import { countSkipMarks } from '../../../extension/pipeline/findings/skip-marks';
import { testRulesOf } from '../../../extension/pipeline/findings/test-rules';

const RULES = testRulesOf({
  protected: [...DEFAULT_PROTECTED],
  files: [...DEFAULT_TEST_FILES],
  command: ['node', 'tools/suite.mjs'],
  cwd: '.',
});

let objects = 0;
const side = (text: string | null | undefined) =>
  text === undefined ? null : { object: (++objects).toString(16).padStart(40, '0'), text };
/** A file with the one text before and the other after; undefined = not there. */
const file = (path: string, before: string | null | undefined, after: string | null | undefined): ChangedFile => ({
  path,
  before: side(before),
  after: side(after),
});
const find = (...files: ChangedFile[]) => findChanges(files, RULES);

describe('a pattern', () => {
  it.each([
    ['conftest.py', ['conftest.py', 'tests/unit/conftest.py'], ['my_conftest.py', 'conftest.pyc']],
    ['.github/**', ['.github/workflows/ci.yml'], ['.githubx/ci.yml', 'x.github/ci.yml', 'sub/.github/ci.yml']],
    ['**/test/**', ['test/a.js', 'packages/a/test/b/c.js'], ['contest/a.js', 'test']],
    ['/Makefile', ['Makefile'], ['sub/Makefile']],
    [
      '{jest,vitest}.config.*',
      ['jest.config.js', 'packages/a/vitest.config.mts'],
      ['jestxconfig.js', 'my.jest.config'],
    ],
    ['*_test.go', ['a_test.go', 'pkg/b_test.go'], ['a_test.gox']],
    ['a?c', ['abc', 'x/abc'], ['ac', 'a/c']],
    ['a,b{c}', ['a,bc'], ['a', 'bc']],
    ['x(1)[2]+.y', ['x(1)[2]+.y'], ['x1', 'x(1)2.y']],
  ])('%s', (text, yes, no) => {
    const { matches } = readPattern(text);
    expect(yes.filter((path) => !matches(path))).toEqual([]);
    expect(no.filter(matches)).toEqual([]);
  });

  it('finds its end on a path made to keep it busy', () => {
    expect(readPattern('**/*a*a*a*/**/b').matches(`${'a/'.repeat(30)}c`)).toBe(false);
  });
});

describe('a change that a person must see', () => {
  it.each([
    'interlock.json',
    '.npmrc',
    'sub/.npmrc',
    'conftest.py',
    'tests/conftest.py',
    'vitest.config.ts',
    'jest.config.cjs',
    'pyproject.toml',
    '.github/workflows/ci.yml',
    '.gitlab-ci.yml',
    'Makefile',
    'tools/suite.mjs',
  ])('is one of %s, new, changed or gone', (path) => {
    for (const [before, after] of [
      ['a', 'b'],
      [undefined, 'b'],
      ['a', undefined],
      [null, null],
    ] as const)
      expect(find(file(path, before, after))).toMatchObject([{ kind: 'protected', path, needsPerson: true }]);
  });

  it('in package.json is one of the scripts, not of the version', () => {
    const json = (scripts: object, version: string): string => JSON.stringify({ version, scripts });
    const test = { test: 'vitest run' };
    expect(find(file('package.json', json(test, '1'), json(test, '2')))).toEqual([]);
    expect(find(file('package.json', json(test, '1'), json({ test: 'true' }, '1')))).toMatchObject([
      { kind: 'protected', detail: expect.stringContaining('/scripts changed') },
    ]);
  });

  it.each([
    ['that cannot be parsed', '{"scripts": {}}', '{"scripts": {'],
    ['that cannot be read', null, null],
    ['that is gone', '{}', undefined],
    ['whose scripts are new', '{}', '{"scripts": {}}'],
  ])('is a package.json %s', (_name, before, after) => {
    expect(find(file('package.json', before, after))).toMatchObject([{ needsPerson: true }]);
  });

  it('is none in a file that no rule names', () => {
    expect(find(file('src/index.ts', 'a', 'b'), file('README.md', undefined, 'x'))).toEqual([]);
  });
});

describe('test files', () => {
  it('are listed when they change, and need nobody', () => {
    expect(
      find(file('src/a.test.ts', 'a', 'b'), file('tests/b.py', undefined, 'x'), file('c_test.go', 'x', undefined)),
    ).toMatchObject([
      { kind: 'test-file', detail: 'changed', needsPerson: false },
      { kind: 'test-file', detail: 'added' },
      { kind: 'test-file', detail: 'deleted' },
    ]);
  });

  it('with more skip marks than before are told apart', () => {
    const [, mark] = find(file('a.test.ts', "it.skip('x')", "it.skip('x'); it.only('y'); xit('z')"));
    expect(mark).toMatchObject({ kind: 'skip-mark', detail: '2 more than before', needsPerson: false });
    expect(find(file('a.test.ts', "it.skip('x')", "it('x')"))).toHaveLength(1);
  });

  it.each([
    "it.skip('a', () => {})",
    "describe.only('a', () => {})",
    "test.concurrent.skip('a')",
    "xdescribe('a')",
    "test('a', { skip: true }, () => {})",
    '@pytest.mark.skip(reason="later")',
    '@pytest.mark.xfail',
    'pytest.skip("later")',
    '@unittest.skipIf(True, "x")',
    'self.skipTest("x")',
    't.Skip("later")',
    't.SkipNow()',
    '#[ignore]',
    '@Disabled("later")',
    '@Ignore',
    '[Ignore("later")]',
    '[Fact(Skip = "later")]',
  ])('know the mark %s', (text) => {
    expect(countSkipMarks(text)).toBeGreaterThan(0);
  });

  it('take no plain test for a mark', () => {
    expect(countSkipMarks("it('skips nothing', () => expect(only).toBe(1)); def test_skip(): pass")).toBe(0);
  });
});

describe('the name of a set', () => {
  const config = (after: string) => find(file('.npmrc', 'x', after))[0];

  it('is none where no finding needs a person', () => {
    expect(findingsHash(find(file('a.test.ts', 'a', 'b')))).toBeNull();
  });

  it('changes with what stands in a protected place, and with the places', () => {
    const first = config('a');
    const second = config('b');
    const other = find(file('Makefile', 'x', 'y'))[0];
    if (!first || !second || !other) throw new Error('three findings were made');
    const names = [[first], [second], [first, other], [first, second]].map((set) => findingsHash(set));
    expect(new Set(names).size).toBe(4);
  });

  it('stays while only other parts of a file and other files change', () => {
    const json = (version: string): string => JSON.stringify({ version, scripts: { test: 'true' } });
    const before = JSON.stringify({ scripts: { test: 'vitest' } });
    const one = findingsHash(find(file('package.json', before, json('1')), file('a.test.ts', 'a', 'b')));
    expect(one).not.toBeNull();
    expect(findingsHash(find(file('package.json', before, json('2')), file('a.test.ts', 'a', 'c')))).toBe(one);
  });
});

describe('the files that the command names', () => {
  const named = (command: string[] | string, cwd = '.') =>
    testRulesOf({ protected: [], files: [], command, cwd }).protected;

  it('are protected, at their place', () => {
    expect(named(['node', './run/all.js'])).toEqual(['/interlock.json', '/node', '/run/all.js']);
    expect(named('sh tools/test.sh && echo "ok"', 'packages/a')).toContain('/packages/a/tools/test.sh');
    expect(named(['node', '../outside.js', '--flag'])).toEqual(['/interlock.json', '/node']);
  });
});
