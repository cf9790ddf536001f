import type { CaseResult } from '../../../runner-host/protocol/result';
import type { TestRunReport } from '../../engine';
import { oneLine } from '../format';
import * as messages from '../messages';
import { casePlace } from '../panels/case-place';
import { expectedActual } from '../panels/expected-actual';

export interface CaseModel {
  /** Unique among its siblings: suites repeat names. */
  id: string;
  label: string;
  outcome: CaseResult['outcome'];
  durationMs: number | null;
  /** Relative to the worktree. */
  file: string | null;
  line: number | null;
  message: string;
  expected: string | null;
  actual: string | null;
}

export interface SuiteModel {
  id: string;
  label: string;
  cases: CaseModel[];
}

/** A run as the Test Explorer shows it. `whole` speaks for the item itself where no case can. */
export interface TestModel {
  name: string;
  suites: SuiteModel[];
  whole: { outcome: 'errored' | 'skipped'; message: string } | null;
}

const TEXT_SHOWN = 20_000;

/**
 * One run, one verdict. Infra is `errored` (it could not be executed), never `failed`; a FAIL that no test explains gets an
 * entry of its own, so that a red run is never drawn green; what is INCONCLUSIVE is errored too.
 */
export function testModel({ item, run, result, verdict, cases }: TestRunReport): TestModel {
  const name = messages.testRunName(item.id, run.id);
  const known =
    cases ?? (result.status === 'suite-ran' && result.report.state === 'read' ? result.report.failures : []);
  const suites = groupBySuite(known, item.worktree);
  if (result.status === 'infra') {
    const outcome = result.cause === 'cancelled' ? 'skipped' : 'errored';
    return { name, suites: [], whole: { outcome, message: messages.infraMessage(result.cause, result.detail) } };
  }
  const failed = known.some(({ outcome }) => outcome === 'failed' || outcome === 'errored');
  if (verdict?.verdict === 'FAIL' && !failed) suites.unshift(outside(verdict.reason));
  if (verdict?.verdict === 'PASS' || verdict?.verdict === 'FAIL') return { name, suites, whole: null };
  return { name, suites, whole: { outcome: 'errored', message: verdict?.reason ?? messages.notJudgedYet() } };
}

function outside(reason: string): SuiteModel {
  const label = messages.outsideLabel();
  return {
    id: label,
    label,
    cases: [
      {
        id: label,
        label,
        outcome: 'failed',
        durationMs: null,
        file: null,
        line: null,
        message: reason,
        expected: null,
        actual: null,
      },
    ],
  };
}

function groupBySuite(cases: readonly CaseResult[], worktree: string): SuiteModel[] {
  const suites = new Map<string, SuiteModel & { seen: Map<string, number> }>();
  for (const row of cases) {
    const label = oneLine(row.suite, 300) || messages.unnamedSuite();
    let suite = suites.get(label);
    if (!suite) suites.set(label, (suite = { id: label, label, cases: [], seen: new Map() }));
    const name = oneLine(row.name, 500) || messages.unnamedCase();
    const times = (suite.seen.get(name) ?? 0) + 1;
    suite.seen.set(name, times);
    suite.cases.push(caseModel(row, times === 1 ? name : `${name} (#${times})`, worktree));
  }
  return [...suites.values()].map(({ id, label, cases: members }) => ({ id, label, cases: members }));
}

function caseModel(row: CaseResult, label: string, worktree: string): CaseModel {
  const bad = row.outcome === 'failed' || row.outcome === 'errored';
  const text = [row.message, row.details].filter(Boolean).join('\n\n').slice(0, TEXT_SHOWN);
  const pair = bad ? expectedActual(text) : null;
  const place = casePlace(row, worktree);
  return {
    id: label,
    label,
    outcome: row.outcome,
    durationMs: row.durationMs,
    file: place?.file ?? null,
    line: place?.line ?? null,
    message: text,
    expected: pair?.expected ?? null,
    actual: pair?.actual ?? null,
  };
}
