import type { SmokeAnswer } from '../../runner-host/protocol/result';
import type { Reason, Verdict } from './outcome';

/**
 * What the requests after a green suite add to its PASS; undefined: nothing. A wrong answer is the service's own word about
 * the code; no answer says only that nobody was there.
 */
export function judgeSmoke(
  answers: readonly SmokeAnswer[] | undefined,
): { verdict: Exclude<Verdict, 'PASS'>; reason: Reason } | undefined {
  const wrong = answers?.find((answer) => answer.outcome === 'wrong');
  if (wrong) {
    const text = `the suite is green, but ${wrong.url} answers wrongly: ${wrong.detail}`;
    return {
      verdict: 'FAIL',
      reason: { code: 'smoke-failed', text, remedy: 'Make the service answer as test.smoke says.' },
    };
  }
  const silent = answers?.find((answer) => answer.outcome === 'none');
  if (!silent) return undefined;
  const text = `the suite is green, but ${silent.url} gave no answer: ${silent.detail}`;
  const remedy = 'Start the service that test.smoke asks (it must outlive the suite), then release.';
  return { verdict: 'INCONCLUSIVE', reason: { code: 'smoke-unanswered', text, remedy } };
}
