import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readReport } from '../../../runner-host/runners/read-report';
import {
  findReportFiles,
  openReport,
  ReportPathUnusable,
  removeReportFiles,
} from '../../../runner-host/runners/report-files';

const junit = (path: string) => ({ format: 'junit', path }) as const;

let worktree: string;
beforeEach(() => {
  worktree = realpathSync(mkdtempSync(join(tmpdir(), 'ilk-report-')));
});
afterEach(() => rmSync(worktree, { recursive: true, force: true }));

function write(path: string, text = '<testsuite/>'): void {
  mkdirSync(join(worktree, path, '..'), { recursive: true });
  writeFileSync(join(worktree, path), text);
}

describe('finding reports', () => {
  test('by path or pattern, also hidden ones; never in .git, in node_modules only when asked', async () => {
    for (const path of ['a.xml', 'r/b.xml', 'r/deep/c.xml', '.cache/d.xml', '.git/e.xml', 'node_modules/x/f.xml'])
      write(path);
    expect(await findReportFiles(worktree, 'a.xml')).toEqual(['a.xml']);
    expect(await findReportFiles(worktree, '**/*.xml')).toEqual(['.cache/d.xml', 'a.xml', 'r/b.xml', 'r/deep/c.xml']);
    expect(await findReportFiles(worktree, 'node_modules/x/*.xml')).toEqual(['node_modules/x/f.xml']);
    expect(await findReportFiles(worktree, 'nothing/*.xml')).toEqual([]);
  });

  test.each(['../a.xml', '/etc/*.xml', 'a/../../*.xml', '{x,..}/a.xml', 'x\\..\\..\\a.xml', '(..|x)/a.xml'])(
    '%s is refused: it leads out of the worktree',
    async (pattern) => {
      await expect(findReportFiles(worktree, pattern)).rejects.toBeInstanceOf(ReportPathUnusable);
    },
  );

  test('two dots inside a name lead nowhere', async () => {
    write('a..b.xml');
    expect(await findReportFiles(worktree, 'a..b.xml')).toEqual(['a..b.xml']);
  });

  test('a folder that is a link is refused, wherever it leads, also before it leads anywhere', async () => {
    write('src/precious.xml');
    symlinkSync('src', join(worktree, 'inside'));
    symlinkSync(tmpdir(), join(worktree, 'outside'));
    await expect(findReportFiles(worktree, 'inside/*.xml')).rejects.toThrow(/symbolic link/);
    await expect(findReportFiles(worktree, 'outside/nothing-there/*.xml')).rejects.toThrow(/symbolic link/);
    expect(await findReportFiles(worktree, '**/precious.xml')).toEqual(['src/precious.xml']);
  });

  test('what can not be removed is refused', async () => {
    mkdirSync(join(worktree, 'folder.xml'));
    await expect(removeReportFiles(worktree, ['folder.xml'])).rejects.toBeInstanceOf(ReportPathUnusable);
    await expect(removeReportFiles(worktree, ['gone.xml'])).resolves.toBeUndefined();
  });
});

describe('opening a report', () => {
  const reasonFor = async (path: string, startedAt: number): Promise<string> => {
    const opened = await openReport(worktree, path, startedAt);
    if (!opened.ok) return opened.reason;
    await opened.handle.close();
    return 'opened';
  };

  test('a plain file of this run is opened, an older one is not', async () => {
    write('a.xml');
    expect(await reasonFor('a.xml', Date.now())).toBe('opened');
    utimesSync(join(worktree, 'a.xml'), new Date(), new Date(Date.now() - 60_000));
    expect(await reasonFor('a.xml', Date.now())).toMatch(/older than the run/);
  });

  test('a link, a pipe and a folder are not', async () => {
    write('a.xml');
    symlinkSync('a.xml', join(worktree, 'link.xml'));
    execFileSync('mkfifo', [join(worktree, 'pipe.xml')]);
    mkdirSync(join(worktree, 'folder.xml'));
    expect(await reasonFor('link.xml', 0)).toBe('it is a symbolic link');
    expect(await reasonFor('pipe.xml', 0)).toBe('it is not a plain file');
    expect(await reasonFor('folder.xml', 0)).toBe('it is not a plain file');
    expect(await reasonFor('gone.xml', 0)).toMatch(/can't be opened/);
  });
});

describe('reading a run’s reports', () => {
  test('sums all files up', async () => {
    write('r/a.xml', '<testsuite tests="2"><testcase name="a"/><testcase name="b"><failure/></testcase></testsuite>');
    write(
      'r/b.xml',
      '<testsuite tests="2"><testcase name="c"><skipped/></testcase><testcase name="d"><error/></testcase></testsuite>',
    );
    const { reading, cases, files } = await readReport(worktree, junit('r/*.xml'), Date.now());
    expect(reading).toMatchObject({ state: 'read', tests: 4, passed: 1, failed: 1, errored: 1, skipped: 1 });
    expect(cases).toHaveLength(4);
    expect(files).toEqual(['r/a.xml', 'r/b.xml']);
  });

  test('of any format, and counts the flaky ones', async () => {
    write('r/a.tap', '1..2\nok 1\nnot ok 2\n');
    write('r/b.tap', '1..1\nok 1 # SKIP\n');
    expect((await readReport(worktree, { format: 'tap', path: 'r/*.tap' }, Date.now())).reading).toMatchObject({
      tests: 3,
      passed: 1,
      failed: 1,
      skipped: 1,
    });
    write('a.xml', '<testsuite><testcase name="a"><flakyFailure/></testcase><testcase name="b"/></testsuite>');
    expect((await readReport(worktree, junit('a.xml'), Date.now())).reading).toMatchObject({
      passed: 2,
      flaky: { count: 1, first: [{ suite: '', name: 'a' }] },
    });
  });

  test('a file without tests is no harm beside others; none in all of them is unreadable', async () => {
    write('r/a.xml', '<testsuite tests="0"/>');
    expect(await readReport(worktree, junit('r/*.xml'), Date.now())).toMatchObject({
      reading: { state: 'unreadable', path: 'r/*.xml', reason: 'it holds no test' },
      cases: null,
    });
    write('r/b.xml', '<testsuite><testcase name="a"/></testsuite>');
    expect((await readReport(worktree, junit('r/*.xml'), Date.now())).reading).toMatchObject({
      state: 'read',
      tests: 1,
    });
  });

  test('one that can not be trusted spoils all', async () => {
    write('r/a.xml', '<testsuite><testcase name="a"/></testsuite>');
    write('r/b.xml', '<testsuite>');
    expect(await readReport(worktree, junit('r/*.xml'), Date.now())).toMatchObject({
      reading: { state: 'unreadable', path: 'r/b.xml' },
      cases: null,
    });
  });

  test('a path that became a way out while the suite ran is unreadable', async () => {
    symlinkSync(tmpdir(), join(worktree, 'r'));
    expect((await readReport(worktree, junit('r/*.xml'), 0)).reading).toMatchObject({
      state: 'unreadable',
      reason: expect.stringContaining('symbolic link'),
    });
  });

  test('places cases in the worktree: by file, by a class that is one, by the failure’s text; nothing outside of it', async () => {
    write('test/a.test.ts', '');
    write('tests/test_a.py', '');
    const body = [
      `<testcase name="absolute" file="${worktree}/test/a.test.ts" line="3"/>`,
      '<testcase name="class" classname="test/a.test.ts"><failure>❯ test/a.test.ts:7:3</failure></testcase>',
      '<testcase name="none" classname="test/gone.test.ts"/>',
      '<testcase name="module" classname="tests.test_a.TestA"><failure>tests/test_a.py:5: no</failure></testcase>',
      '<testcase name="no module" classname="tests.gone"/>',
      '<testcase name="outside" file="/etc/passwd" line="1"/>',
      '<testcase name="climbing" file="../../etc/passwd" line="1"/>',
      '<testcase name="zero" file="test/a.test.ts" line="0"/>',
    ];
    write('j.xml', `<testsuite>${body.join('')}</testsuite>`);
    const { cases } = await readReport(worktree, junit('j.xml'), Date.now());
    expect(cases?.map(({ name, file, line }) => [name, file, line])).toEqual([
      ['absolute', 'test/a.test.ts', 3],
      ['class', 'test/a.test.ts', 7],
      ['none', null, null],
      ['module', 'tests/test_a.py', 5],
      ['no module', null, null],
      ['outside', null, null],
      ['climbing', null, null],
      ['zero', 'test/a.test.ts', null],
    ]);
  });

  test('places a test of go, whose report names a package and a file without its folder', async () => {
    write('cart/cart_test.go', '');
    const event = (more: object): string => `${JSON.stringify({ Package: 'example.com/shop/cart', ...more })}\n`;
    const failing = (name: string, file: string): string =>
      event({ Action: 'run', Test: name }) +
      event({ Action: 'output', Test: name, Output: `    ${file}:13: no\n` }) +
      event({ Action: 'fail', Test: name });
    const tests = failing('A', 'cart_test.go') + failing('B', 'gone_test.go');
    write('go.jsonl', `${tests}${event({ Action: 'fail' })}exit 1\n`);
    const { cases } = await readReport(worktree, { format: 'go-json', path: 'go.jsonl' }, Date.now());
    expect(cases?.map(({ file, line }) => [file, line])).toEqual([
      ['cart/cart_test.go', 13],
      [null, null],
    ]);
  });

  test('keeps a result small: at most 200 failures, and long texts only in the cases', async () => {
    const one = `<testcase name="f"><failure message="m">${'x'.repeat(20_000)}</failure></testcase>`;
    write('j.xml', `<testsuite>${one.repeat(300)}</testsuite>`);
    const { reading, cases } = await readReport(worktree, junit('j.xml'), Date.now());
    if (reading.state !== 'read') throw new Error('it can be read');
    expect(reading).toMatchObject({ tests: 300, failed: 300 });
    expect(reading.failures).toHaveLength(200);
    expect(JSON.stringify(reading).length).toBeLessThan(1024 * 1024);
    expect(cases?.[299]?.details).toHaveLength(20_000);
  });
});
