import type { MergedItem } from '../../../runner-host/protocol/merge';
import type { GateAnswer } from './gate';

export interface MergeEvidence {
  item: string;
  base: string;
  /** The head that the gate was asked to land. */
  head: string;
  /** What the project has the gate do before it lands. */
  demands: { test: boolean; security: boolean; coverage: boolean };
  merged: MergedItem;
}

const OBJECT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Opens only for what the gate has read back from the remote: LANDED, with the tested tree of the asked head and each proof that the
 * project demands, or ALREADY_LANDED. Pure.
 */
export function checkBranchMergeable(evidence: MergeEvidence): GateAnswer {
  const { item, base, head, merged } = evidence;
  const { outcome } = merged;
  if (merged.item !== item || merged.head !== head)
    return closed('it is about another head than the one that was asked for');
  if (outcome.outcome === 'ALREADY_LANDED')
    return OBJECT_ID.test(outcome.commit)
      ? { open: true, reason: { code: 'already-landed', text: `its changes are on ${base} already`, remedy: '' } }
      : closed('it names no commit');
  if (outcome.outcome !== 'LANDED')
    return { open: false, reason: { code: codeOf(outcome.outcome), text: outcome.detail, remedy: outcome.remedy } };
  const why = outcome.resumed ? whyUnfit(merged) : (whyUnfit(merged) ?? whyUnproven(evidence));
  if (why !== undefined) return closed(why);
  const commit = outcome.commit.slice(0, 8);
  const text = `landed on ${base} as ${commit}${outcome.resumed ? ' (by an earlier run, finished now)' : ''}`;
  return outcome.receipt === 'failed'
    ? {
        open: true,
        reason: {
          code: 'landed',
          text: `${text}; its receipt is still to be written`,
          remedy: `interlock verify ${commit}`,
        },
      }
    : { open: true, reason: { code: 'landed', text, remedy: '' } };
}

/** What the landed commit is must agree with what was built. */
function whyUnfit({ outcome, candidate, tree, tip }: MergedItem): string | undefined {
  if (outcome.outcome !== 'LANDED') return 'it did not land';
  if (!OBJECT_ID.test(outcome.commit) || !OBJECT_ID.test(outcome.tree)) return 'it names no commit or tree';
  if (candidate !== outcome.commit) return 'the landed commit is not the candidate';
  if (tree !== outcome.tree) return 'the landed tree is not that of the candidate';
  return tip === null ? 'no tested commit is named' : undefined;
}

function whyUnproven({ demands, merged }: MergeEvidence): string | undefined {
  const { test, coverage, tip } = merged;
  if (demands.test) {
    if (test === null || test.state === 'not-configured') return 'the candidate was not tested';
    if (test.commit !== tip) return 'another commit was tested';
    if (test.state === 'ran' && !isGreen(test.result)) return 'its test was not green';
  }
  if (demands.security && checkSecurity(merged) !== undefined) return checkSecurity(merged);
  return demands.coverage && coverage === null ? 'its coverage was not read' : undefined;
}

/** The sub-gate security: undefined where the command ran to exit code 0, or had done so on this head before. */
export function checkSecurity({ security, head }: Pick<MergedItem, 'security' | 'head'>): string | undefined {
  if (security === null || security.state === 'not-configured') return 'the security command was not run';
  if (security.commit !== head) return 'the security command looked at another commit';
  return security.state === 'ran' && security.result.supervision.exitCode !== 0
    ? 'the security command did not end with exit code 0'
    : undefined;
}

function isGreen(result: (MergedItem['test'] & { state: 'ran' })['result']): boolean {
  return result.status === 'suite-ran' && result.supervision.exitCode === 0;
}

/** `CARRY_FAIL` -> `carry-fail`: how reasons are named everywhere else. */
export const codeOf = (outcome: string): string => outcome.toLowerCase().replaceAll('_', '-');

const closed = (why: string): GateAnswer => ({
  open: false,
  reason: {
    code: 'landing-not-proven',
    text: `the gate says that it landed, but ${why}`,
    remedy: 'Look at base (interlock verify COMMIT) before you release the item.',
  },
});
