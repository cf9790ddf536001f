import { INFRA_CLASS, type InfraCause, type TestRunResult } from '../../runner-host/protocol/result';
import type { BaseEvidence, TestName } from '../artifacts/evidence';
import { fail, inconclusive, short, type Judgement } from './judgement';

/** A suite that ran and was not green; what is red on base too is not blamed on the item. */
export function judgeRed(
  result: TestRunResult & { status: 'suite-ran' },
  end: string,
  base: BaseEvidence | undefined,
): Judgement {
  const report = result.report;
  const failed = report.state === 'read' ? report.failed + report.errored : 0;
  if (report.state === 'read' && failed > 0) {
    const old = base?.alsoRed.length ?? 0;
    const first = report.failures.find((one) => !base?.alsoRed.some((other) => isSame(one, other)));
    const counts = `${failed} of ${report.tests} tests failed (${end})`;
    if (base && old === failed) return preExisting(`${counts}, all of them`, base);
    const known = base && old > 0 ? `, ${old} of them also on base (${short(base.commit)})` : '';
    return fail('tests-failed', `${counts}${known}${first ? `, first${known && ' new one'}: ${first.name}` : ''}`);
  }
  const outside = `the suite ended with ${end}, and no test is named as failed: build, collection or teardown`;
  return base?.sameFailureOutside ? preExisting(`${outside};`, base) : fail('failed-outside-its-tests', outside);
}

const isSame = (a: TestName, b: TestName): boolean => a.suite === b.suite && a.name === b.name;

/** Nothing that the item could be blamed for: base must be mended first. */
function preExisting(what: string, base: BaseEvidence): Judgement {
  return inconclusive(
    'pre-existing',
    `${what} also on base ${short(base.commit)}, without the item's changes (run ${base.run})`,
    "Mend the base branch, merge it into the item's branch, then release.",
  );
}

/** A suite that ends in time on base and never on the item's code is a verdict about that code. */
export function judgeInfra(result: TestRunResult & { status: 'infra' }, base: BaseEvidence | undefined): Judgement {
  const { cause, detail } = result;
  if (cause === 'timeout' && (base?.end === 'green' || base?.end === 'red')) {
    const text = `${detail}, again and again, while base ${short(base.commit)} ended in time (${base.detail}, run ${base.run})`;
    return fail('hangs', text);
  }
  const too = base?.end === 'timeout' ? `; base ${short(base.commit)} does not end in time either` : '';
  return {
    kind: 'infra',
    cause,
    class: INFRA_CLASS[cause],
    reason: { code: cause, text: `${detail}${too}`, remedy: INFRA_REMEDY[cause] },
  };
}

const INFRA_REMEDY: Readonly<Record<InfraCause, string>> = {
  timeout: 'If the suite needs longer, raise test.timeout on the base branch.',
  'killed-from-outside': "Something outside Interlock ended the suite: see the system's log.",
  'out-of-memory': "Free memory, or lower the suite's parallelism.",
  'disk-full': 'Free disk space.',
  'host-lost': 'The runner host died while the suite ran; the next attempt starts a new one.',
  'spawn-failed': "See `interlock host status` and the host's log.",
  'command-not-found': 'Install the program, or correct test.command on the base branch, then release.',
  'not-executable': 'Make the file executable, or correct test.command on the base branch, then release.',
  'worktree-missing': 'Bring the worktree back with `git worktree add`, then release.',
  'worktree-moved': "Check out the item's branch in its worktree, then release.",
  'worktree-unreadable': 'See what git says of the worktree, mend it, then release.',
  'report-path-unusable':
    'Correct test.report.path on the base branch: it must stay inside the worktree. Then release.',
  survivors: 'End the named processes, then release.',
  cancelled: 'Advance again when you want the suite to run.',
};
