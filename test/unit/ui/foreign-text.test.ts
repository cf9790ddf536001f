import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { age, clock, commandLine, duration, oneLine } from '../../../extension/ui/format';
import { casePlace } from '../../../extension/ui/panels/case-place';
import { expectedActual } from '../../../extension/ui/panels/expected-actual';
import { linkFrames } from '../../../extension/ui/panels/link-frames';
import { realInside } from '../../../extension/ui/panels/real-inside';
import { insideWorktree } from '../../../extension/ui/panels/worktree-path';
import { readTail } from '../../../extension/ui/read-tail';
import { stripEscapes } from '../../../extension/ui/strip-escapes';
import { aCase, MINUTE, NOW } from './rows';

const folder = mkdtempSync(join(tmpdir(), 'ilk-ui-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('expected and actual', () => {
  it.each([
    ['Vitest', 'AssertionError: expected 2 to equal 3', '3', '2'],
    ['Vitest, identity', 'expected +0 to be 1 // Object.is equality', '1', '+0'],
    ['Jest', 'expect(received).toBe(expected)\n\nExpected: 3\nReceived: 2', '3', '2'],
    ['node:assert', '  generatedMessage: true,\n  actual: 2,\n  expected: 3,\n  operator: "strictEqual"', '3', '2'],
    ['JUnit', 'org.junit.ComparisonFailure: expected:<3> but was:<2>', '3', '2'],
    ['pytest', 'def test_add():\n>       assert add(1, 1) == 3\nE       assert 2 == 3', '3', '2'],
    ['testify', '\tError:      \tNot equal: \n\texpected: 3\n\tactual  : 2', '3', '2'],
  ])('are found in the words of %s', (_, text, expected, actual) => {
    expect(expectedActual(text)).toEqual({ expected, actual });
  });

  it('are not guessed where no known wording is there', () => {
    expect(expectedActual('TypeError: x is not a function')).toBeNull();
  });

  it('cost little on hostile text', () => {
    const hostile = [
      `expected ${'a '.repeat(50_000)}`,
      `Expected: ${'x'.repeat(100_000)}`,
      'expected:<'.repeat(10_000),
    ];
    for (const text of hostile) expect(expectedActual(text)).toBeNull();
  });
});

describe('links in a failure', () => {
  const links = (text: string) =>
    linkFrames(text, '/w').flatMap(({ file, line }) => (file === undefined ? [] : [`${file}:${line}`]));

  it.each([
    ['    at add (/w/src/sum.js:3:9)', ['src/sum.js:3']],
    ['    at file:///w/test/sum.test.mjs:12:5', ['test/sum.test.mjs:12']],
    ['  File "/w/app/models.py", line 40, in save', ['app/models.py:40']],
    ['src/lib.rs:7:1: error', ['src/lib.rs:7']],
    ['main_test.go:15: got 2', ['main_test.go:15']],
  ])('lead into the worktree: %s', (text, expected) => {
    expect(links(text)).toEqual(expected);
  });

  it.each([
    '/etc/passwd.txt:1',
    '../outside.js:3',
    'node:internal/modules/run_main.js:128:5',
    'http://localhost:8080/app.js:3',
    'at 12:30:45',
    'a.js:0',
  ])('never lead elsewhere: %s', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('leave the text as it was', () => {
    const text = 'a\n/w/x.js:1 b /w/y.js:2\n<script>';
    expect(
      linkFrames(text, '/w')
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
  });

  it('cost little on hostile text', () => {
    const hostile = 'x'.repeat(20_000) + '.'.repeat(20_000);
    expect(linkFrames(hostile, '/w')).toEqual([{ text: hostile }]);
  });
});

describe('the place of a case', () => {
  const trace = 'at /w/node_modules/chai/index.js:1:1\nat file:///w/test/a.test.js:11:12\nat /w/src/b.js:2:2';

  it('is what the report says', () => {
    expect(casePlace(aCase({ file: 'test/a.js', line: 3, details: trace }), '/w')).toEqual({
      file: 'test/a.js',
      line: 3,
    });
  });

  it('is the first own line of the trace where the report names no file', () => {
    expect(casePlace(aCase({ file: null, line: null, details: trace }), '/w')).toEqual({
      file: 'test/a.test.js',
      line: 11,
    });
  });

  it('takes the line from the trace only for the file that the report names', () => {
    expect(casePlace(aCase({ file: 'test/a.test.js', line: null, details: trace }), '/w')).toEqual({
      file: 'test/a.test.js',
      line: 11,
    });
    expect(casePlace(aCase({ file: 'src/b.js', line: null, details: trace }), '/w')).toEqual({
      file: 'src/b.js',
      line: null,
    });
  });

  it('is nowhere rather than outside the worktree', () => {
    expect(casePlace(aCase({ file: '/etc/hosts.txt', line: 1, details: 'at /etc/hosts.txt:1' }), '/w')).toBeNull();
  });
});

describe('a path that a report names', () => {
  it('stays in the worktree or is refused', () => {
    expect(insideWorktree('/w', 'src/../src/a.js')).toBe('src/a.js');
    expect(insideWorktree('/w', '/w/a.js')).toBe('a.js');
    for (const path of ['', '.', '..', '../w2/a.js', '/w2/a.js', '/', 'a\0b'])
      expect(insideWorktree('/w', path)).toBeNull();
  });

  it('is opened only if it is there in truth, symbolic links resolved', async () => {
    const worktree = join(folder, 'w');
    mkdirSync(worktree);
    writeFileSync(join(folder, 'secret'), '');
    writeFileSync(join(worktree, 'a.js'), '');
    symlinkSync(join(folder, 'secret'), join(worktree, 'link.js'));
    symlinkSync(folder, join(worktree, 'up'));
    expect(await realInside(worktree, 'a.js')).toMatch(/a\.js$/);
    for (const path of ['link.js', 'up/secret', 'gone.js', '../secret'])
      expect(await realInside(worktree, path)).toBeNull();
  });
});

describe('output as plain text', () => {
  it('loses escape sequences and keeps words', () => {
    expect(stripEscapes('\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007 \u0007end')).toBe(
      'red link end',
    );
  });

  it('keeps the last state of a line that was overwritten', () => {
    expect(stripEscapes('10%\r50%\r100%\nnext\r\n')).toBe('100%\nnext\n');
  });

  it('is read from its end, with the cut said', async () => {
    const path = join(folder, 'log');
    writeFileSync(path, '0123456789');
    expect(await readTail(path, 4)).toEqual({ text: '6789', cut: 6 });
    expect(await readTail(path, 40)).toEqual({ text: '0123456789', cut: 0 });
    expect(await readTail(join(folder, 'none'), 4)).toBeUndefined();
    await expect(readTail(folder, 4)).rejects.toThrow();
  });
});

describe('figures for people', () => {
  it('are short', () => {
    expect([0, MINUTE, 59 * MINUTE, 60 * MINUTE, 48 * 60 * MINUTE].map((ms) => age(NOW - ms, NOW))).toEqual([
      'now',
      '1m',
      '59m',
      '1h',
      '2d',
    ]);
    expect(age(NOW + 5000, NOW)).toBe('now');
    expect([340, 2100, 185_000, 3_720_000].map(duration)).toEqual(['340 ms', '2.1 s', '3 min 05 s', '1 h 02 min']);
    expect(clock(NOW, NOW)).toBe('12:00');
    expect(clock(NOW - 24 * 60 * MINUTE, NOW)).toBe('2026-03-13 12:00');
  });

  it('say when a command goes through the shell', () => {
    expect(commandLine(['npm', 'run', 'my test'])).toBe('npm run "my test"');
    expect(commandLine('npm test | tee log')).toBe('sh -c "npm test | tee log"');
  });

  it('cut a line that is too long', () => {
    expect(oneLine('a'.repeat(300), 10)).toBe(`${'a'.repeat(9)}…`);
  });
});
