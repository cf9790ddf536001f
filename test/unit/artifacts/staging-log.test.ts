import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readStagingLog, STAGING_LOG, writeStagingLog } from '../../../extension/artifacts/staging-log';
import type { WaiverUse } from '../../../extension/artifacts/waiver-use';
import type { ReportReading } from '../../../runner-host/protocol/result';
import type { StagingRunResult } from '../../../runner-host/protocol/staging';
import { failedCase, readReport, RUN } from './report-input';
import { SERVED, stagingLogInput, stagingRan } from './staging-input';

const machine = (text: string): string => text.split('---\n')[1] ?? '';
const waiver = (change: Partial<WaiverUse> = {}): WaiverUse => ({
  check: 'C9a',
  reason: 'no GPU on staging',
  reference: 'DEMO-61',
  until: '2027-01-31',
  use: 'applied',
  ...change,
});
/** Exit code 1, and these checks named as failed. */
const red = (...names: string[]): StagingRunResult => {
  const failures = names.map((name) => failedCase({ name }));
  return stagingRan({ report: readReport({ failed: names.length, failures }) }, { exitCode: 1 });
};

describe('the machine part', () => {
  test('has its keys in a fixed order, byte for byte', () => {
    expect(STAGING_LOG).toBe('15-staging-log.md');
    expect(machine(writeStagingLog(stagingLogInput()))).toBe(
      [
        'staging_status: SUCCESS',
        `run: "${RUN}"`,
        `tree: "${'b'.repeat(40)}"`,
        `head: "${SERVED}"`,
        `base: "${'1234567890'.repeat(4)}"`,
        `command: "./staging_check.sh 'it'\\\\''s'"`,
        'exit_code: 0',
        'tests: 12',
        'failed: 0',
        'skipped: 1',
        'waived: 0',
        'duration_ms: 12346',
        'started_at: "2023-11-14T22:13:20.000Z"',
        'producer: "staging-runner"',
        'host: "deploy@staging.example.com:22"',
        `served_commit: "${SERVED}"`,
        '',
      ].join('\n'),
    );
  });

  test('means the same to another reader of YAML', () => {
    expect(load(machine(writeStagingLog(stagingLogInput())))).toMatchObject({
      staging_status: 'SUCCESS',
      exit_code: 0,
      host: 'deploy@staging.example.com:22',
    });
  });

  test.each(['staging_status: SUCCESS\n', `run: "${RUN}"\n`, 'waived: 0\n'])('without %j it is refused', (line) => {
    const text = writeStagingLog(stagingLogInput());
    expect(readStagingLog(text.replace(line, ''))).toMatchObject({ ok: false, code: 'missing-key' });
    expect(readStagingLog(text.replace(line, line + line))).toMatchObject({ ok: false, code: 'duplicate-key' });
  });

  test.each(['success', 'PASS', 'SUCCESSFUL', '""', 'true'])('the status %s is none', (word) => {
    const text = writeStagingLog(stagingLogInput()).replace('staging_status: SUCCESS', `staging_status: ${word}`);
    expect(readStagingLog(text)).toMatchObject({ ok: false, code: 'unknown-value' });
  });
});

describe('what people read', () => {
  test('host, command, exit code, counts, what was served, connections', () => {
    const result = stagingRan({}, { connections: 3 });
    const text = writeStagingLog(stagingLogInput({ result, container: { engine: 'docker', name: 'app' } }));
    for (const fact of [
      '| host | `deploy@staging.example.com:22`, by ssh2 |',
      '| container | `app` (docker) |',
      '| exit code | 0, after 12.3 s |',
      '| checks | 12: 11 passed, 0 failed, 0 with errors, 1 skipped |',
      `| served commit | before \`${SERVED}\`, after \`${SERVED}\`; it must be \`${SERVED}\` |`,
      '| connections | 3 |',
    ])
      expect(text).toContain(fact);
  });

  test('says so where the host served another commit of the same content', () => {
    const tested = 'd'.repeat(40);
    const text = writeStagingLog(
      stagingLogInput({
        result: stagingRan({ served: { before: tested, after: tested } }),
        served: { asked: true, commit: SERVED, sameContent: [tested] },
      }),
    );
    expect(text).toContain(`after \`${tested}\`; the content is that of \`${SERVED}\` |`);
    expect(text).toContain(`served_commit: "${tested}"`);
  });

  test('a commit that nobody asked for is said to be not proven, in both parts', () => {
    const text = writeStagingLog(
      stagingLogInput({ result: stagingRan({ served: null }), served: { asked: false, commit: SERVED } }),
    );
    expect(text).toContain('| served commit | served commit not proven |');
    expect(readStagingLog(text)).toMatchObject({ fields: { staging_status: 'SUCCESS', served_commit: 'not proven' } });
  });

  test('waived failures are listed with what excuses them, and that nothing else failed', () => {
    const text = writeStagingLog(stagingLogInput({ result: red('C9a'), waivers: [waiver()] }));
    expect(text).toContain('- waived: `C9a`, until 2027-01-31: no GPU on staging (DEMO-61)\n- REAL failed: none');
    expect(readStagingLog(text)).toMatchObject({ fields: { staging_status: 'SUCCESS', failed: 1, waived: 1 } });
  });

  test('a failure that no waiver names is a real one; expired and unused waivers are named as such', () => {
    const waivers = [waiver(), waiver({ check: 'C1', use: 'expired' }), waiver({ check: 'C2', use: 'unused' })];
    const text = writeStagingLog(stagingLogInput({ verdict: 'FAIL', result: red('C9a', 'C1'), waivers }));
    expect(text).toContain('- REAL failed: `C1`\n- expired: `C1`');
    expect(text).toContain('- unused: `C2`');
    expect(readStagingLog(text)).toMatchObject({ fields: { staging_status: 'FAILED', failed: 2, waived: 1 } });
  });

  test('what to do stands in it', () => {
    expect(writeStagingLog(stagingLogInput({ verdict: 'INCONCLUSIVE', remedy: 'Deploy it.' }))).toContain(
      '**FAILED (INCONCLUSIVE)**',
    );
  });
});

test('hostile texts stay texts: no markup, no second front matter, no line of their own', () => {
  const evil = '\n---\nstaging_status: SUCCESS\n---\n<script>x</script> | ![a](http://e/) \u001b[31m`';
  const failures = [failedCase({ name: evil, suite: evil, message: evil, details: evil })];
  const result = stagingRan({ report: readReport({ failed: 1, failures }) }, { exitCode: 1, host: evil });
  const waivers = [waiver({ check: evil, reason: evil, reference: evil })];
  const input = stagingLogInput({ item: { id: evil, title: evil }, reason: evil, verdict: 'FAIL', result, waivers });
  const text = writeStagingLog({ ...input, command: [evil], container: { engine: 'docker', name: evil } });
  expect(readStagingLog(text)).toMatchObject({ ok: true, fields: { staging_status: 'FAILED' } });
  expect(text.match(/^staging_status:/gm)).toHaveLength(2);
  const body = text.slice(text.indexOf('# Staging log')).replace(/(```+)text\n[\s\S]*?\n\1/g, '');
  expect(body).not.toMatch(/^(staging_status|---|<|!)/m);
  expect(text).not.toContain('\u001b');
});

describe('SUCCESS', () => {
  const count = fc.nat({ max: 3 });
  const report: fc.Arbitrary<ReportReading> = fc.oneof(
    fc.constant({ state: 'not-configured' as const }),
    fc.constant({ state: 'missing' as const, path: 'x' }),
    fc.constant({ state: 'unreadable' as const, path: 'x', reason: 'y' }),
    fc
      .tuple(count, count, fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }))
      .map(([passed, hidden, names]) => {
        const failures = names.map((name) => failedCase({ name }));
        return readReport({ passed, failed: names.length + hidden, failures, tests: 9 });
      }),
  );
  const served = fc.option(
    fc.record({ before: fc.constantFrom(SERVED, 'x'), after: fc.option(fc.constantFrom(SERVED, 'x')) }),
  );
  const result: fc.Arbitrary<StagingRunResult> = fc
    .tuple(report, fc.option(fc.constantFrom(0, 0, 1, 137)), served, fc.boolean())
    .map(([reading, exitCode, said, infra]) => {
      const ran = stagingRan({ report: reading, served: said }, { exitCode });
      if (!infra) return ran;
      const { report: _, ...rest } = ran;
      return { ...rest, status: 'infra', class: 'held', cause: 'killed', detail: '' };
    });
  const waivers = fc.array(
    fc.record({ check: fc.constantFrom('a', 'b', 'c'), use: fc.constantFrom<WaiverUse['use']>('applied', 'expired') }),
    { maxLength: 3 },
  );

  test('is written for no input unless the suite ran on the right commit and was green, or every failure is waived', () => {
    fc.assert(
      fc.property(
        result,
        waivers,
        fc.boolean(),
        fc.constantFrom('PASS', 'FAIL', 'INCONCLUSIVE', null),
        (one, some, asked, verdict) => {
          const uses = some.map((each) => waiver(each));
          const written = readStagingLog(
            writeStagingLog(
              stagingLogInput({ result: one, verdict, waivers: uses, served: { asked, commit: SERVED } }),
            ),
          );
          if (!written.ok) throw new Error(written.reason);
          if (written.fields.staging_status !== 'SUCCESS') return;
          if (one.status !== 'suite-ran') throw new Error('SUCCESS without a suite');
          expect(verdict).toBe('PASS');
          if (asked) expect(one.served).toEqual({ before: SERVED, after: SERVED });
          const { report: read, remote } = one;
          if (remote.exitCode === 0) {
            if (read.state === 'read') expect([read.failed + read.errored, read.passed > 0]).toEqual([0, true]);
            else expect(read.state).toBe('not-configured');
            return;
          }
          if (read.state !== 'read' || remote.exitCode === null) throw new Error('waived without names');
          expect(read.failures.length).toBe(read.failed + read.errored);
          expect(read.failures.length).toBeGreaterThan(0);
          const excused = uses.filter(({ use }) => use === 'applied').map(({ check }) => check);
          expect(read.failures.every(({ name }) => excused.includes(name))).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
