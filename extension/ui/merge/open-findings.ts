import type { RunReport } from '../../engine';
import { mergeFindings } from '../panels/merge-findings';

/** A finding of an item's last merge run, for people, with what a waiver names. */
export interface OpenFinding {
  hash: string;
  word: string;
  path: string;
  line: string;
  why: string;
}

/** What blocks the item, as its last run has it; empty where that was no run of the merge gate. */
export function openFindings(report: RunReport | undefined): OpenFinding[] {
  if (report?.kind !== 'merge' || report.result.status !== 'gate-ended') return [];
  const merged = report.result.items.find(({ item }) => item === report.item.id);
  if (!merged) return [];
  return mergeFindings(merged.outcome, true).findings.flatMap(({ waive, ...finding }) =>
    waive === null ? [] : [{ hash: waive, ...finding }],
  );
}

/** The finding that a command's argument names. */
export function waivedBy(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('finding' in argument)) return undefined;
  return typeof argument.finding === 'string' ? argument.finding : undefined;
}
