import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CaseResult } from '../../../runner-host/protocol/result';
import { readJunit } from '../../../runner-host/runners/junit/read-junit';
import { MOST_REPORT_BYTES } from '../../../runner-host/runners/report-limits';

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const parse = (text: string | Buffer, size = 64 * 1024): Promise<CaseResult[]> =>
  readJunit(pieces(Buffer.from(text), size));
const reasonOf = (text: string | Buffer): Promise<string> =>
  parse(text).then(
    (cases) => `read ${cases.length} cases`,
    (error: { reason: string }) => error.reason,
  );
const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../fixtures/junit', `${name}.xml`));

describe('a report that is not whole is an error, never fewer tests', () => {
  test('cut off at any byte', async () => {
    const whole = fixture('vitest');
    const end = whole.lastIndexOf('</testsuites>') + '</testsuites>'.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: end - 1 }), async (length) => {
        expect(await reasonOf(whole.subarray(0, length))).not.toMatch(/^read/);
      }),
      { numRuns: 200 },
    );
  });

  test('any case taken out of a report that says how many it has', async () => {
    const text = fixture('go-junit-report').toString('utf8');
    for (const name of ['TestAdd', 'TestSlow', 'TestVat', 'TestRemove/last_one']) {
      const without = text.replace(new RegExp(`<testcase name="${name}"[\\s\\S]*?</testcase>`), '');
      expect(await reasonOf(without)).toMatch(/says (tests|failures and errors)=\d+, but \d+ stand in it/);
    }
  });

  test('the same cases come out however the bytes arrive', async () => {
    const whole = fixture('node-test');
    const cases = await parse(whole);
    for (const size of [1, 7, 4096]) expect(await parse(whole, size)).toEqual(cases);
  });
});

describe('what can not be trusted is refused, with the reason', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['zero bytes', '', /empty/],
    ['blanks', '  \n', /not well-formed/],
    ['no XML', 'ok 1 - fine', /not well-formed/],
    ['no test report', '<html/>', /root element is <html>/],
    ['two roots', '<testsuite/><testsuite/>', /not well-formed/],
    ['text after the root', '<testsuite/>trailing', /not well-formed/],
    ['a document type', '<!DOCTYPE testsuite><testsuite/>', /document type/],
    ['an entity that nobody defined', '<testsuite name="&lol;"/>', /not well-formed/],
    ['an entity bomb', '<!DOCTYPE l [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>', /document type/],
    [
      'a case outside of a suite',
      '<testsuite><system-out><testcase name="a"/></system-out></testsuite>',
      /inside <system-out>/,
    ],
    [
      'a case in a case',
      '<testsuite><testcase name="a"><testcase name="b"/></testcase></testsuite>',
      /inside <testcase>/,
    ],
    ['a suite in a case', '<testsuite><testcase name="a"><testsuite/></testcase></testsuite>', /inside <testcase>/],
    ['a figure that is none', '<testsuite tests="many"/>', /says tests="many"/],
    ['a negative figure', '<testsuite tests="-1"/>', /says tests="-1"/],
    ['elements without end', `<testsuite>${'<a>'.repeat(1000)}`, /nested deeper/],
    [
      'zeros, as a crash of the machine leaves them',
      Buffer.concat([Buffer.from('<testsuite/>'), Buffer.alloc(100)]),
      /not well-formed/,
    ],
    [
      'bytes that are no UTF-8',
      Buffer.concat([Buffer.from('<testsuite name="'), Buffer.of(0xff), Buffer.from('"/>')]),
      /not valid utf-8/,
    ],
    ['an encoding that nobody knows', '<?xml version="1.0" encoding="klingon"?><testsuite/>', /unknown encoding/],
  ])('%s', async (_name, text, reason) => {
    expect(await reasonOf(text)).toMatch(reason);
  });

  test('more than 64 MiB', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('<testsuite><system-out>');
      const filler = Buffer.alloc(1024 * 1024, 0x20);
      for (let size = 0; size <= MOST_REPORT_BYTES; size += filler.length) yield await Promise.resolve(filler);
    }
    await expect(readJunit(endless())).rejects.toMatchObject({ reason: expect.stringContaining('larger than') });
  });
});

describe('figures that contradict the cases are refused', () => {
  const suite = (attributes: string, cases: string): string => `<testsuite name="s" ${attributes}>${cases}</testsuite>`;
  const passed = '<testcase name="p" time="1"/>';
  const failed = '<testcase name="f"><failure/></testcase>';
  const skipped = '<testcase name="s"><skipped/></testcase>';

  test.each([
    ['more tests than cases', suite('tests="2"', passed)],
    ['fewer tests than passed cases that took time', suite('tests="1"', passed + passed)],
    ['a failure that is not there', suite('tests="1" failures="1"', passed)],
    ['an error that is not there', suite('tests="1" errors="1"', passed)],
    ['no failure, but one is there', suite('tests="1" failures="0" errors="0"', failed)],
    ['more failures than there are', suite('tests="2" failures="2"', failed + passed)],
    ['a skipped test that is not marked', suite('tests="2" skipped="1"', passed + passed)],
    ['no skipped test, but one is there', suite('tests="2" skipped="0"', passed + skipped)],
    ['a total that the suites do not give', `<testsuites tests="3">${suite('tests="1"', passed)}</testsuites>`],
  ])('%s', async (_name, text) => {
    expect(await reasonOf(text)).toMatch(/^suite ".*" says /);
  });

  test('no figures at all contradict nothing', async () => {
    expect((await parse(suite('', passed + failed + skipped))).map(({ outcome }) => outcome)).toEqual([
      'passed',
      'failed',
      'skipped',
    ]);
  });

  test('a status without its element counts as what it says', async () => {
    const cases = await parse(
      '<testsuite><testcase status="fail"/><testcase result="error"/><testcase status="NotRun"/></testsuite>',
    );
    expect(cases.map(({ outcome }) => outcome)).toEqual(['failed', 'errored', 'skipped']);
  });
});

describe('texts of a case', () => {
  test('are kept whole up to a bound, so that one failure can not fill the memory', async () => {
    const text = `<testsuite><testcase name="a"><failure message="${'m'.repeat(20_000)}">${'d'.repeat(100_000)}</failure></testcase></testsuite>`;
    const [result] = await parse(text);
    expect(result?.message).toHaveLength(8 * 1024 + 1);
    expect(result?.details).toHaveLength(32 * 1024 + 1);
  });

  test('come from all failures of the case; the output of the test is none', async () => {
    const [result] = await parse(
      '<testsuite><testcase name="a"><system-out>noise</system-out><failure message="one">x</failure><failure message="two">y</failure></testcase></testsuite>',
    );
    expect(result).toMatchObject({ message: 'one', details: 'x\n\ny' });
  });

  test('latin-1 and UTF-16 documents are read in their encoding', async () => {
    const document = (encoding: string): string =>
      `<?xml version="1.0" encoding="${encoding}"?><testsuite><testcase name="Grüße"/></testsuite>`;
    expect((await parse(Buffer.from(document('ISO-8859-1'), 'latin1')))[0]?.name).toBe('Grüße');
    const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(document('UTF-16'), 'utf16le')]);
    expect((await parse(utf16))[0]?.name).toBe('Grüße');
  });
});
