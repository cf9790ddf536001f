import fc from 'fast-check';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readFrontMatter } from '../../../extension/artifacts/front-matter';

const fields = (yaml: string): Record<string, string> | string => {
  const read = readFrontMatter(`---\n${yaml}\n---\nbody\n`);
  return read.ok ? Object.fromEntries(read.fields) : read.code;
};

describe('what is read', () => {
  test('every value stays the text that it is', () => {
    expect(
      fields(
        "a: 1e10\nb: 007\nc: yes\nd: null\ne: 2027-01-31\nf: \"PASS\"\ng: 'x: y'\nh: \"\"\nk: 'it''s'\ni: 0x1F # comment",
      ),
    ).toEqual({
      a: '1e10',
      b: '007',
      c: 'yes',
      d: 'null',
      e: '2027-01-31',
      f: 'PASS',
      g: 'x: y',
      h: '',
      k: "it's",
      i: '0x1F',
    });
  });

  test('line ends of Windows, comments, nothing at all', () => {
    const read = readFrontMatter('---\r\nresult: PASS\r\n\r\nstatus: \r\n---\r\nbody');
    expect(read).toMatchObject({
      ok: true,
      fields: new Map([
        ['result', 'PASS'],
        ['status', ''],
      ]),
    });
    expect(readFrontMatter('---\n---')).toMatchObject({ ok: true, fields: new Map() });
    expect(fields('# only a comment\n\n   # one more\na: # and one\nb: c#d # end')).toEqual({ a: '', b: 'c#d' });
  });

  test('only the front matter counts: what the body says is no key', () => {
    const read = readFrontMatter('---\nresult: FAIL\n---\nresult: PASS\n---\nresult: PASS\n---\n');
    expect(read).toMatchObject({ ok: true, fields: new Map([['result', 'FAIL']]) });
  });

  test('bytes are read as UTF-8', () => {
    expect(readFrontMatter(Buffer.from('---\ntitle: Grüße 🙂\n---\n'))).toMatchObject({
      fields: new Map([['title', 'Grüße 🙂']]),
    });
  });
});

test('whatever is accepted means the same to a full YAML parser', () => {
  const tokens = [
    'a',
    'b',
    'result',
    ': ',
    ':',
    ' ',
    '\n',
    '\n',
    '"',
    "'",
    '\\',
    '\\n',
    '#',
    ' # ',
    '-',
    '- ',
    '?',
    '|',
    '>',
    '[',
    ']',
    '{',
    '}',
    ',',
  ];
  const more = [
    '&x',
    '*x',
    '!!str',
    '%',
    '@',
    '`',
    '=',
    '~',
    '<<',
    '...',
    '---',
    '1',
    'null',
    '\t',
    '\r',
    '\r\n',
    '\u0085',
    '\u00a0',
    'ü',
    '\ud800',
  ];
  const piece = fc.constantFrom(...tokens, ...more);
  const value = fc.oneof(
    fc.array(piece, { maxLength: 5 }).map((all) => all.join('')),
    fc.string().map((text) => JSON.stringify(text)),
  );
  const line = fc.oneof(
    fc.tuple(fc.constantFrom('a', 'b', 'c_1', 'd-e'), value).map(([key, text]) => `${key}: ${text}`),
    value,
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      const yaml = ['z: last', ...lines].join('\n');
      const read = readFrontMatter(`---\n${yaml}\n---\n`);
      if (!read.ok || /^---[ \t]*\r?$/m.test(yaml)) return;
      accepted++;
      expect(load(`${yaml}\n`, { schema: FAILSAFE_SCHEMA })).toEqual(Object.fromEntries(read.fields));
    }),
    { numRuns: 20_000 },
  );
  expect(accepted).toBeGreaterThan(1_000);
});

describe('what is refused', () => {
  test.each([
    ['', 'no-front-matter'],
    ['result: PASS\n', 'no-front-matter'],
    ['\n---\nresult: PASS\n---\n', 'no-front-matter'],
    ['\ufeff---\nresult: PASS\n---\n', 'no-front-matter'],
    [' ---\nresult: PASS\n---\n', 'no-front-matter'],
    ['--- result: PASS\n---\n', 'no-front-matter'],
    ['----\nresult: PASS\n----\n', 'no-front-matter'],
    ['---\nresult: PASS\n', 'unclosed'],
    ['---\nresult: PASS\n ---\n', 'unclosed'],
    ['---\nresult: PASS\n----\n', 'unclosed'],
    ['---', 'no-front-matter'],
  ])('%j: %s', (text, code) => {
    expect(readFrontMatter(text)).toMatchObject({ ok: false, code, reason: expect.any(String) });
  });

  test.each([
    ['result: PASS\nresult: FAIL', 'duplicate-key'],
    ['result: PASS\n"result": PASS', 'broken-yaml'],
    ["result: PASS\n? 'result'\n: PASS", 'broken-yaml'],
    ['{ result: PASS, result: PASS }', 'broken-yaml'],
    ['result:\n  PASS', 'broken-yaml'],
    ['result: PA\n  SS', 'broken-yaml'],
    ['map:\n  a: 1', 'broken-yaml'],
    ['list:\n- a', 'broken-yaml'],
    ['list: [a, b]', 'broken-yaml'],
    ['text: |\n  result: PASS', 'broken-yaml'],
    ['text: >-', 'broken-yaml'],
    ['result: "PA\\x53S"', 'broken-yaml'],
    ['result: "PASS" "FAIL"', 'broken-yaml'],
    ["result: 'PASS' x", 'broken-yaml'],
    ['result: - PASS', 'broken-yaml'],
    ['result:PASS', 'broken-yaml'],
    ['result :PASS', 'broken-yaml'],
    ['result: PASS\rstatus: PASS', 'broken-yaml'],
    ['result: PASS\u2028status: PASS', 'broken-yaml'],
    ['result: a\tb', 'broken-yaml'],
    ['result: a:', 'broken-yaml'],
    ['<<: { result: PASS }', 'broken-yaml'],
    ['result: [PASS', 'broken-yaml'],
    ['result: "PASS', 'broken-yaml'],
    ['\tresult: PASS', 'broken-yaml'],
    ['result: PASS\n  status: PASS', 'broken-yaml'],
    ['result: a: b', 'broken-yaml'],
    ['result', 'broken-yaml'],
    ['- result: PASS', 'broken-yaml'],
    ['"result: PASS"', 'broken-yaml'],
    ['result: PASS\n...\nstatus: PASS', 'broken-yaml'],
    ['a: &x PASS\nresult: *x', 'broken-yaml'],
    ['a: &x PASS', 'broken-yaml'],
    ['&x result: PASS', 'broken-yaml'],
    ['result: !!str PASS', 'broken-yaml'],
    ['!!map\nresult: PASS', 'broken-yaml'],
    ['result: !<tag:example.com,2000:x> PASS', 'broken-yaml'],
    ['a: &x { result: PASS }\n<<: *x', 'broken-yaml'],
    ['? [result]\n: PASS', 'broken-yaml'],
    ['? { result: x }\n: PASS', 'broken-yaml'],
    ['result: PA\u0000SS', 'broken-yaml'],
    [`a: ${'['.repeat(100)}${']'.repeat(100)}`, 'broken-yaml'],
  ])('%j: %s', (yaml, code) => {
    expect(fields(yaml)).toBe(code);
  });

  test('more than 1 MiB, counted in bytes', () => {
    const head = '---\nresult: PASS\n---\n';
    const fill = (bytes: number): string => head + 'x'.repeat(bytes - head.length);
    expect(readFrontMatter(fill(1024 * 1024))).toMatchObject({ ok: true });
    expect(readFrontMatter(fill(1024 * 1024 + 1))).toMatchObject({ ok: false, code: 'too-large' });
    expect(readFrontMatter(Buffer.from(fill(1024 * 1024 + 1)))).toMatchObject({ ok: false, code: 'too-large' });
    expect(readFrontMatter(head + 'ü'.repeat(600 * 1024))).toMatchObject({ ok: false, code: 'too-large' });
  });

  test('bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('---\nresult: PASS\n---\n'), Buffer.from([0xff])]);
    expect(readFrontMatter(bytes)).toMatchObject({ ok: false, code: 'not-utf8' });
  });
});
