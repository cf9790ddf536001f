import { LedgerError } from '../ledger/errors';

/** Why a folder of the window has no repository open. */
export interface FolderProblem {
  folder: string;
  kind: 'no-repository' | 'no-commits' | 'ledger' | 'other';
  text: string;
  remedy: string;
}

/** Sorts an error of `openEngine` by its code, never by its words. */
export function problemOf(folder: string, error: unknown): FolderProblem {
  const code = errorCode(error);
  const { text, remedy } = errorText(error);
  if (LedgerError.is(error)) return { folder, kind: 'ledger', text, remedy };
  if (code === 'not-a-repository') return { folder, kind: 'no-repository', text, remedy };
  if (code === 'no-commits') return { folder, kind: 'no-commits', text, remedy };
  return { folder, kind: 'other', text, remedy };
}

/** The code of a typed error, or empty. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What a typed error says to people: its facts and its remedy. An untyped one has only its message. */
export function errorText(error: unknown): { text: string; remedy: string } {
  if (typeof error === 'object' && error !== null && 'remedy' in error && 'detail' in error) {
    return { text: String(error.detail), remedy: String(error.remedy) };
  }
  return { text: error instanceof Error ? error.message : String(error), remedy: '' };
}
