import type { MergeRunReport } from '../../../extension/engine';
import type { MergedItem, MergeRunResult } from '../../../runner-host/protocol/merge';
import type { MergeFinding, MergeOutcome, MergeOutcomeName } from '../../../runner-host/protocol/merge-outcome';
import { aJob, anItem, aReport, aResult, aRun, NOW, runId } from './rows';

export const COMMIT = '1'.repeat(40);
export const TREE = '2'.repeat(40);
export const BASE = '3'.repeat(40);
export const HEAD = 'c'.repeat(40);
const said = { detail: 'what happened', remedy: 'what helps' };
const path = Buffer.from('docs/größe.md', 'utf8').toString('latin1');

export function aFinding(over: Partial<MergeFinding> = {}): MergeFinding {
  return {
    check: 'carry',
    kind: 'DROPPED',
    path,
    side: 'item',
    line: 'export const VAT = 0.19;',
    count: 1,
    lineHash: 'e'.repeat(64),
    detail: 'the line is not in the candidate',
    ...over,
  };
}

const LANDED = { outcome: 'LANDED', commit: COMMIT, tree: TREE, remoteBranch: 'deleted', resumed: false } as const;

/** One outcome of each name. */
export const OUTCOMES: { [N in MergeOutcomeName]: Extract<MergeOutcome, { outcome: N }> } = {
  LANDED: { ...LANDED, receipt: 'written' },
  ALREADY_LANDED: { outcome: 'ALREADY_LANDED', commit: COMMIT, ...said },
  RED: { outcome: 'RED', preExisting: false, base: null, ...said },
  TIMEOUT: { outcome: 'TIMEOUT', of: 'test', timeoutMs: 1000, ...said },
  INFRA: {
    outcome: 'INFRA',
    class: 'transient-infra',
    cause: 'remote-unreachable',
    run: null,
    step: 'FETCH',
    ...said,
  },
  MOVED: { outcome: 'MOVED', attempts: 6, ...said },
  LOCK_BUSY: { outcome: 'LOCK_BUSY', owner: 'alive', run: null, ...said },
  CONFLICT: {
    outcome: 'CONFLICT',
    files: [{ path: 'src/price.js', stages: [1, 2, 3], hunks: [{ line: 3, text: '<<<<<<< ours\n<b>a</b>\n' }] }],
    more: 0,
    ...said,
  },
  HEAD_CHANGED: { outcome: 'HEAD_CHANGED', where: 'local', expected: HEAD, found: null, ...said },
  CARRY_FAIL: { outcome: 'CARRY_FAIL', findings: [aFinding()], more: 2, ...said },
  NUMBER_COLLISION: {
    outcome: 'NUMBER_COLLISION',
    findings: [aFinding({ check: 'numbers', kind: 'NUMBER_TAKEN', side: null, line: '' })],
    more: 0,
    plan: {
      yields: [
        {
          series: 'docs/adr/adr-*.md',
          from: 'docs/adr/adr-0007-b.md',
          to: 'docs/adr/adr-0008-b.md',
          oldDigits: '0007',
          newDigits: '0008',
          keeps: 'docs/adr/adr-0007-a.md',
        },
      ],
      replacements: [{ path: 'readme.md', lineNumber: 3, before: 'adr-0007', after: 'adr-0008' }],
    },
    ...said,
  },
  MARKER_LOST: {
    outcome: 'MARKER_LOST',
    findings: [aFinding({ check: 'markers', kind: 'MARKER_LOST', side: null })],
    more: 0,
    ...said,
  },
  UNCHECKED: {
    outcome: 'UNCHECKED',
    findings: [aFinding({ check: 'markers', kind: 'UNCHECKED', side: null, line: '' })],
    more: 0,
    ...said,
  },
  EMPTY: { outcome: 'EMPTY', ...said },
  LANDED_BUT_LOST: { outcome: 'LANDED_BUT_LOST', paths: ['a.txt'], ...said },
  POLICY: { outcome: 'POLICY', rule: 'hook-declined', ...said },
  DIRTY: { outcome: 'DIRTY', changed: ['a.txt'], ...said },
  ALARM: {
    outcome: 'ALARM',
    expected: { commit: COMMIT, tree: TREE },
    found: { commit: null, tree: null },
    ...said,
  },
  SECURITY: { outcome: 'SECURITY', exitCode: 2, signal: null, ...said },
  COVERAGE_DROP: {
    outcome: 'COVERAGE_DROP',
    covered: 70,
    total: 100,
    floor: { covered: 80, total: 100 },
    maxDrop: 0,
    ...said,
  },
  COVERAGE_UNREADABLE: { outcome: 'COVERAGE_UNREADABLE', path: 'lcov.info', ...said },
};

/** An item that came through the checks and whose suite ran green, unless told otherwise. */
export function aMerged(over: Partial<MergedItem> = {}): MergedItem {
  return {
    item: 'DEMO-1',
    outcome: OUTCOMES.LANDED,
    base: BASE,
    head: HEAD,
    candidate: COMMIT,
    tree: TREE,
    tip: COMMIT,
    batch: [],
    attempts: 1,
    test: { state: 'ran', commit: COMMIT, tree: TREE, result: aResult({ exitCode: 0 }) },
    security: null,
    coverage: null,
    warnings: [],
    cleanup: [],
    ...over,
  };
}

export function aMergeReport(
  merged: MergedItem | MergedItem[] = aMerged(),
  over: Partial<MergeRunReport> = {},
): MergeRunReport {
  const result: MergeRunResult = {
    status: 'gate-ended',
    run: runId(1),
    item: 'DEMO-1',
    kind: 'merge',
    supervision: aResult().supervision,
    items: Array.isArray(merged) ? merged : [merged],
  };
  const run = aRun({ stage: 'merge', kind: 'merge' });
  return { ...aReport(), kind: 'merge', item: anItem({ stage: 'merge' }), run, verdict: null, result, ...over };
}

/** The job of that run. */
export function aMergeJob(spec: Record<string, unknown> = {}) {
  const whole = { kind: 'merge', base: 'main', remote: 'origin', style: 'merge', numbered: ['docs/adr/adr-*.md'] };
  return aJob({
    id: runId(1),
    stage: 'merge',
    kind: 'merge',
    settled_at: NOW,
    spec: JSON.stringify({ ...whole, security: null, coverage: null, ...spec }),
  });
}
