import type { StagingRunResult } from '../../../runner-host/protocol/staging';
import { plainLine } from '../../artifacts/plain-text';
import { provenCommit } from '../../artifacts/staging-facts';
import { reportObjects } from '../judge-report';
import { fail, inconclusive, pass, short, type Judgement } from '../judgement';
import { stagingRemedy } from './remedies';
import type { StagingRules } from './staging-rules';
import { useWaivers } from './use-waivers';

type Ran = StagingRunResult & { status: 'suite-ran' };

/** From a staging run's result to what it means for the item; first matching line wins. */
export function judgeStagingRun(result: StagingRunResult, rules: StagingRules): Judgement {
  if (result.status === 'infra') {
    const { cause, detail } = result;
    const reason = { code: cause, text: detail === '' ? cause : detail, remedy: stagingRemedy(cause) };
    return { kind: 'infra', cause, class: result.class, reason };
  }
  const unproven = whyUnproven(result, rules);
  if (unproven) return unproven;
  const { exitCode } = result.remote;
  if (exitCode === null)
    return inconclusive('exit-code-unknown', 'the host gave no exit code', 'Release, and advance again.');
  const judged = exitCode === 0 ? judgeGreen(result, rules) : judgeRed(result, exitCode, rules);
  if (judged.kind !== 'verdict' || judged.verdict !== 'PASS' || rules.served.asked) return judged;
  return pass(judged.reason.code, `${judged.reason.text}; served commit not proven`);
}

/** What is about another commit, or leaves something going on the host, proves and blames nothing. */
function whyUnproven(result: Ran, rules: StagingRules): Judgement | undefined {
  const { served, remote } = result;
  const { asked, commit } = rules.served;
  if (asked && provenCommit({ result, served: rules.served }) === null) {
    const said = served === null ? 'nothing' : `${shown(served.before)} before and ${shown(served.after)} after`;
    return inconclusive(
      'served-commit-mismatch',
      `the host must serve ${short(commit)} before and after the suite, and said ${said}`,
      `Deploy ${commit} to the staging host, then release.`,
    );
  }
  if (remote.survivors === null || remote.survivors > 0) {
    return inconclusive(
      'survivors',
      remote.survivors === null
        ? 'nobody knows whether processes of the suite are left on the host'
        : `${remote.survivors} processes of the suite are left on the host`,
      'Look at the host and end what is left there, then release.',
    );
  }
  return undefined;
}

function judgeGreen({ report }: Ran, rules: StagingRules): Judgement {
  const objection = reportObjects(report, 'staging');
  if (objection) return objection;
  if (report.state === 'read') {
    const skipped = report.skipped > 0 ? `, ${report.skipped} skipped` : '';
    return pass('checks-passed', `exit code 0 and ${report.passed} of ${report.tests} checks passed${skipped}`);
  }
  if (rules.report) {
    return inconclusive(
      'report-missing',
      'exit code 0, but the report that the project asks for was not read',
      'Release, and advance again.',
    );
  }
  return pass('exit-code-alone', 'exit code 0; no report is configured, so the number of checks is not proven');
}

function judgeRed(result: Ran, exitCode: number, rules: StagingRules): Judgement {
  const { report } = result;
  const end = `exit code ${exitCode}`;
  if (report.state !== 'read' || report.failed + report.errored === 0) {
    const ignored = rules.waivers.length > 0 ? '; waivers apply only to checks that a report names' : '';
    const named = report.state === 'not-configured' ? '' : ', and no check is named as failed';
    return fail('failed-outside-its-checks', `the suite ended with ${end}${named}${ignored}`);
  }
  const failed = report.failed + report.errored;
  const counts = `${failed} of ${report.tests} checks failed (${end})`;
  const { uses, real, allWaived } = useWaivers(result, rules);
  const applied = uses.filter(({ use }) => use === 'applied');
  if (!allWaived) {
    const expired = uses.filter(({ use }) => use === 'expired');
    const late = expired.map(({ check, until }) => `the waiver of ${plainLine(check)} expired on ${until}`);
    const first = real[0] ? `, first: ${real[0].name}` : '';
    return fail('checks-failed', [`${counts}${first}`, ...late.slice(0, 3)].join('; '));
  }
  if (report.passed === 0) {
    return inconclusive(
      'nothing-passed',
      `${counts}, all of them waived, but no check passed: that proves nothing`,
      'Check the staging command: a suite that passes nothing proves nothing. Then release.',
    );
  }
  const names = applied.map(({ check, reference }) => `${plainLine(check)} (${plainLine(reference)})`);
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return pass('failures-waived', `${counts}, waived: ${names.slice(0, 5).join(', ')}${more}; REAL failed: none`);
}

function shown(commit: string | null): string {
  if (commit === null) return 'nothing';
  return /^[0-9a-f]{40,64}$/.test(commit) ? short(commit) : JSON.stringify(plainLine(commit).slice(0, 60));
}
