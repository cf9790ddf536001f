import { describe, expect, test } from 'vitest';
import type { ProofReport } from '../../../extension/pipeline/prove/prove-gate';
import { fakeEngine } from './fake-engine';
import { FakeWorld, onlyJson, run } from './fake-world';

const proof = (outcome: ProofReport['outcome'], code: string): ProofReport => ({
  outcome,
  reason: { code, text: 'what was seen', remedy: outcome === 'sighted' ? '' : 'what helps' },
  base: 'b'.repeat(40),
  planted: { framework: 'pytest', path: 'tests/test_interlock_prove.py' },
  baseStanding: { word: 'PASS', text: 'exit code 0' },
  runs: ['r0000000a-00000001', 'r0000000a-00000002'],
});
const world = (report: ProofReport) => new FakeWorld(fakeEngine({ prove: () => Promise.resolve(report) }));

describe('prove', () => {
  test.each([
    ['sighted', 'gate-sighted', 0, 'goes red when it must'],
    ['blind', 'gate-blind', 4, 'BLIND'],
    ['unproven', 'base-red', 3, 'Not proven'],
  ] as const)('%s: exit code, what was seen, where, and what helps', async (outcome, code, expected, word) => {
    const { exit, out } = await run('prove', world(proof(outcome, code)));
    expect(exit).toBe(expected);
    expect(out).toContain(word);
    expect(out).toContain('what was seen');
    expect(out).toContain('tests/test_interlock_prove.py (pytest)');
    expect(out.includes('what helps')).toBe(outcome !== 'sighted');
  });

  test('gives programs the whole report', async () => {
    const report = proof('blind', 'gate-blind');
    expect(onlyJson((await run('prove --json', world(report))).out)).toEqual(report);
  });

  test('records who proved', async () => {
    const engine = fakeEngine();
    await run('prove', new FakeWorld(engine));
    expect(engine.calls).toEqual([{ name: 'prove', arguments: ['cli:Ann'] }]);
  });
});

test('status shows a blind gate', async () => {
  const row = { name: 'gate-proof', state: 'blind', actor: 'cli:Ann', reason: 'it stayed green', at: 1 };
  const { out } = await run('status', new FakeWorld(fakeEngine({}, { switches: () => [row] })));
  expect(out).toContain('gate-proof blind (cli:Ann: it stayed green)');
});
