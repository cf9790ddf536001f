import { describe, expect, it } from 'vitest';
import type { MergedItem } from '../../../runner-host/protocol/merge';
import { checkBranchMergeable, type MergeEvidence } from '../../../extension/pipeline/gates/check-branch-mergeable';
import { ratchetAfter } from '../../../extension/pipeline/gates/check-coverage';
import { routeOutcome } from '../../../extension/pipeline/merge/route-outcome';
import { transition } from '../../../extension/pipeline/transition';
import { CANDIDATE, HEAD, ITEM, mergedItem, OUTCOMES, ran } from './merge-rows';
import { itemRow, rules } from './rows';

const demands = { test: true, security: false, coverage: false };
const evidence = (merged: MergedItem, more: Partial<MergeEvidence> = {}): MergeEvidence => ({
  item: ITEM,
  base: 'main',
  head: HEAD,
  demands,
  merged,
  ...more,
});

/** Where the item stands afterwards: outcome, stage, developer retries, infra retries, alert. */
function routed(name: string, stages = rules().stages) {
  const outcome = OUTCOMES[name];
  if (!outcome) throw new Error(name);
  const decision = routeOutcome('m-1', evidence(mergedItem(outcome)));
  const step = transition(itemRow({ stage: 'merge' }), decision.event, rules({ stages }));
  if (!step.ok) throw new Error(step.reason.text);
  const { item, alert } = step;
  return { decision, row: [step.outcome, item.stage, item.developer_retries, item.infra_retries, alert !== undefined] };
}

describe('what each outcome of the gate does to the item', () => {
  it.each([
    ['LANDED', 'advanced', 'deploy', 0, 0, false],
    ['LANDED resumed', 'advanced', 'deploy', 0, 0, false],
    ['ALREADY_LANDED', 'advanced', 'deploy', 0, 0, false],
    ['RED', 'rolled-back', 'development', 1, 0, false],
    ['RED, base not asked', 'rolled-back', 'development', 1, 0, false],
    ['RED on base too', 'held', 'merge', 0, 0, true],
    ['TIMEOUT', 'deferred', 'merge', 0, 1, false],
    ['INFRA transient', 'deferred', 'merge', 0, 1, false],
    ['INFRA permanent', 'held', 'merge', 0, 0, true],
    ['INFRA cancelled', 'waiting', 'merge', 0, 0, false],
    ['MOVED', 'held', 'merge', 0, 0, true],
    ['LOCK_BUSY', 'deferred', 'merge', 0, 0, false],
    ['CONFLICT', 'rolled-back', 'development', 0, 0, false],
    ['HEAD_CHANGED', 'rolled-back', 'review', 0, 0, false],
    ['CARRY_FAIL', 'rolled-back', 'development', 1, 0, false],
    ['NUMBER_COLLISION', 'rolled-back', 'development', 0, 0, false],
    ['MARKER_LOST', 'rolled-back', 'development', 1, 0, false],
    ['UNCHECKED', 'held', 'merge', 0, 0, true],
    ['EMPTY', 'held', 'merge', 0, 0, true],
    ['LANDED_BUT_LOST', 'held', 'merge', 0, 0, true],
    ['POLICY', 'held', 'merge', 0, 0, true],
    ['DIRTY', 'rolled-back', 'development', 1, 0, false],
    ['ALARM', 'held', 'merge', 0, 0, true],
    ['SECURITY', 'rolled-back', 'development', 1, 0, false],
    ['COVERAGE_DROP', 'rolled-back', 'development', 1, 0, false],
    ['COVERAGE_UNREADABLE', 'held', 'merge', 0, 0, true],
  ])('%s: %s at %s', (name, ...row) => {
    expect(routed(name).row).toEqual(row);
  });

  it('the table above has every outcome', () => {
    expect(Object.keys(OUTCOMES)).toHaveLength(26);
    expect(new Set(Object.values(OUTCOMES).map(({ outcome }) => outcome)).size).toBe(21);
  });

  it('a project without review gets a changed head back in development', () => {
    expect(routed('HEAD_CHANGED', ['development', 'testing', 'merge', 'done']).row[1]).toBe('development');
  });

  it('a conflict keeps the head, an alarm freezes, and nothing else does either', () => {
    for (const name of Object.keys(OUTCOMES)) {
      const { keepHead, freeze, landed } = routed(name).decision;
      expect([keepHead, freeze], name).toEqual([name === 'CONFLICT', name === 'ALARM']);
      expect(landed, name).toBe(/^(LANDED|LANDED resumed|ALREADY_LANDED)$/.test(name));
    }
  });

  it('the verdict of the candidate’s test is kept where the push was refused', () => {
    expect(routed('POLICY').decision.verdict).toBe('PASS');
    const untested = mergedItem(OUTCOMES['POLICY'] as MergedItem['outcome'], { test: null });
    expect(routeOutcome('m-1', evidence(untested)).verdict).toBeNull();
  });

  it('the reason has the list and the hash that a waiver names', () => {
    expect(routed('CARRY_FAIL').decision.reason.text).toContain('DROPPED in CHANGELOG.md (aaaaaaaaaaaa): - The entry');
    expect(routed('CONFLICT').decision.reason.text).toContain('a.txt');
    expect(routed('NUMBER_COLLISION').decision.reason.remedy).toContain('interlock renumber DEMO-1');
  });

  it('what could not be looked at blames nobody: held for a person, who looks by hand and waives it', () => {
    const { verdict, reason } = routed('UNCHECKED').decision;
    expect(verdict).toBe('INCONCLUSIVE');
    expect(reason.text).toContain('not all could be checked: UNCHECKED in CHANGELOG.md (aaaaaaaaaaaa)');
    expect(reason.remedy).toMatch(/by hand.*interlock waive DEMO-1 .*interlock release DEMO-1/);
  });
});

describe('the gate checkBranchMergeable', () => {
  const landed = OUTCOMES['LANDED'] as MergedItem['outcome'] & { outcome: 'LANDED' };

  it('opens for a landing that is proven, and for nothing but that', () => {
    for (const [name, outcome] of Object.entries(OUTCOMES))
      expect(checkBranchMergeable(evidence(mergedItem(outcome))).open, name).toBe(
        ['LANDED', 'LANDED resumed', 'ALREADY_LANDED'].includes(name),
      );
  });

  it.each<[string, MergedItem, Partial<MergeEvidence>]>([
    ['another item', mergedItem(landed, { item: 'DEMO-2' }), {}],
    ['another head', mergedItem(landed, { head: CANDIDATE }), {}],
    ['another commit than the candidate', mergedItem(landed, { candidate: HEAD }), {}],
    ['another tree than the candidate’s', mergedItem(landed, { tree: HEAD }), {}],
    ['no commit', mergedItem({ ...landed, commit: '' }), {}],
    ['no tested commit', mergedItem(landed, { tip: null }), {}],
    ['no test', mergedItem(landed, { test: null }), {}],
    ['a test that is not configured', mergedItem(landed, { test: { state: 'not-configured' } }), {}],
    ['a red test', mergedItem(landed, { test: ran({ exitCode: 1 }) }), {}],
    ['the test of another commit', mergedItem(landed, { test: ran({}, HEAD) }), {}],
    ['no security', mergedItem(landed), { demands: { ...demands, security: true } }],
    [
      'red security',
      mergedItem(landed, { security: ran({ exitCode: 1 }, HEAD) }),
      { demands: { ...demands, security: true } },
    ],
    [
      'security of another commit',
      mergedItem(landed, { security: ran() }),
      { demands: { ...demands, security: true } },
    ],
    ['no coverage', mergedItem(landed), { demands: { ...demands, coverage: true } }],
  ])('stays closed: LANDED with %s', (_, merged, more) => {
    const answer = checkBranchMergeable(evidence(merged, more));
    expect(answer).toMatchObject({ open: false, reason: { code: 'landing-not-proven' } });
    const decision = routeOutcome('m-1', evidence(merged, more));
    expect(decision).toMatchObject({ landed: false, event: { type: 'permanent' } });
  });

  it('a receipt that could not be written undoes no landing, and is said with what finishes it', () => {
    const answer = checkBranchMergeable(evidence(mergedItem({ ...landed, receipt: 'failed' })));
    expect(answer).toMatchObject({ open: true, reason: { remedy: `interlock verify ${CANDIDATE.slice(0, 8)}` } });
    expect(answer.reason.text).toContain('its receipt is still to be written');
  });

  it('opens for a project without a suite: that is what it demands', () => {
    const merged = mergedItem(landed, { test: { state: 'not-configured' } });
    expect(checkBranchMergeable(evidence(merged, { demands: { ...demands, test: false } })).open).toBe(true);
  });
});

describe('the coverage ratchet', () => {
  it('moves up alone, by the share of lines', () => {
    expect(ratchetAfter(undefined, { covered: 1, total: 2 })).toEqual({ covered: 1, total: 2 });
    expect(ratchetAfter({ covered: 1, total: 2 }, { covered: 3, total: 5 })).toEqual({ covered: 3, total: 5 });
    expect(ratchetAfter({ covered: 1, total: 2 }, { covered: 2, total: 4 })).toBeUndefined();
    expect(ratchetAfter({ covered: 1, total: 2 }, { covered: 4, total: 9 })).toBeUndefined();
  });

  it('takes no report that says nothing', () => {
    for (const lines of [null, { covered: 0, total: 0 }, { covered: 3, total: 2 }, { covered: -1, total: 2 }])
      expect(ratchetAfter(undefined, lines)).toBeUndefined();
  });
});
