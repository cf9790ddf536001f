/** What a suite in the extension host leaves in the file that INTERLOCK_SUITE_RESULT names. */
export interface SuiteResult {
  passed: number;
  failed: number;
  skipped: number;
  failures: { title: string; message: string; stack: string }[];
}

export const RESULT_FILE_VARIABLE = 'INTERLOCK_SUITE_RESULT';

/** Starts every line that the suite itself prints: the extension host's console holds much more. */
export const LINE_PREFIX = '[suite] ';
