import type { TestRunResult } from '../../../runner-host/protocol/result';
import { judgeTestRun } from '../judge';
import type { Reason } from '../outcome';
import { PLANTED_NAME, type PlantedTest } from './planted-test';

/** `unproven`: it could not be shown either way; what was known before stays. */
export interface ProofFinding {
  outcome: 'sighted' | 'blind' | 'unproven';
  reason: Reason;
}

/** What a run gave, in the words of the gate. */
export function standing(result: TestRunResult): { word: string; text: string } {
  const judged = judgeTestRun(result, { floor: null, floorSource: 'none: this run is a proof' });
  return { word: judged.kind === 'verdict' ? judged.verdict : `infra:${judged.cause}`, text: judged.reason.text };
}

/**
 * What two runs prove, of base as it is and of base with a test that must fail: the gate sees it only if it says FAIL and names
 * that test. Without a report nothing is named; then base must be green, so that the planted test alone made the difference.
 */
export function judgeProof(base: TestRunResult, planted: TestRunResult, plant: PlantedTest): ProofFinding {
  const before = standing(base);
  const after = standing(planted);
  const where = `the failing ${plant.framework} test planted as ${plant.path}`;
  const baseNote = before.word === 'PASS' ? '' : `; base itself is ${before.word}: ${before.text}`;
  if (after.word === 'PASS') {
    return {
      outcome: 'blind',
      reason: {
        code: 'gate-blind',
        text: `the suite stayed green with ${where} (${after.text})${baseNote}`,
        remedy:
          'Make the command run its tests and fail when one fails; if it collects tests elsewhere, name the place: test.prove in interlock.json. Then: interlock prove',
      },
    };
  }
  if (after.word !== 'FAIL') {
    return unproven(
      'no-verdict',
      `with ${where} the suite gave ${after.word}: ${after.text}${baseNote}`,
      'Mend that, then: interlock prove',
    );
  }
  if (planted.status !== 'suite-ran') throw new Error('a FAIL without a suite');
  if (planted.report.state === 'not-configured') {
    if (before.word === 'PASS') return sighted(`exit code 0 on base, and not with ${where}`);
    return unproven(
      'base-red',
      `base itself is ${before.word} (${before.text}), so nothing shows what made it red`,
      'Mend base, then: interlock prove',
    );
  }
  const named =
    planted.report.state === 'read' &&
    planted.report.failures.some(({ suite, name, file }) => PLANTED_NAME.test(`${suite} ${name} ${file ?? ''}`));
  if (named) return sighted(`the report names ${where} as failed${baseNote}`);
  return unproven(
    'not-named',
    `the suite failed, but its report does not name ${where}${baseNote}`,
    'Look at the run; if the suite collects its tests elsewhere, name the place: test.prove in interlock.json',
  );
}

const sighted = (text: string): ProofFinding => ({
  outcome: 'sighted',
  reason: { code: 'gate-sighted', text, remedy: '' },
});

export const unproven = (code: string, text: string, remedy: string): ProofFinding => ({
  outcome: 'unproven',
  reason: { code, text, remedy },
});
