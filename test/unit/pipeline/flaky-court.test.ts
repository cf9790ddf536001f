import { describe, expect, it } from 'vitest';
import { flakyEvidence, isOf, wantsRerun } from '../../../extension/pipeline/flaky-court';
import { isUnexpired } from '../../../extension/pipeline/unexpired';
import { judgeTestRun } from '../../../extension/pipeline/judge';
import { runRow, verdictRow } from '../../../extension/pipeline/run-rows';
import type { JobRules } from '../../../extension/pipeline/job-rules';
import type { JobRow, RunRow, VerdictRow } from '../../../extension/ledger/rows';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import { failedCase } from '../artifacts/report-input';
import { itemRow, readReport, suiteRan } from './rows';

const RULES: JobRules = { floor: null, floorSource: 'off', base: 'b', configHash: 'c', rerunFailed: 1, flaky: [] };
const SPEC = {
  kind: 'test',
  item: 'DEMO-1',
  worktree: '/w',
  artifacts: 'docs',
  command: ['x'],
  cwd: '.',
  timeoutMs: 1,
  graceMs: 1,
  env: {},
  passEnv: [],
  report: null,
  head: 'h1',
};

let made = 0;
function job(rules: Partial<JobRules> = {}, spec: object = {}): JobRow {
  const id = `r0000000a-${(++made).toString(16).padStart(8, '0')}`;
  return {
    id,
    item: 'DEMO-1',
    stage: 'testing',
    kind: 'test',
    head: 'h1',
    tree: 't1',
    spec: JSON.stringify({ ...SPEC, run: id, ...spec }),
    rules: JSON.stringify({ ...RULES, ...rules }),
    created_at: 1,
    settled_at: 2,
  };
}

const red = (...names: string[]): TestRunResult =>
  suiteRan({
    exitCode: 1,
    report: readReport({ failed: names.length, failures: names.map((name) => failedCase({ name })) }),
  });

/** A ledger that holds these runs, newest first, each with the verdict that its result gives. */
function ledger(...settled: [JobRow, TestRunResult][]) {
  const jobs = new Map(settled.map(([one]) => [one.id, one]));
  const runs: RunRow[] = settled.map(([one, result]) => runRow(one, result, 1));
  const verdicts = new Map<string, VerdictRow | undefined>(
    settled.map(([one, result]) => {
      const rules = JSON.parse(one.rules) as JobRules;
      return [
        one.id,
        verdictRow(one, result, judgeTestRun(result, rules), {
          ...rules,
          producer: 'test-runner',
          command: [],
          now: 1,
        }),
      ];
    }),
  );
  return {
    items: () => [itemRow()],
    runs: () => runs,
    job: (id: string) => jobs.get(id),
    verdict: (id: string) => verdicts.get(id),
    first: runs[0] as RunRow,
  };
}

describe('a red suite', () => {
  it('is run again once, where the project says so', () => {
    const one = ledger([job(), red('a')]);
    expect(wantsRerun(one, one.first)).toBe(true);
    const off = ledger([job({ rerunFailed: 0 }), red('a')]);
    expect(wantsRerun(off, off.first)).toBe(false);
    const twice = ledger([job(), red('a')], [job(), red('a')]);
    expect(wantsRerun(twice, twice.first)).toBe(false);
  });

  it('is not run again when it was green, or never ran', () => {
    for (const result of [suiteRan(), suiteRan({ report: { state: 'missing', path: 'r' } })]) {
      const one = ledger([job(), result]);
      expect(wantsRerun(one, one.first)).toBe(false);
    }
  });
});

describe('a green run', () => {
  const against = (...reds: [JobRow, TestRunResult][]) => flakyEvidence(ledger(...reds), job(), suiteRan());

  it('has red runs on the identical tree, command and environment against it', () => {
    expect(against([job(), red('a', 'b')])).toMatchObject({ failed: { count: 2 }, unknown: { count: 2 }, unnamed: 0 });
    expect(against([job(), red('a')], [job(), red('b')])).toMatchObject({ failed: { count: 2 } });
  });

  it('has no staging run against it, whose rules and specification are of another kind', () => {
    const staging = { ...job(), kind: 'staging', spec: '{"kind":"staging"}', rules: '{}' };
    const one = ledger([job(), red('a')]);
    const other = { ...one.first, id: staging.id, kind: 'staging', stage: 'deploy-staging' };
    const read = {
      ...one,
      runs: () => [other, ...one.runs()],
      job: (id: string) => (id === staging.id ? staging : one.job(id)),
    };
    expect(flakyEvidence(read, job(), suiteRan())).toMatchObject({ failed: { count: 1 } });
  });

  it('has nothing against it from another tree, command or environment', () => {
    const elsewhere = { head: 'h1', tree: 't2', treeAfter: 't2', headAfter: 'h1', changed: [] };
    expect(against([job(), { ...red('a'), tree: elsewhere }])).toBeUndefined();
    expect(against([job({}, { command: ['y'] }), red('a')])).toBeUndefined();
    const environment = { hash: 'other', variables: [], program: 'x' };
    expect(against([job(), { ...red('a'), environment }])).toBeUndefined();
  });

  it('counts what no listed test stands for', () => {
    expect(against([job(), suiteRan({ exitCode: 2, report: { state: 'missing', path: 'r' } })])).toMatchObject({
      failed: { count: 0 },
      unnamed: 1,
    });
    const many = suiteRan({ exitCode: 1, report: readReport({ failed: 3, failures: [failedCase()] }) });
    expect(against([job(), many])).toMatchObject({ failed: { count: 1 }, unnamed: 2 });
  });

  it('is flaky by itself where the suite’s own tool ran tests again', () => {
    const within = suiteRan({ report: readReport({ flaky: { count: 2, first: [{ suite: 's', name: 'a' }] } }) });
    expect(flakyEvidence(ledger(), job(), within)).toMatchObject({ red: null, failed: { count: 1 }, unnamed: 1 });
    expect(flakyEvidence(ledger(), job({ rerunFailed: 0 }), within)).toBeUndefined();
  });
});

describe('the verdict on green after red', () => {
  const flake = { test: 'a', until: '2999-12-31' };
  function judged(reds: TestRunResult[], rules: Partial<JobRules> = {}): string {
    const mine = job(rules);
    const evidence = {
      flaky: flakyEvidence(ledger(...reds.map((one): [JobRow, TestRunResult] => [job(), one])), mine, suiteRan()),
    };
    const judgement = judgeTestRun(suiteRan(), { ...RULES, ...rules, evidence });
    return judgement.kind === 'verdict' ? `${judgement.verdict} ${judgement.reason.code}` : 'infra';
  }

  it('is a pass only if every red test is on record', () => {
    expect(judged([red('a')])).toBe('INCONCLUSIVE flaky');
    expect(judged([red('a')], { flaky: [flake] })).toBe('PASS passed-known-flakes');
    expect(judged([red('a', 'b')], { flaky: [flake] })).toBe('INCONCLUSIVE flaky');
    expect(judged([red('a'), red('b')], { flaky: [flake] })).toBe('INCONCLUSIVE flaky');
    expect(judged([suiteRan({ exitCode: 2, report: { state: 'missing', path: 'r' } })], { flaky: [flake] })).toBe(
      'INCONCLUSIVE flaky',
    );
  });

  it('is a pass without the court', () => {
    expect(judged([red('a')], { rerunFailed: 0 })).toBe('PASS tests-passed');
    expect(judged([])).toBe('PASS tests-passed');
  });
});

describe('a flake on record', () => {
  it('is a test by name, and by suite where one is given', () => {
    expect(isOf({ test: 'a' }, { suite: 's', name: 'a' })).toBe(true);
    expect(isOf({ test: 'a', suite: 's' }, { suite: 's', name: 'a' })).toBe(true);
    expect(isOf({ test: 'a', suite: 't' }, { suite: 's', name: 'a' })).toBe(false);
    expect(isOf({ test: 'b' }, { suite: 's', name: 'a' })).toBe(false);
  });

  it('counts to the end of its last day', () => {
    const until = '2027-01-31';
    expect(isUnexpired({ until }, Date.parse('2027-01-31T23:59:59Z'))).toBe(true);
    expect(isUnexpired({ until }, Date.parse('2027-02-01T00:00:00Z'))).toBe(false);
    expect(isUnexpired({ until: 'nonsense' }, 0)).toBe(false);
  });
});
