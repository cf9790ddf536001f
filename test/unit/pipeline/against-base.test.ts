import { describe, expect, it } from 'vitest';
import type { BaseEvidence, Evidence } from '../../../extension/artifacts/evidence';
import { compare } from '../../../extension/pipeline/ask-base';
import { judgeTestRun } from '../../../extension/pipeline/judge';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import { failedCase } from '../artifacts/report-input';
import { readReport, suiteRan } from './rows';

const COMMIT = 'c0ffee00'.repeat(5);
const BASE_RUN = 'r0000000a-0000000b';

const red = (...names: string[]): TestRunResult =>
  suiteRan({
    exitCode: 1,
    report: readReport({ failed: names.length, failures: names.map((name) => failedCase({ name })) }),
  });

function infra(cause: 'timeout' | 'cancelled' | 'host-lost'): TestRunResult {
  const { report: _, ...ran } = suiteRan({ exitCode: null }) as Extract<TestRunResult, { status: 'suite-ran' }>;
  return { ...ran, status: 'infra', cause, detail: 'still running after 300 ms' };
}

const against = (mine: TestRunResult, base: TestRunResult): BaseEvidence =>
  compare(mine, { run: BASE_RUN, result: base, reused: false }, COMMIT);

function judged(mine: TestRunResult, evidence: Evidence) {
  const judgement = judgeTestRun(mine, { floor: null, floorSource: 'off', evidence });
  const word = judgement.kind === 'verdict' ? judgement.verdict : 'infra';
  return { word, code: judgement.reason.code, text: judgement.reason.text };
}

const verdict = (mine: TestRunResult, base: TestRunResult) => judged(mine, { base: against(mine, base) });

describe('a red suite against base', () => {
  it('is pre-existing only if every failure is there too', () => {
    expect(verdict(red('a', 'b'), red('b', 'a', 'c'))).toMatchObject({ word: 'INCONCLUSIVE', code: 'pre-existing' });
    expect(verdict(red('a', 'b'), red('a'))).toMatchObject({ word: 'FAIL', code: 'tests-failed' });
    expect(verdict(red('a'), red('b'))).toMatchObject({ word: 'FAIL' });
    expect(verdict(red('a'), suiteRan())).toMatchObject({ word: 'FAIL' });
  });

  it('is not excused by a test of the same name in another suite or file', () => {
    const other = (change: object): TestRunResult =>
      suiteRan({ exitCode: 1, report: readReport({ failed: 1, failures: [failedCase({ name: 'a', ...change })] }) });
    expect(verdict(red('a'), other({ suite: 'elsewhere' }))).toMatchObject({ word: 'FAIL' });
    expect(verdict(red('a'), other({ file: 'test/other.test.ts' }))).toMatchObject({ word: 'FAIL' });
  });

  it('has one failure of base excuse one of its own, not two of that name', () => {
    expect(verdict(red('a', 'a'), red('a'))).toMatchObject({ word: 'FAIL' });
    expect(verdict(red('a', 'a'), red('a', 'a'))).toMatchObject({ code: 'pre-existing' });
  });

  it('is not excused where the report names more failures than are listed', () => {
    const many = suiteRan({ exitCode: 1, report: readReport({ failed: 2, failures: [failedCase({ name: 'a' })] }) });
    expect(verdict(many, red('a'))).toMatchObject({ word: 'FAIL' });
  });

  it('outside its tests is excused only by the same exit code outside of base’s tests', () => {
    const outside = (exitCode: number): TestRunResult =>
      suiteRan({ exitCode, report: { state: 'missing', path: 'r.xml' } });
    expect(verdict(outside(2), outside(2))).toMatchObject({ word: 'INCONCLUSIVE', code: 'pre-existing' });
    expect(verdict(outside(2), outside(1))).toMatchObject({ word: 'FAIL', code: 'failed-outside-its-tests' });
    expect(verdict(outside(1), red('a'))).toMatchObject({ word: 'FAIL', code: 'failed-outside-its-tests' });
    expect(verdict(red('a'), outside(1))).toMatchObject({ word: 'FAIL', code: 'tests-failed' });
  });

  it.each(['timeout', 'cancelled', 'host-lost'] as const)('is the item’s where base gave no answer: %s', (cause) => {
    expect(verdict(red('a'), infra(cause))).toMatchObject({ word: 'FAIL', code: 'tests-failed' });
  });

  it('stays red whatever base says: no evidence of base opens a gate', () => {
    for (const base of [suiteRan(), red('a'), infra('timeout')]) {
      expect(verdict(red('a'), base).word).not.toBe('PASS');
      expect(verdict(infra('timeout'), base).word).not.toBe('PASS');
    }
  });
});

describe('a suite that did not end', () => {
  it('hangs where base ends in time, red or green', () => {
    expect(verdict(infra('timeout'), suiteRan())).toMatchObject({ word: 'FAIL', code: 'hangs' });
    expect(verdict(infra('timeout'), red('a'))).toMatchObject({ word: 'FAIL', code: 'hangs' });
  });

  it('is infra where base does not end either, or could not be asked', () => {
    const both = verdict(infra('timeout'), infra('timeout'));
    expect(both).toMatchObject({ word: 'infra', code: 'timeout' });
    expect(both.text).toContain('does not end in time either');
    expect(verdict(infra('timeout'), infra('host-lost'))).toMatchObject({ word: 'infra', code: 'timeout' });
  });

  it('is no verdict for another reason than a timeout', () => {
    expect(verdict(infra('host-lost'), suiteRan())).toMatchObject({ word: 'infra', code: 'host-lost' });
  });
});
