import type { MergedItem, MergeTest } from '../../../runner-host/protocol/merge';
import type { MergeOutcome } from '../../../runner-host/protocol/merge-outcome';
import { suiteRan } from './rows';

export const HEAD = '1'.repeat(40);
export const CANDIDATE = '2'.repeat(40);
export const TREE = '3'.repeat(40);
export const ITEM = 'DEMO-1';

const text = { detail: 'why', remedy: 'do this' };
const finding = {
  check: 'carry' as const,
  kind: 'DROPPED',
  path: 'CHANGELOG.md',
  side: 'item' as const,
  line: '- The entry',
  count: 1,
  lineHash: 'a'.repeat(64),
  detail: 'lost',
};

/** One of each outcome, and of the classes and answers that route differently. */
export const OUTCOMES: Record<string, MergeOutcome> = {
  LANDED: landed(),
  'LANDED resumed': { ...landed(), resumed: true },
  RED: { outcome: 'RED', preExisting: false, base: null, ...text },
  'RED, base not asked': { outcome: 'RED', preExisting: null, base: null, ...text },
  'RED on base too': { outcome: 'RED', preExisting: true, base: null, ...text },
  TIMEOUT: { outcome: 'TIMEOUT', of: 'test', timeoutMs: 1, ...text },
  'INFRA transient': infra('transient-infra'),
  'INFRA permanent': infra('permanent-env'),
  'INFRA cancelled': infra('cancelled'),
  MOVED: { outcome: 'MOVED', attempts: 6, ...text },
  LOCK_BUSY: { outcome: 'LOCK_BUSY', owner: 'alive', run: null, ...text },
  CONFLICT: { outcome: 'CONFLICT', files: [{ path: 'a.txt', stages: [1, 2, 3], hunks: [] }], more: 0, ...text },
  HEAD_CHANGED: { outcome: 'HEAD_CHANGED', where: 'local', expected: HEAD, found: null, ...text },
  CARRY_FAIL: { outcome: 'CARRY_FAIL', findings: [finding], more: 0, ...text },
  NUMBER_COLLISION: {
    outcome: 'NUMBER_COLLISION',
    findings: [{ ...finding, check: 'numbers' }],
    more: 0,
    plan: { yields: [], replacements: [] },
    ...text,
  },
  MARKER_LOST: { outcome: 'MARKER_LOST', findings: [{ ...finding, check: 'markers' }], more: 0, ...text },
  UNCHECKED: {
    outcome: 'UNCHECKED',
    findings: [{ ...finding, check: 'markers', kind: 'UNCHECKED' }],
    more: 0,
    ...text,
  },
  EMPTY: { outcome: 'EMPTY', ...text },
  LANDED_BUT_LOST: { outcome: 'LANDED_BUT_LOST', paths: ['a.txt'], ...text },
  ALREADY_LANDED: { outcome: 'ALREADY_LANDED', commit: CANDIDATE, ...text },
  POLICY: { outcome: 'POLICY', rule: 'hook-declined', ...text },
  DIRTY: { outcome: 'DIRTY', changed: ['a.txt'], ...text },
  ALARM: {
    outcome: 'ALARM',
    expected: { commit: CANDIDATE, tree: TREE },
    found: { commit: null, tree: null },
    ...text,
  },
  SECURITY: { outcome: 'SECURITY', exitCode: 1, signal: null, ...text },
  COVERAGE_DROP: {
    outcome: 'COVERAGE_DROP',
    covered: 1,
    total: 2,
    floor: { covered: 2, total: 2 },
    maxDrop: 0,
    ...text,
  },
  COVERAGE_UNREADABLE: { outcome: 'COVERAGE_UNREADABLE', path: 'lcov.info', ...text },
};

function landed(): MergeOutcome & { outcome: 'LANDED' } {
  return {
    outcome: 'LANDED',
    commit: CANDIDATE,
    tree: TREE,
    remoteBranch: 'absent',
    resumed: false,
    receipt: 'written',
  };
}

function infra(cls: 'transient-infra' | 'permanent-env' | 'cancelled'): MergeOutcome {
  return { outcome: 'INFRA', class: cls, cause: 'git-failed', run: null, step: 'FETCH', ...text };
}

export const ran = (changes: Parameters<typeof suiteRan>[0] = {}, commit = CANDIDATE): MergeTest => ({
  state: 'ran',
  commit,
  tree: TREE,
  result: suiteRan(changes),
});

/** An item that was built and tested as it should. */
export function mergedItem(outcome: MergeOutcome, changes: Partial<MergedItem> = {}): MergedItem {
  return {
    item: ITEM,
    outcome,
    base: '4'.repeat(40),
    head: HEAD,
    candidate: CANDIDATE,
    tree: TREE,
    tip: CANDIDATE,
    batch: [],
    attempts: 1,
    test: ran(),
    security: null,
    coverage: null,
    warnings: [],
    cleanup: [],
    ...changes,
  };
}
