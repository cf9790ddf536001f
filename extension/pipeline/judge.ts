import type { TestRunResult } from '../../runner-host/protocol/result';
import type { Evidence, FlakyEvidence, NameEvidence, TestNames } from '../artifacts/evidence';
import { judgeSmoke } from './judge-smoke';
import { whyBlunt } from './judge-bite';
import { judgeInfra, judgeRed } from './judge-red';
import { reportObjects } from './judge-report';
import { inconclusive, pass, short, type Judgement } from './judgement';

export type { Judgement } from './judgement';

/** What the verdict needs besides the result, fixed when the run was started. */
export interface TestRules {
  /** Least number of executed tests; null = no floor. */
  floor: number | null;
  /** Where the floor comes from, for people. */
  floorSource: string;
  /** What was found out besides, once the result was there. */
  evidence?: Evidence | undefined;
  /** 1: the flaky court sits: green after red on one tree is no pass by itself. */
  rerunFailed?: number | undefined;
}

/** From a run's result to what it means for the item: the one table of the pipeline, first matching line wins. */
export function judgeTestRun(result: TestRunResult, rules: TestRules): Judgement {
  const base = rules.evidence?.base;
  if (result.status === 'infra') return judgeInfra(result, base);
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
  if (exitCode !== 0) return judgeRed(result, exitCode === null ? `signal ${signal}` : `exit code ${exitCode}`, base);
  if (result.tree.treeAfter !== result.tree.tree) {
    return inconclusive(
      'tree-changed',
      `the suite changed files of the tested tree: ${result.tree.changed.slice(0, 5).join(', ')}`,
      'Make the suite leave tracked files alone (or ignore what it generates), then release.',
    );
  }
  const judged = green(result, rules);
  const smoke = judged.kind === 'verdict' && judged.verdict === 'PASS' ? judgeSmoke(result.smoke) : undefined;
  return smoke ? { kind: 'verdict', ...smoke } : judged;
}

function green(result: TestRunResult & { status: 'suite-ran' }, rules: TestRules): Judgement {
  const report = result.report;
  const objection = reportObjects(report, 'test');
  if (objection) return objection;
  switch (report.state) {
    case 'not-configured':
      if (rules.floor !== null) {
        return inconclusive(
          'count-not-proven',
          `exit code 0, but no report proves the ${rules.floor} tests that ${rules.floorSource} asks for`,
          'Configure test.report in interlock.json, or set test.floor to "off".',
        );
      }
      if (rules.rerunFailed === 1 && rules.evidence?.flaky) return afterRed(rules.evidence.flaky);
      return pass('exit-code-alone', 'exit code 0; no report is configured, so the number of tests is not proven');
    case 'missing':
    case 'unreadable':
      throw new Error('unreachable: such a report was objected to above');
    case 'read': {
      const executed = report.passed + report.failed + report.errored;
      if (rules.floor !== null && executed < rules.floor) {
        return inconclusive(
          'below-floor',
          `exit code 0, but ${executed} tests were executed and ${rules.floorSource} asks for at least ${rules.floor}${missing(rules.evidence?.names)}`,
          'Find out where the tests went. If they are gone on purpose, change test.floor on the base branch.',
        );
      }
      const flaky = rules.rerunFailed === 1 ? rules.evidence?.flaky : undefined;
      if (flaky) return afterRed(flaky);
      const blunt = whyBlunt(rules.evidence?.bite);
      if (blunt) return inconclusive(blunt.code, blunt.text, blunt.remedy);
      const skipped = report.skipped > 0 ? `, ${report.skipped} skipped` : '';
      return pass('tests-passed', `exit code 0 and ${report.passed} of ${report.tests} tests passed${skipped}`);
    }
  }
}

/** Green after red on the identical tree. Only flakes that base has on record let it pass, and the pass says so. */
function afterRed(flaky: FlakyEvidence): Judgement {
  const tests = named('flaky', flaky.failed) || 'it failed outside its tests before';
  if (flaky.failed.count > 0 && flaky.unknown.count === 0 && flaky.unnamed === 0)
    return pass('passed-known-flakes', `exit code 0 on a second run of the same tree; on record on base: ${tests}`);
  return inconclusive(
    'flaky',
    `red, then green on the identical tree (${flaky.red === null ? 'within one run' : `first run ${flaky.red}`}): ${tests}`,
    'Mend the test. If it is flaky on base too, put it on record there with a date (test.flaky in interlock.json), then release.',
  );
}

function missing(names: NameEvidence | undefined): string {
  const parts = [named('gone', names?.gone), named('newly skipped', names?.newlySkipped)].filter((part) => part !== '');
  return parts.length > 0 ? `; ${parts.join('; ')}` : '';
}

function named(word: string, names: TestNames | undefined): string {
  if (!names || names.count === 0) return '';
  const first = names.first.slice(0, 3).map(({ name }) => name);
  const more = names.count - first.length;
  return `${word}: ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
