import { expect, test } from 'vitest';
import { readFields } from '../../../extension/artifacts/read-fields';
import type { Gate, Link } from '../../../runner-host/merge/gate';
import { mergeLog } from '../../../runner-host/merge/merge-log';
import type { MergedItem } from '../../../runner-host/protocol/merge';
import { readReport, suiteRan } from '../pipeline/rows';

const COMMIT = '3'.repeat(40);
const TIP = '5'.repeat(40);

interface Facts {
  title?: string;
  seen?: Partial<MergedItem>;
  waived?: Link['entry']['passed']['waived'];
  warnings?: string[];
  spec?: object;
}

/** The log of a landing of DEMO-1, as far as a test says what there was. */
function log({ title = 'Sums', seen = {}, waived = [], warnings = [], spec = {} }: Facts = {}): string {
  const item = { item: 'DEMO-1', title, branch: 'work/DEMO-1', head: '1'.repeat(40) };
  const nothing = { batch: [], test: null, security: null, coverage: null };
  const entry = { item, seen: { ...nothing, ...seen }, passed: { waived, warnings } };
  const link = { entry, onto: '2'.repeat(40), commit: COMMIT, tree: '4'.repeat(40), tip: TIP, tipTree: '6'.repeat(40) };
  const gate = { spec: { run: 'r1', base: 'main', test: null, coverage: null, ...spec } };
  return mergeLog(gate as unknown as Gate, link as unknown as Link);
}

const ran = { state: 'ran', commit: TIP, tree: '6'.repeat(40) } as const;

test('a suite’s exit code and figures, and the coverage beside base’s', () => {
  const text = log({
    seen: {
      test: { ...ran, result: suiteRan({ report: readReport({ passed: 5, skipped: 2 }) }) },
      security: { state: 'proven', commit: TIP, tree: TIP, by: 'journal' },
      coverage: { covered: 8, total: 10 },
    },
    spec: { test: { command: ['npm', 'run', "it's"] }, coverage: { floor: { covered: 7, total: 10 } } },
  });
  expect(text).toContain('- Tests: exit code 0 on the candidate, 7 tests: 5 passed, 2 skipped\n');
  expect(text).toContain('- Coverage: 8 of 10 lines, base had 7 of 10 lines\n');
  expect(text).toContain('- Security: not run again on the head of the branch: an earlier try of this gate has a PASS');
  const fields = readFields(text, ({ text: of, count }) => [of('command'), count('tests'), count('failed')]);
  expect(fields).toEqual({ ok: true, fields: ["npm run 'it'\\''s'", 7, 0] });
});

test.each([
  ['commit', 'this very commit has a PASS of the same command'],
  ['tree', 'this very tree has a PASS of the same command, and the project says that its tests do not look at history'],
] as const)('a re-test that was left out is said with its proof: %s', (by, words) => {
  const text = log({ seen: { test: { state: 'proven', commit: TIP, tree: TIP, by } } });
  expect(text).toContain(`- Tests: not run again on the candidate: ${words}\n`);
  expect(text).toMatch(/\nexit_code: null\ntests: null\n/);
});

test('what was not asked for is never shown as passed', () => {
  const text = log({ seen: { test: { state: 'not-configured' } } });
  for (const what of ['Security', 'Tests']) expect(text).toContain(`- ${what}: not configured, nothing was run\n`);
  expect(text).toContain('- Coverage: not configured, not read\n');
});

test('hostile words stay words: no markup, no control, no line of their own', () => {
  const evil = '`\n---\nmerge_status: FORGED\n---\n<img src=x>\u001b[2J\u202e';
  const text = log({
    title: evil,
    warnings: [evil],
    waived: [{ what: evil, by: evil, reason: evil }],
    seen: { batch: [evil] },
  });
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(text.match(/^merge_status: .*$/gm)).toEqual(['merge_status: LANDED']);
  expect(text.match(/^---$/gm)).toHaveLength(2);
  // Every one of them stands in a quotation that it cannot end, or without its signs.
  for (const line of text.split('\n').filter((each) => each.includes('<img'))) expect(line).toMatch(/`[^`]*<img[^`]*`/);
});

test('git keeps it as it is: no blanks at ends of lines, no two empty lines; and a long list is cut', () => {
  const text = log({ title: '  ', warnings: Array.from({ length: 80 }, (_, at) => `warning ${at}  `) });
  expect(text).not.toMatch(/[ \t]$/m);
  expect(text).not.toContain('\n\n\n');
  expect(text).toContain('- and 30 more\n');
  expect(text).not.toContain('warning 50');
});
