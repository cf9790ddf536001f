import { expect, it } from 'vitest';
import { judgeProof } from '../../../extension/pipeline/prove/judge-proof';
import type { CaseResult } from '../../../runner-host/protocol/result';
import { readReport, suiteRan } from './rows';

const plant = { framework: 'node:test', path: 'test/interlock-prove.test.js', text: '' };
const failure = (name: string): CaseResult => ({
  ...{ suite: 'a', name, outcome: 'failed', durationMs: 1, file: null, line: null, message: null, details: null },
  outcome: 'failed',
});
const red = (name: string) =>
  suiteRan({ exitCode: 1, report: readReport({ passed: 3, failed: 1, failures: [failure(name)] }) });
const bare = (exitCode: number) => suiteRan({ exitCode, report: { state: 'not-configured' } });
const green = suiteRan();

it.each([
  ['sighted: the report names the planted test', green, red('interlock prove'), 'sighted', 'gate-sighted'],
  ['sighted: also where base itself is red', red('another'), red('interlock prove'), 'sighted', 'gate-sighted'],
  ['blind: the suite stayed green', green, green, 'blind', 'gate-blind'],
  ['blind: green without a report', bare(0), bare(0), 'blind', 'gate-blind'],
  ['unproven: red, but for something else', green, red('another'), 'unproven', 'not-named'],
  ['sighted: no report, and only the planted test can have made it red', bare(0), bare(1), 'sighted', 'gate-sighted'],
  ['unproven: no report, and base is red as well', bare(1), bare(1), 'unproven', 'base-red'],
  [
    'unproven: the exit code says nothing of what the report says',
    green,
    suiteRan({ report: readReport({ failed: 1, failures: [failure('interlock prove')] }) }),
    'unproven',
    'no-verdict',
  ],
  [
    'unproven: red, but no report names anything',
    green,
    suiteRan({ exitCode: 1, report: { state: 'missing', path: 'r.xml' } }),
    'unproven',
    'not-named',
  ],
] as const)('%s', (_what, base, planted, outcome, code) => {
  const finding = judgeProof(base, planted, plant);
  expect(finding).toMatchObject({ outcome, reason: { code } });
  expect(finding.reason.remedy === '').toBe(outcome === 'sighted');
});

it('says what base is where it is not green', () => {
  expect(judgeProof(red('another'), red('interlock prove'), plant).reason.text).toContain('base itself is FAIL');
});
