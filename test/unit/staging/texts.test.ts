import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detailOf, oneLine } from '../../../runner-host/staging/causes';
import { commandText, programOf, quoted, unusableNames } from '../../../runner-host/staging/command-text';
import { readAnswer } from '../../../runner-host/staging/prepare-host';
import { readListing, unusableReportPath } from '../../../runner-host/staging/report-text';

const posix = process.platform !== 'win32';

describe('commands', () => {
  test.runIf(posix)('a word reaches the program as it is, whatever is in it', () => {
    const words = fc.sample(
      fc.string({ unit: 'binary' }).filter((word) => !word.includes('\0')),
      { numRuns: 30, seed: 7 },
    );
    for (const word of [...words, `'`, `'\\''`, '$(x)', '-e']) {
      const text = commandText(['printf', '%s', word]);
      expect(execFileSync('/bin/sh', ['-c', text], { encoding: 'utf8' })).toBe(Buffer.from(word).toString('utf8'));
    }
    expect(quoted('')).toBe(`''`);
  });

  test.each<[string | string[], string]>([
    [['npm', 'test'], 'npm'],
    ['npm test', 'npm'],
    ['./suite.sh', './suite.sh'],
    ['cd x && ./suite', 'cd'],
    ['A=1 npm test', ''],
    ['(npm test)', ''],
    ['"my suite" x', ''],
    ['true; false', ''],
  ])('the program of %j is %j', (command, program) => {
    expect(programOf(command)).toBe(program);
  });

  test('a name that no shell takes is said, not sent', () => {
    expect(unusableNames({ GOOD_1: 'x', 'A B': 'x', '1A': '', '': '', 'A;x': '', NUL: 'a\0b' })).toEqual([
      'A B',
      '1A',
      '',
      'A;x',
      'NUL',
    ]);
  });
});

describe('what the host answers before and after the suite', () => {
  test.each([
    [0, 'ready\nabc\n', { ok: true, commit: 'abc' }],
    [0, 'ready\n', { ok: true, commit: '' }],
    [1, 'ready\nabc\n', { ok: false, cause: 'served-commit-failed' }],
    [0, 'fault container-stopped\n', { ok: false, cause: 'container-stopped', class: 'permanent-env' }],
    [0, 'fault container-daemon\n', { ok: false, cause: 'container-daemon', class: 'transient-infra' }],
    [0, 'fault report-path\n', { ok: false, cause: 'report-path', class: 'permanent-env' }],
    [0, 'something else\nready\nabc\n', { ok: false, cause: 'preparation-failed' }],
    [0, '', { ok: false, cause: 'preparation-failed' }],
  ])('%i %j', (code, output, expected) => {
    expect(readAnswer(code, output, true)).toMatchObject(expected);
  });

  test('without a command nothing is served, whatever is printed', () => {
    expect(readAnswer(0, 'ready\n', false)).toEqual({ ok: true, commit: null });
  });

  test('a text of the host is one short line', () => {
    expect(oneLine(`a\n\u001b[31mb\u0007\t c${'x'.repeat(999)}`, 10)).toBe('a [31mb cx');
    expect(detailOf('host-busy', 'DEMO-1')).toContain('(DEMO-1)');
    expect(detailOf('some-new-word')).toBe('some new word');
  });
});

describe('the listing of reports', () => {
  const listing = (...parts: string[]): Buffer => Buffer.from(parts.join(''));
  test('files come with their bytes, whatever is in them', () => {
    const found = readListing(listing('file 9 ./a b.xml\n', 'one\nend\n\n', '\nfile 0 /x/y\n\nend\n'), 'p');
    expect(found).toMatchObject({ state: 'found', files: [{ name: 'a b.xml' }, { name: '/x/y' }] });
    expect(found.state === 'found' && found.files.map(({ bytes }) => bytes.toString())).toEqual(['one\nend\n\n', '']);
    expect(readListing(listing('end\n'), 'p')).toEqual({ state: 'found', files: [] });
  });

  test.each([
    ['no end', 'file 1 a\nx\n'],
    ['more bytes than were said', 'file 1 a\nxy\nend\n'],
    ['fewer', 'file 3 a\nx\nend\n'],
    ['nothing', ''],
    ['bytes after the end', 'end\nx'],
  ])('%s is no listing', (_name, text) => {
    expect(readListing(Buffer.from(text), 'p')).toMatchObject({ state: 'unreadable', path: 'p' });
  });

  test.each([
    ['stale 0 ./a.xml\nend\n', 'older than the run'],
    ['huge 99999999999 ./a.xml\nend\n', 'bytes'],
    ['unreadable 0 ./a.xml\nend\n', 'no plain file'],
    ['file 1 ./b\nx\nstale 0 ./a.xml\nend\n', 'older than the run'],
  ])('%j is not read', (text, reason) => {
    expect(readListing(Buffer.from(text), 'p')).toEqual({
      state: 'unreadable',
      path: 'a.xml',
      reason: expect.stringContaining(reason),
    });
  });

  test.each(['../x', 'a/../b', '**/x.xml', '{a,b}.xml', 'a\\b', 'out/', 'a\nb'])('%j is no path for a host', (path) => {
    expect(unusableReportPath(path)).not.toBeNull();
  });
  test.each(['out/*.xml', '/var/x/r-[0-9].xml', "it's $(x) `y`.xml", 'a..b/c'])('%j is one', (path) => {
    expect(unusableReportPath(path)).toBeNull();
  });
});
