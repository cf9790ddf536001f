import { describe, expect, it } from 'vitest';
import { foreignReport } from '../../../extension/pipeline/gates/check-provenance';
import { checkStagingStatus, type StagingEvidence } from '../../../extension/pipeline/gates/check-staging-status';
import { checkTestsPassed } from '../../../extension/pipeline/gates/check-tests-passed';
import { passedRows } from './rows';

const RUN = 'r0000000a-00000001';
const PATH = 'docs/work-items/DEMO-1/15-staging-log.md';

const { run, verdict, artifact } = passedRows({
  ...{ id: RUN, path: PATH, stage: 'deploy-staging', kind: 'staging' },
  ...{ reason: 'checks-passed', producer: 'staging-runner' },
});
const report = (changes: object = {}): StagingEvidence['report'] => ({
  path: PATH,
  sha256: 'aa',
  fields: { staging_status: 'SUCCESS', run: RUN },
  ...changes,
});
const evidence = (changes: Partial<StagingEvidence> = {}): StagingEvidence => ({
  item: 'DEMO-1',
  report: report(),
  run,
  verdict,
  artifacts: [artifact],
  tree: 't1',
  ...changes,
});

describe('checkStagingStatus', () => {
  it('opens for a PASS of the ledger on the present tree with the log that Interlock wrote', () => {
    expect(checkStagingStatus(evidence())).toMatchObject({ open: true });
  });

  it.each<[string, Partial<StagingEvidence>]>([
    ['a log without a run', { run: undefined, verdict: undefined }],
    ['a log with other bytes', { report: report({ sha256: 'bb' }) }],
    ['a log at another path', { report: report({ path: 'elsewhere.md' }) }],
    ['no log on the branch', { report: null }],
    ['another tree', { tree: 't2' }],
    ['a run of another tree', { run: { ...run, tree: 't2' } }],
    ['a verdict on another tree', { verdict: { ...verdict, tree: 't2' } }],
    ['a run of another item', { run: { ...run, item: 'DEMO-2' } }],
    ['a verdict of another item', { verdict: { ...verdict, item: 'DEMO-2' } }],
    ['a verdict of another run', { verdict: { ...verdict, id: 'r0000000b-00000002' } }],
    ['a test run on the same tree', { run: { ...run, kind: 'test' } }],
    ['a verdict of another stage', { verdict: { ...verdict, stage: 'testing' } }],
    ['an artifact row of another run', { artifacts: [{ ...artifact, run: 'r0000000b-00000002' }] }],
    ['no artifact row', { artifacts: [] }],
    ['unreadable front matter', { report: report({ fields: { unreadable: 'two keys "staging_status"' } }) }],
    ['a negative status', { report: report({ fields: { staging_status: 'FAILED', run: RUN } }) }],
    ['a status in other letters', { report: report({ fields: { staging_status: 'success', run: RUN } }) }],
    ["another run's name", { report: report({ fields: { staging_status: 'SUCCESS', run: 'r9' } }) }],
  ])('is closed as forged-or-stale for %s', (_name, changes) => {
    expect(checkStagingStatus(evidence(changes))).toMatchObject({ open: false, reason: { code: 'forged-or-stale' } });
  });

  it.each(['FAIL', 'INCONCLUSIVE', 'pass', 'SUCCESS', ''])('is closed for the verdict "%s"', (word) => {
    expect(checkStagingStatus(evidence({ verdict: { ...verdict, verdict: word } })).open).toBe(false);
  });

  it('is closed for a run that was infra, whatever the verdict row says', () => {
    expect(checkStagingStatus(evidence({ run: { ...run, status: 'infra' } })).open).toBe(false);
  });

  it('names the file and how to be rid of it', () => {
    expect(checkStagingStatus(evidence({ report: report({ sha256: 'bb' }) })).reason).toMatchObject({
      text: expect.stringContaining(PATH),
      remedy: expect.stringContaining(`git rm ${PATH}`),
    });
  });
});

it('the gate of testing does not open for a staging run', () => {
  const fields = { result: 'PASS', status: 'PASS', verdict: 'PASS', run: RUN };
  const given = { ...evidence(), report: { path: PATH, sha256: 'aa', fields } };
  expect(checkTestsPassed(given)).toMatchObject({ open: false, reason: { code: 'forged-or-stale' } });
});

it('a staging log that no run wrote is foreign, one of an earlier run is not', () => {
  expect(foreignReport({ item: 'DEMO-1', report: report(), artifacts: [artifact] })).toBeUndefined();
  expect(foreignReport({ item: 'DEMO-1', report: report(), artifacts: [] })).toMatchObject({
    open: false,
    reason: { code: 'forged-or-stale' },
  });
});
