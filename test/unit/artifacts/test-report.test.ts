import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import {
  readTestReport,
  TEST_REPORT,
  writeTestReport,
  type TestReportInput,
} from '../../../extension/artifacts/test-report';
import { INFRA_CAUSES, type ReportReading, type TestRunResult } from '../../../runner-host/protocol/result';
import { failedCase, readReport, reportInput, RUN, suiteRan } from './report-input';

const machine = (text: string): string => text.split('---\n')[1] ?? '';

describe('the machine part', () => {
  test('has its keys in a fixed order, byte for byte', () => {
    expect(TEST_REPORT).toBe('13-test-report.md');
    expect(machine(writeTestReport(reportInput()))).toBe(
      [
        'result: PASS',
        'status: PASS',
        'verdict: PASS',
        `run: "${RUN}"`,
        `tree: "${'b'.repeat(40)}"`,
        `head: "${'a'.repeat(40)}"`,
        `base: "${'1234567890'.repeat(4)}"`,
        `command: "/usr/bin/npm test -- 'it'\\\\''s'"`,
        `environment: "${'e'.repeat(64)}"`,
        'exit_code: 0',
        'tests: 12',
        'failed: 0',
        'skipped: 1',
        'duration_ms: 12346',
        'started_at: "2023-11-14T22:13:20.000Z"',
        'producer: "test-runner"',
        '',
      ].join('\n'),
    );
  });

  test('means the same to a reader that knows numbers', () => {
    expect(load(machine(writeTestReport(reportInput())))).toMatchObject({
      base: '1234567890'.repeat(4),
      exit_code: 0,
      tests: 12,
      started_at: '2023-11-14T22:13:20.000Z',
    });
  });

  test('failed counts cases that failed and cases that ended in an error', () => {
    const report = readReport({ passed: 8, failed: 2, errored: 1, failures: [failedCase()] });
    const text = writeTestReport(reportInput({ verdict: 'FAIL', result: suiteRan({ report }, { exitCode: 1 }) }));
    expect(readTestReport(text)).toMatchObject({
      ok: true,
      fields: { result: 'FAIL', status: 'FAIL', verdict: 'FAIL', exit_code: 1, tests: 12, failed: 3, skipped: 1 },
    });
  });

  test('what is not known is null, never 0', () => {
    for (const report of [
      { state: 'not-configured' },
      { state: 'missing', path: 'x' },
      { state: 'unreadable', path: 'x', reason: 'y' },
    ] as const) {
      const result = suiteRan({ report }, { exitCode: null, signal: 'SIGSEGV' });
      expect(readTestReport(writeTestReport(reportInput({ verdict: 'FAIL', result })))).toMatchObject({
        fields: { exit_code: null, tests: null, failed: null, skipped: null },
      });
    }
  });

  test('a run that says nothing about the code closes the gate with all three keys', () => {
    const { supervision, tree } = suiteRan();
    const result: TestRunResult = {
      status: 'infra',
      run: RUN,
      item: 'DEMO-1',
      kind: 'test',
      supervision,
      tree,
      cause: 'timeout',
      detail: 'no end after 900 s',
    };
    expect(readTestReport(writeTestReport(reportInput({ verdict: null, result })))).toMatchObject({
      fields: { result: 'INFRA', status: 'INFRA', verdict: 'INFRA' },
    });
  });
});

describe('PASS', () => {
  const counts = fc.nat({ max: 5 });
  const report: fc.Arbitrary<ReportReading> = fc.oneof(
    fc.constant({ state: 'not-configured' as const }),
    fc.record({ state: fc.constant('missing' as const), path: fc.string() }),
    fc.record({ state: fc.constant('unreadable' as const), path: fc.string(), reason: fc.string() }),
    fc
      .tuple(counts, counts, counts, counts)
      .map(([passed, failed, errored, skipped]) =>
        readReport({ tests: passed + failed + errored + skipped, passed, failed, errored, skipped }),
      ),
  );
  const result: fc.Arbitrary<TestRunResult> = fc
    .tuple(report, fc.option(fc.constantFrom(0, 1, 137)), fc.option(fc.constantFrom(...INFRA_CAUSES)))
    .map(([report, exitCode, cause]) => {
      const ran = suiteRan({ report }, { exitCode });
      if (cause === null) return ran;
      const { run, item, kind, supervision, tree } = ran;
      return { status: 'infra', run, item, kind, supervision, tree, cause, detail: 'x' };
    });

  test('is written for no input unless the suite ran, ended with 0 and no report says otherwise', () => {
    fc.assert(
      fc.property(result, fc.option(fc.constantFrom('PASS', 'FAIL', 'INCONCLUSIVE', 'pass', '')), (result, verdict) => {
        const read = readTestReport(writeTestReport(reportInput({ result, verdict })));
        if (!read.ok) throw new Error(read.reason);
        const { fields } = read;
        expect(new Set([fields.result, fields.status, fields.verdict]).size).toBe(1);
        const green =
          result.status === 'suite-ran' &&
          result.supervision.exitCode === 0 &&
          (result.report.state === 'not-configured' ||
            (result.report.state === 'read' && result.report.failed + result.report.errored === 0));
        expect(fields.result === 'PASS').toBe(green && verdict === 'PASS');
      }),
      { numRuns: 2000 },
    );
  });

  test('is read from no damaged report: every cut of the machine part is refused or says what the whole says', () => {
    const text = writeTestReport(reportInput());
    const end = text.indexOf('---\n', 4) + 4;
    for (let length = 0; length < end - 1; length++)
      expect(readTestReport(text.slice(0, length)).ok, String(length)).toBe(false);
  });
});

describe('reading', () => {
  const text = writeTestReport(reportInput());

  test.each([
    ['result: PASS\n', '', 'missing-key'],
    ['verdict: PASS\n', '', 'missing-key'],
    ['producer: "test-runner"\n', '', 'missing-key'],
    ['result: PASS\n', 'result: PASS\nresult: PASS\n', 'duplicate-key'],
    ['result: PASS\n', 'result: pass\n', 'unknown-value'],
    ['result: PASS\n', 'result: PASSED\n', 'unknown-value'],
    ['status: PASS\n', 'status: ""\n', 'unknown-value'],
    ['verdict: PASS\n', 'verdict: [PASS]\n', 'broken-yaml'],
    ['result: PASS\n', 'Result: PASS\n', 'missing-key'],
    ['exit_code: 0\n', 'exit_code: zero\n', 'unknown-value'],
    ['tests: 12\n', 'tests: 1e2\n', 'unknown-value'],
    ['duration_ms: 12346\n', 'duration_ms: null\n', 'unknown-value'],
    ['---\n\n#', '\n#', 'unclosed'],
  ])('%j as %j is refused as %s', (from, to, code) => {
    expect(text).toContain(from);
    expect(readTestReport(text.replace(from, to))).toMatchObject({ ok: false, code, reason: expect.any(String) });
  });

  test('a value in disagreement is read as it stands: the gate decides', () => {
    expect(readTestReport(text.replace('status: PASS', 'status: FAIL'))).toMatchObject({
      ok: true,
      fields: { result: 'PASS', status: 'FAIL' },
    });
  });

  test('whatever the texts hold, what was written is what is read, and twice the same bytes are written', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom(
          '\n',
          '---',
          '"',
          "'",
          '\\',
          ': ',
          '#',
          '`',
          '\u0085',
          '\u2028',
          '\ud800',
          '\0',
          '\ufeff',
          'result: PASS',
        ),
      }),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.array(hostile, { maxLength: 3 }), (title, reason, message, command) => {
        const report = readReport({
          failed: 1,
          passed: 10,
          failures: [failedCase({ name: title, message, details: reason, suite: title, file: message })],
        });
        const input: TestReportInput = reportInput({
          item: { id: 'A-1', title },
          reason,
          producer: title,
          floorSource: reason,
          verdict: 'FAIL',
          result: suiteRan({ report }, { resolvedCommand: command, exitCode: 1 }),
        });
        const text = writeTestReport(input);
        expect(writeTestReport(structuredClone(input))).toBe(text);
        const read = readTestReport(Buffer.from(text));
        if (!read.ok) throw new Error(read.reason);
        expect(read.fields).toMatchObject({ result: 'FAIL', run: RUN, tests: 12, failed: 1 });
        // JSON keeps a lone surrogate as an escape, so even that comes back.
        expect(read.fields.producer).toBe(title);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the part for people', () => {
  const red = (failures = [failedCase()], more: Partial<TestReportInput> = {}): string =>
    writeTestReport(
      reportInput({
        verdict: 'FAIL',
        reason: `${failures.length} of 12 tests failed (exit code 1)`,
        result: suiteRan(
          { report: readReport({ passed: 11 - failures.length, failed: failures.length, failures }) },
          { exitCode: 1 },
        ),
        ...more,
      }),
    );

  test('a green run', () => {
    const body = writeTestReport(reportInput()).split('---\n').slice(2).join('---\n');
    expect(body).toBe(`
# Test report of \`DEMO-1\`

\`Add tax\`

**PASS**: exit code 0 and 11 of 12 tests passed, 1 skipped.

## Cross-check

| check | found | needed for PASS | agrees |
| --- | --- | --- | --- |
| exit code | 0, after 12.3 s | 0 | yes |
| report | 1 file, 12 tests | a report | yes |
| failed tests | 0 | 0 | yes |
| tests executed | 11 | at least 10 (floor: base (DEMO-0, the last one that landed)) | yes |
| skipped tests | 1 | any number | not checked |
| tested tree | unchanged | the same before and after | yes |
| processes left | none (containment: subreaper) | none | yes |

## Log

The whole output (2048 bytes) belongs to run \`${RUN}\`: \`interlock report DEMO-1 --run ${RUN}\`.

## Run it again

\`\`\`sh
git switch --detach ${'a'.repeat(40)}
/usr/bin/npm test -- 'it'\\''s'
\`\`\`
`);
  });

  test('failures stand before the log, with place, message and details', () => {
    const body = red();
    expect(body.indexOf('## Failed tests (1)')).toBeLessThan(body.indexOf('## Log'));
    expect(body).toContain(
      '### 1. `adds tax`\n\nfailed, in `orders`, `test/orders.test.ts:14`\n\n```text\nexpected 119, got 100\n```',
    );
    expect(body).toContain('| failed tests | 1 | 0 | **no** |');
  });

  test.each([
    [{ report: { state: 'missing', path: 'r.xml' } as const }, {}, '| report | missing: r.xml | a report | **no** |'],
    [{ report: { state: 'unreadable', path: 'r.xml', reason: 'cut off' } as const }, {}, 'cannot be trusted: cut off'],
    [{ report: { state: 'not-configured' } as const }, {}, '| tests executed | not proven |'],
    [{ tree: null }, {}, '| tested tree | not read |'],
    [
      {},
      { cleanliness: 'swept' as const },
      '| processes left | none found (containment: subreaper) | none | not checked |',
    ],
    [
      {},
      { cleanliness: 'dirty' as const, survivors: [{ pid: 1, startTime: '1', command: 'x' }] },
      '| processes left | 1 still alive',
    ],
    [{}, { exitCode: null, signal: 'SIGSEGV' }, '| exit code | signal SIGSEGV, after 12.3 s | 0 | **no** |'],
    [{}, { outputDropped: 77 }, '77 bytes were cut out of its middle'],
    [{}, { resolvedCommand: [] }, 'The command was never started'],
  ])('%j %j: %s', (result, supervision, line) => {
    expect(writeTestReport(reportInput({ result: suiteRan(result, supervision) }))).toContain(line);
  });

  test('a floor that is not reached, and a tree that the run changed, say no', () => {
    const tree = {
      head: 'a',
      tree: 'b',
      treeAfter: 'c',
      headAfter: 'a',
      changed: ['x|y', ...'abcdefghijklmnopqrst'],
    };
    const text = writeTestReport(reportInput({ verdict: 'INCONCLUSIVE', floor: 99, result: suiteRan({ tree }) }));
    expect(text).toMatch(/\| tests executed \| 11 \| at least 99 .* \*\*no\*\* \|/);
    expect(text).toContain('changed by the run: x\\|y, a, b, c, d, e, f, g, h, i and 11 more');
  });

  test('a run that did not get to its end says why', () => {
    const { supervision, tree } = suiteRan();
    const result: TestRunResult = {
      status: 'infra',
      run: RUN,
      item: 'DEMO-1',
      kind: 'test',
      supervision,
      tree,
      cause: 'timeout',
      detail: 'no end after 900 s',
    };
    expect(writeTestReport(reportInput({ verdict: null, result }))).toContain(
      '| the suite ran | no: timeout (no end after 900 s) | to its end | **no** |',
    );
  });

  test('the report stays far below its own limit, and says how much was left out', () => {
    const huge = failedCase({ name: '🙂'.repeat(1000), message: '語'.repeat(8_000), details: '語'.repeat(32_000) });
    const failures = Array.from({ length: 200 }, () => huge);
    const report = readReport({ tests: 500, passed: 0, failed: 500, skipped: 0, failures });
    const text = red([], { result: suiteRan({ report }, { exitCode: 1 }) });
    expect(Buffer.byteLength(text)).toBeLessThan(512 * 1024);
    const shown = text.match(/^### /gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(5);
    expect(text).toContain(`${500 - shown} more failures are left out here; the log has them.`);
    expect(text).toContain('[24000 more characters]');
  });

  test('tests that passed only when run again are named', () => {
    const flaky = { count: 3, first: [{ suite: 'orders', name: 'adds tax' }] };
    const text = writeTestReport(reportInput({ result: suiteRan({ report: readReport({ flaky }) }) }));
    expect(text).toContain('## Passed only when run again (3)\n\n- `adds tax`, in `orders`\n- and 2 more');
    expect(writeTestReport(reportInput())).not.toContain('run again (');
  });

  test('nothing that a suite prints becomes markup or reaches out of its block', () => {
    const evil =
      '\n# EVIL\n```\n# EVIL\n````````\n~~~\n# EVIL\n<script>EVIL</script>\n| EVIL |\n---\nresult: PASS\n[EVIL](x) `EVIL` \u001b[2J\u202e';
    const text = red([failedCase({ name: evil, suite: evil, file: evil, message: evil, details: `more ${evil}` })], {
      item: { id: 'A-1', title: evil },
      reason: evil,
      floorSource: evil,
    });
    let fence = '';
    for (const line of text.split('\n').slice(machine(text).split('\n').length + 1)) {
      const ticks = /^(`{3,})(?:text|sh)?$/.exec(line)?.[1] ?? '';
      if (fence === '' ? ticks !== '' : line === fence) fence = fence === '' ? ticks : '';
      else if (fence === '') {
        const outside = line.replace(/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, '').replace(/\\./g, '');
        expect(outside).not.toMatch(/[<`[]|^#+ *EVIL|^\| EVIL|^---$/);
      }
    }
    expect(fence).toBe('');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });
});
