import type { CaseResult, TestRunResult } from '../../runner-host/protocol/result';
import type { NameEvidence, TestName, TestNames } from '../artifacts/evidence';
import type { PipelinePorts } from './context';
import { JobRules } from './job-rules';
import type { NameList } from './ports';

const MOST_NAMES = 50;

/**
 * The run's tests by name against those of the last run that landed, and keeps this run's own for those that follow.
 * Undefined for a run without a report; what cannot be compared says why.
 */
export async function compareNames(
  { names, ledger }: Pick<PipelinePorts, 'names' | 'ledger'>,
  run: string,
  result: TestRunResult,
  against: JobRules['against'],
): Promise<NameEvidence | undefined> {
  if (result.status !== 'suite-ran' || result.report.state !== 'read') return undefined;
  const cases = await names.casesOf(run).catch(() => null);
  const none = { count: 0, first: [] };
  const nothing = { against: null, fresh: none, gone: none, newlySkipped: none };
  if (cases === null) return { ...nothing, kept: null, detail: "the run's cases are not on disk" };
  const mine = listOf(cases);
  const kept = await names.keep(mine);
  if (!against) return { ...nothing, kept, detail: 'no item with a report has passed and landed yet' };
  const job = ledger.read.job(against.run);
  const hash = job && JobRules.parse(JSON.parse(job.rules)).evidence?.names?.kept;
  const theirs = hash ? await names.read(hash) : null;
  if (!theirs) return { ...nothing, kept, detail: `the names of run ${against.run} (${against.item}) are gone` };
  return { kept, against, detail: '', ...differ(theirs, mine) };
}

/** The names of a report's cases. One that was executed in some case and skipped in another counts as executed. */
export function listOf(cases: readonly CaseResult[]): NameList {
  const executed = unique(cases.filter(({ outcome }) => outcome !== 'skipped'));
  const ran = new Set(executed.map(idOf));
  const skipped = unique(cases.filter(({ outcome }) => outcome === 'skipped')).filter((one) => !ran.has(idOf(one)));
  return { executed, skipped };
}

/** Pure: what one list has and the other has not. */
export function differ(before: NameList, after: NameList): Pick<NameEvidence, 'fresh' | 'gone' | 'newlySkipped'> {
  const all = (list: NameList): TestName[] => [...list.executed, ...list.skipped];
  const known = new Set(all(before).map(idOf));
  const present = new Set(all(after).map(idOf));
  const ran = new Set(before.executed.map(idOf));
  return {
    fresh: some(all(after).filter((one) => !known.has(idOf(one)))),
    gone: some(all(before).filter((one) => !present.has(idOf(one)))),
    newlySkipped: some(after.skipped.filter((one) => ran.has(idOf(one)))),
  };
}

const idOf = ({ suite, name }: TestName): string => JSON.stringify([suite, name]);

function unique(cases: readonly CaseResult[]): TestName[] {
  return [...new Map(cases.map(({ suite, name }) => [idOf({ suite, name }), { suite, name }])).values()];
}

const some = (names: TestName[]): TestNames => ({ count: names.length, first: names.slice(0, MOST_NAMES) });
