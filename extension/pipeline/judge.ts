import { INFRA_CLASS, type InfraCause, type InfraClass, type RunResult } from '../../runner-host/protocol/result';
import type { Reason, Verdict } from './outcome';

/** What the verdict needs besides the result, fixed when the run was started. */
export interface TestRules {
  /** Least number of executed tests; null = no floor. */
  floor: number | null;
  /** Where the floor comes from, for people. */
  floorSource: string;
}

export type Judgement =
  | { kind: 'verdict'; verdict: Verdict; reason: Reason }
  | { kind: 'infra'; cause: InfraCause; class: InfraClass; reason: Reason };

/** From a run's result to what it means for the item: the one table of the pipeline, first matching line wins. */
export function judgeTestRun(result: RunResult, rules: TestRules): Judgement {
  if (result.status === 'infra') {
    return {
      kind: 'infra',
      cause: result.cause,
      class: INFRA_CLASS[result.cause],
      reason: { code: result.cause, text: result.detail, remedy: INFRA_REMEDY[result.cause] },
    };
  }
  if (result.tree === null || result.tree.treeAfter === null || result.tree.headAfter === null) {
    return inconclusive(
      'tree-not-proven',
      'the tested tree could not be read after the run',
      'Check the worktree, then release.',
    );
  }
  if (result.tree.headAfter !== result.tree.head) {
    return inconclusive(
      'head-moved',
      `the worktree moved from ${short(result.tree.head)} to ${short(result.tree.headAfter)} while the suite ran`,
      'Release, and advance again once nothing changes the worktree.',
    );
  }
  const { exitCode, signal } = result.supervision;
  if (exitCode !== 0) return red(result, exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`);
  if (result.tree.treeAfter !== result.tree.tree) {
    return inconclusive(
      'tree-changed',
      `the suite changed files of the tested tree: ${result.tree.changed.slice(0, 5).join(', ')}`,
      'Make the suite leave tracked files alone (or ignore what it generates), then release.',
    );
  }
  return green(result, rules);
}

function green(result: RunResult & { status: 'suite-ran' }, rules: TestRules): Judgement {
  const report = result.report;
  switch (report.state) {
    case 'not-configured':
      if (rules.floor !== null) {
        return inconclusive(
          'count-not-proven',
          `exit code 0, but no report proves the ${rules.floor} tests that ${rules.floorSource} asks for`,
          'Configure test.report in interlock.json, or set test.floor to "off".',
        );
      }
      return pass('exit-code-alone', 'exit code 0; no report is configured, so the number of tests is not proven');
    case 'missing':
      return inconclusive(
        'report-missing',
        `exit code 0, but the suite left no report at ${report.path}`,
        'Check test.report.path in interlock.json and the option that makes the suite write it.',
      );
    case 'unreadable':
      return inconclusive(
        'report-unreadable',
        `exit code 0, but the report ${report.path} cannot be trusted: ${report.reason}`,
        "See the run's log: a truncated or contradicting report often means that the suite was cut off.",
      );
    case 'read': {
      const executed = report.passed + report.failed + report.errored;
      if (report.failed + report.errored > 0) {
        return inconclusive(
          'report-disagrees',
          `exit code 0, but the report names ${report.failed + report.errored} failed of ${report.tests} tests`,
          'Make the test command end with a non-zero exit code when a test fails.',
        );
      }
      if (executed === 0) {
        return inconclusive(
          'no-tests-ran',
          `exit code 0, but no test was executed (${report.tests} in the report, ${report.skipped} skipped)`,
          'Check the test command: a suite that runs nothing proves nothing.',
        );
      }
      if (rules.floor !== null && executed < rules.floor) {
        return inconclusive(
          'below-floor',
          `exit code 0, but ${executed} tests were executed and ${rules.floorSource} asks for at least ${rules.floor}`,
          'Find out where the tests went. If they are gone on purpose, change test.floor on the base branch.',
        );
      }
      const skipped = report.skipped > 0 ? `, ${report.skipped} skipped` : '';
      return pass('tests-passed', `exit code 0 and ${report.passed} of ${report.tests} tests passed${skipped}`);
    }
  }
}

function red(result: RunResult & { status: 'suite-ran' }, end: string): Judgement {
  const report = result.report;
  const failed = report.state === 'read' ? report.failed + report.errored : 0;
  if (report.state === 'read' && failed > 0) {
    const first = report.failures[0];
    const name = first ? `, first: ${first.name}` : '';
    return fail('tests-failed', `${failed} of ${report.tests} tests failed (${end})${name}`);
  }
  return fail(
    'failed-outside-its-tests',
    `the suite ended with ${end}, and no test is named as failed: build, collection or teardown`,
  );
}

const short = (commit: string): string => commit.slice(0, 8);

const pass = (code: string, text: string): Judgement => ({
  kind: 'verdict',
  verdict: 'PASS',
  reason: { code, text, remedy: '' },
});

const fail = (code: string, text: string): Judgement => ({
  kind: 'verdict',
  verdict: 'FAIL',
  reason: { code, text, remedy: "Fix the code on the item's branch and commit, then move it on and advance." },
});

const inconclusive = (code: string, text: string, remedy: string): Judgement => ({
  kind: 'verdict',
  verdict: 'INCONCLUSIVE',
  reason: { code, text, remedy },
});

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
