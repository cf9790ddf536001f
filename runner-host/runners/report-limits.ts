/** Per file. What is larger is not read: a report is text about tests, not a dump. */
export const MOST_REPORT_BYTES = 64 * 1024 * 1024;
/** Per file. */
export const MOST_CASES = 500_000;
export const NAME_CHARS = 2048;
