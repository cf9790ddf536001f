/** The words of the panel that never change; everything else comes with the messages. */
export const TEXTS = {
  loading: 'Reading the ledger…',
  versionMismatch: 'This panel is of another version of Interlock. Close it and open the report again.',
  facts: 'Facts of this run',
  checks: 'Cross-check: what must agree before the gate opens',
  attempts: 'Runs of this item',
  failures: 'Failures',
  skipped: 'Skipped',
  flaky: 'Passed only when run again',
  waivers: 'Waivers',
  waiverCheck: 'Check',
  waiverUse: 'In this run',
  waiverReason: 'Reason',
  waiverReference: 'Reference',
  waiverUntil: 'Until',
  evidence: 'What else the verdict rests on',
  bite: 'Bite matrix',
  baseCode: "base's code",
  itemCode: "the item's code",
  baseTests: "base's tests",
  itemTests: "the item's tests",
  output: 'Output',
  filter: 'Filter failures',
  filterHint: 'Filter failures by name or message',
  noMatch: 'No failure matches the filter.',
  expected: 'Expected',
  actual: 'Actual',
  details: 'Details',
  copy: 'Copy',
  copyTitle: 'Copy this failure as text',
  advance: 'Advance',
  why: 'Why?',
  showLog: 'Show Log',
  openArtifact: (name: string): string => `Open ${name}`,
  checkStaging: 'Check Staging Host',
  testExplorer: 'Test Explorer',
  cancel: 'Cancel Run',
  newest: 'Show Newest',
  agrees: 'agrees',
  'agrees-on-red': 'agrees',
  disagrees: 'disagrees',
  unknown: 'not proven',
  moreFailures: (count: number): string => `${count} more failures are in the Test Explorer and in the log.`,
  moreCases: (count: number): string => `${count} more.`,
  counts: (c: {
    tests: number;
    passed: number;
    flaky: number;
    failed: number;
    errored: number;
    skipped: number;
  }): string =>
    [
      `${c.tests} ${c.tests === 1 ? 'test' : 'tests'}`,
      c.flaky > 0 ? `${c.passed} passed (${c.flaky} only when run again)` : `${c.passed} passed`,
      `${c.failed} failed`,
      c.errored > 0 && `${c.errored} errored`,
      `${c.skipped} skipped`,
    ]
      .filter(Boolean)
      .join(', '),
  cut: (characters: number): string =>
    `… ${Math.max(1, Math.round(characters / 1024))} KiB before this are left out here; Show Log has them.`,
  noOutput: 'No output yet.',
  none: '(empty)',
} as const;
