import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from '../../../extension/artifacts/hash';
import { readStagingLog } from '../../../extension/artifacts/staging-log';
import type { JobRow, RunRow, VerdictRow } from '../../../extension/ledger/rows';
import { checkStagingStatus } from '../../../extension/pipeline/gates/check-staging-status';
import { judgeStagingRun } from '../../../extension/pipeline/staging/judge-staging';
import { renderStagingLog } from '../../../extension/pipeline/staging/render-staging-log';
import { STAGING } from '../../../extension/pipeline/staging/staging-stage';
import type { StagingRules } from '../../../extension/pipeline/staging/staging-rules';
import { runRow, verdictRow } from '../../../extension/pipeline/run-rows';
import type { ReportReading } from '../../../runner-host/protocol/result';
import { StagingClass, StagingRunResult, type StagingRunSpec } from '../../../runner-host/protocol/staging';
import { failedCase, readReport, RUN } from '../artifacts/report-input';
import { SERVED, stagingRan } from '../artifacts/staging-input';
import { itemRow } from './rows';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const NAMES = ['a', 'b', 'c'];
const SPEC: StagingRunSpec = {
  kind: 'staging',
  run: RUN,
  item: 'DEMO-1',
  target: { transport: 'ssh2', host: 'h', port: null, user: null },
  command: ['./check.sh'],
  cwd: '/srv',
  timeoutMs: 1,
  graceMs: 1,
  env: {},
  container: null,
  servedCommit: null,
  head: SERVED,
  report: null,
};

const anyReport: fc.Arbitrary<ReportReading> = fc.oneof(
  fc.constant({ state: 'not-configured' as const }),
  fc.constant({ state: 'missing' as const, path: 'x' }),
  fc.constant({ state: 'unreadable' as const, path: 'x', reason: 'cut' }),
  {
    weight: 5,
    arbitrary: fc
      .record({
        passed: fc.nat({ max: 2 }),
        names: fc.subarray(NAMES),
        hidden: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.constant(1)),
        skipped: fc.nat({ max: 1 }),
      })
      .map(({ passed, names, hidden, skipped }) => {
        const failures = names.map((name) => failedCase({ name }));
        const failed = names.length + hidden;
        return readReport({ passed, failed, skipped, tests: passed + failed + skipped, failures });
      }),
  },
);
const commit = fc.oneof({ weight: 6, arbitrary: fc.constant(SERVED) }, fc.constantFrom('f'.repeat(40), ''));
const anyResult: fc.Arbitrary<StagingRunResult> = fc
  .record({
    report: anyReport,
    exitCode: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      { weight: 4, arbitrary: fc.constant(1) },
      fc.constant(null),
    ),
    survivors: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(1, null)),
    served: fc.option(fc.record({ before: commit, after: fc.oneof(commit, fc.constant(null)) }), { freq: 8 }),
    infra: fc.option(fc.constantFrom(...StagingClass.options), { freq: 1 }),
  })
  .map(({ report, exitCode, survivors, served, infra }): StagingRunResult => {
    const ran = stagingRan({ report, served }, { exitCode, survivors });
    if (infra === null) return ran;
    const { report: _, ...rest } = ran;
    return { ...rest, status: 'infra', class: infra, cause: 'killed', detail: 'x' };
  });
const anyWaivers = fc.array(
  fc.record({
    check: fc.constantFrom(...NAMES, 'orders > a'),
    until: fc.constantFrom('2026-11-21', '2026-11-20', '2099-01-01', 'nonsense'),
    reason: fc.constant('r'),
    reference: fc.constant('DEMO-61'),
  }),
  { maxLength: 4 },
);
/** What somebody with access to the rows may have changed in them. */
const tampering = fc.oneof(
  { weight: 4, arbitrary: fc.constant<[Partial<RunRow>, Partial<VerdictRow>]>([{}, {}]) },
  fc.constantFrom<[Partial<RunRow>, Partial<VerdictRow>]>(
    [{}, { verdict: 'PASS' }],
    [
      { status: 'suite-ran', exit_code: 0 },
      { verdict: 'PASS', failed: 0 },
    ],
    [{ tree: 't9' }, { tree: 't9', verdict: 'PASS' }],
    [{ item: 'OTHER-1' }, { verdict: 'PASS' }],
    [{ kind: 'test' }, { verdict: 'PASS' }],
  ),
);
/** What the branch holds as the log: as Interlock wrote it, with its words changed, written by hand, or nothing. */
const forgery = fc.oneof(
  { weight: 4, arbitrary: fc.constant((text: string): string | null => text) },
  fc.constantFrom(
    (): string | null => null,
    (text: string) => text.replace(/^staging_status: .*$/gm, 'staging_status: SUCCESS'),
    (text: string) => text.replace(/\n---\n/, '\nstaging_status: SUCCESS\n---\n'),
    () => `---\nstaging_status: SUCCESS\nrun: "${RUN}"\n---\n`,
    (text: string) => `${text} `,
  ),
);

interface Given {
  result: StagingRunResult;
  rules: StagingRules;
  tampered: [Partial<RunRow>, Partial<VerdictRow>];
  forge: (text: string) => string | null;
}
const given: fc.Arbitrary<Given> = fc
  .record({
    result: anyResult,
    waivers: anyWaivers,
    tampered: tampering,
    forge: forgery,
    asked: fc.boolean(),
    report: fc.boolean(),
  })
  .map(({ waivers, asked, report, ...rest }) => ({
    ...rest,
    rules: { base: 'b1', configHash: 'c', served: { asked, commit: SERVED }, report, waivers, at: NOW },
  }));

/** A run with these failures, all of them waived, that nobody tampered with. */
function untouched(exitCode: number, names: string[]): Given {
  const failures = names.map((name) => failedCase({ name }));
  const report = readReport({ passed: 2, failed: names.length, skipped: 0, tests: 2 + names.length, failures });
  const waivers = names.map((check) => ({ check, until: '2099-01-01', reason: 'r', reference: 'DEMO-61' }));
  return {
    result: stagingRan({ report }, { exitCode }),
    rules: { base: 'b1', configHash: 'c', served: { asked: true, commit: SERVED }, report: true, waivers, at: NOW },
    tampered: [{}, {}],
    forge: (text) => text,
  };
}

/** From the host's answer to the gate, over the ledger's rows and the branch, as the advance does it. */
function passes({ result, rules, tampered, forge }: Given): boolean {
  const job: JobRow = {
    ...{ id: RUN, item: 'DEMO-1', stage: 'deploy-staging', kind: 'staging', head: SERVED, tree: 't1' },
    ...{ spec: JSON.stringify(SPEC), rules: JSON.stringify(rules), created_at: NOW, settled_at: NOW },
  };
  const facts = { producer: 'staging-runner', ...STAGING.rulesOf(job), command: ['x'], now: 3 };
  const honest = verdictRow(job, result, STAGING.judge(result, job), facts);
  const none = { kind: 'verdict', verdict: 'FAIL', reason: { code: 'x', text: 'x', remedy: '' } } as const;
  const row = honest ?? verdictRow(job, result, none, facts);
  if (!row) throw new Error('unreachable');
  const run = { ...runRow(job, result, 1), ...tampered[0] };
  const verdict = { ...row, ...tampered[1] };
  const { path, text } = renderStagingLog({ artifacts: 'items' }, itemRow(), { job, run, verdict });
  const onBranch = forge(text);
  const read = onBranch === null ? null : readStagingLog(onBranch);
  const gate = checkStagingStatus({
    item: 'DEMO-1',
    report:
      onBranch === null || read === null
        ? null
        : { path, sha256: sha256(onBranch), fields: read.ok ? read.fields : { unreadable: read.reason } },
    run,
    verdict,
    artifacts: [{ id: 'x', item: 'DEMO-1', stage: 'deploy-staging', run: RUN, path, sha256: sha256(text), at: 3 }],
    tree: 't1',
  });
  const again = judgeStagingRun(StagingRunResult.parse(JSON.parse(run.result)), rules);
  return again.kind === 'verdict' && again.verdict === 'PASS' && gate.open;
}

it('no staging result, waiver, front matter or row opens the gate unless the suite ran green or every failure is waived', () => {
  let [green, waived] = [0, 0];
  fc.assert(
    fc.property(given, (one) => {
      if (!passes(one)) return;
      const { result, rules, tampered } = one;
      if (result.status !== 'suite-ran') throw new Error('a pass without a suite');
      const { report, remote, served } = result;
      expect(remote.survivors).toBe(0);
      expect([tampered[0].item, tampered[0].kind, tampered[0].tree]).toEqual([undefined, undefined, undefined]);
      if (rules.served.asked) expect(served).toEqual({ before: SERVED, after: SERVED });
      if (remote.exitCode === 0) {
        green += 1;
        if (report.state === 'read') expect([report.failed, report.errored, report.passed > 0]).toEqual([0, 0, true]);
        else expect([report.state, rules.report]).toEqual(['not-configured', false]);
        return;
      }
      waived += 1;
      if (report.state !== 'read' || remote.exitCode === null) throw new Error('waived without names');
      expect(report.failures.length).toBe(report.failed);
      expect(report.failures.length).toBeGreaterThan(0);
      for (const { name, suite } of report.failures) {
        const excuse = rules.waivers.find(
          ({ check, until }) => [name, `${suite} > ${name}`].includes(check) && until >= '2026-11-21' && until < '3',
        );
        expect(excuse, name).toBeDefined();
      }
    }),
    { numRuns: 800, examples: [[untouched(0, [])], [untouched(1, ['a'])]] },
  );
  // Both ways to a pass were walked, or the property says nothing.
  expect([green > 0, waived > 0]).toEqual([true, true]);
});
