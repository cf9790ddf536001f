import { describe, expect, it } from 'vitest';
import { checkLanded, type LandingEvidence } from '../../../extension/pipeline/gates/check-landed';
import { foreignReport } from '../../../extension/pipeline/gates/check-provenance';
import { checkTestsPassed, type TestEvidence } from '../../../extension/pipeline/gates/check-tests-passed';
import { passedRows } from './rows';

const RUN = 'r0000000a-00000001';
const PATH = 'docs/work-items/DEMO-1/13-test-report.md';

const { run, verdict, artifact } = passedRows({
  ...{ id: RUN, path: PATH, stage: 'testing', kind: 'test' },
  ...{ reason: 'tests-passed', producer: 'test-runner' },
});

function evidence(changes: Partial<TestEvidence> = {}): TestEvidence {
  const fields = { result: 'PASS', status: 'PASS', verdict: 'PASS', run: RUN };
  return {
    item: 'DEMO-1',
    report: { path: PATH, sha256: 'aa', fields },
    run,
    verdict,
    artifacts: [artifact],
    tree: 't1',
    ...changes,
  };
}

const report = (changes: object): TestEvidence['report'] => ({
  path: PATH,
  sha256: 'aa',
  fields: { result: 'PASS', status: 'PASS', verdict: 'PASS', run: RUN },
  ...changes,
});

describe('checkTestsPassed', () => {
  it('opens for a PASS of the ledger on the present tree with the report that Interlock wrote', () => {
    expect(checkTestsPassed(evidence())).toMatchObject({ open: true });
  });

  it.each<[string, Partial<TestEvidence>]>([
    ['a report without a run', { run: undefined, verdict: undefined }],
    ['a report with other bytes', { report: report({ sha256: 'bb' }) }],
    ['a report at another path', { report: report({ path: 'elsewhere.md' }) }],
    ['no report on the branch', { report: null }],
    ['another tree', { tree: 't2' }],
    ['a run of another tree', { run: { ...run, tree: 't2' } }],
    ['a run of another item', { run: { ...run, item: 'DEMO-2' } }],
    ['a verdict of another run', { verdict: { ...verdict, id: 'r0000000b-00000002' } }],
    ['an artifact row of another run', { artifacts: [{ ...artifact, run: 'r0000000b-00000002' }] }],
    ['unreadable front matter', { report: report({ fields: { unreadable: 'two keys "result"' } }) }],
    [
      'a negative status',
      { report: report({ fields: { result: 'PASS', status: 'FAIL', verdict: 'PASS', run: RUN } }) },
    ],
    [
      'a negative verdict key',
      { report: report({ fields: { result: 'PASS', status: 'PASS', verdict: 'FAIL', run: RUN } }) },
    ],
    [
      'a negative result',
      { report: report({ fields: { result: 'FAIL', status: 'PASS', verdict: 'PASS', run: RUN } }) },
    ],
    [
      "another run's name",
      { report: report({ fields: { result: 'PASS', status: 'PASS', verdict: 'PASS', run: 'r9' } }) },
    ],
  ])('is closed as forged-or-stale for %s', (_name, changes) => {
    expect(checkTestsPassed(evidence(changes))).toMatchObject({ open: false, reason: { code: 'forged-or-stale' } });
  });

  it.each(['FAIL', 'INCONCLUSIVE', 'pass', ''])('is closed for the verdict "%s"', (word) => {
    expect(checkTestsPassed(evidence({ verdict: { ...verdict, verdict: word } })).open).toBe(false);
  });

  it('is closed for a run that was infra, whatever the verdict row says', () => {
    expect(checkTestsPassed(evidence({ run: { ...run, status: 'infra' } })).open).toBe(false);
  });
});

describe('foreignReport', () => {
  it('knows a report of any earlier run, and names one that no run wrote', () => {
    expect(foreignReport({ item: 'DEMO-1', report: report({}), artifacts: [artifact] })).toBeUndefined();
    expect(foreignReport({ item: 'DEMO-1', report: null, artifacts: [] })).toBeUndefined();
    expect(foreignReport({ item: 'DEMO-1', report: report({}), artifacts: [] })).toMatchObject({
      open: false,
      reason: { code: 'forged-or-stale' },
    });
  });
});

describe('checkLanded', () => {
  const landing: LandingEvidence = {
    item: 'DEMO-1',
    branch: 'work/DEMO-1',
    base: 'main',
    remote: 'origin',
    target: 'a'.repeat(40),
    head: 'b'.repeat(40),
    changes: 'contained',
    headIsAncestor: false,
  };

  it('opens when the changes are there by content, though the tip is not (squash, rebase)', () => {
    expect(checkLanded(landing)).toMatchObject({ open: true });
  });

  it.each<[string, Partial<LandingEvidence>]>([
    ['not-landed', { changes: 'missing' }],
    ['not-landed', { changes: 'conflict' }],
    ['landed-but-lost', { changes: 'missing', headIsAncestor: true }],
    ['landed-but-lost', { changes: 'conflict', headIsAncestor: true }],
    ['empty', { changes: 'empty', headIsAncestor: true }],
  ])('is closed: %s', (code, changes) => {
    expect(checkLanded({ ...landing, ...changes })).toMatchObject({ open: false, reason: { code } });
  });
});
