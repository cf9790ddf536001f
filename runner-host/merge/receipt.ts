import * as z from 'zod/mini';
import type { Gate, Link } from './gate';

/** The machine-readable part of a landed commit's note. */
export const Receipt = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  item: z.string(),
  branch: z.string(),
  head: z.string(),
  base: z.string(),
  candidate: z.string(),
  tree: z.string(),
  /** The commit that was tested: in a batch the tip, of which the candidate is an ancestor. */
  testedCommit: z.string(),
  testedTree: z.string(),
  verdict: z.enum(['PASS', 'PROVEN', 'NOT-TESTED']),
  testKey: z.string(),
  report: z.nullable(z.strictObject({ tests: z.int(), passed: z.int(), skipped: z.int() })),
  coverage: z.nullable(z.strictObject({ covered: z.int(), total: z.int() })),
});
export type Receipt = z.infer<typeof Receipt>;

export function receiptOf({ spec }: Pick<Gate, 'spec'>, { entry, onto, commit, tree, tip, tipTree }: Link): Receipt {
  const { item, seen } = entry;
  const ran = seen.test?.state === 'ran' && seen.test.result.status === 'suite-ran' ? seen.test.result : null;
  const report = ran?.report.state === 'read' ? ran.report : null;
  const proven = seen.test?.state === 'not-configured' || spec.test === null ? 'NOT-TESTED' : 'PROVEN';
  return {
    version: 1,
    run: spec.run,
    item: item.item,
    branch: item.branch,
    head: item.head,
    base: onto,
    candidate: commit,
    tree,
    testedCommit: tip,
    testedTree: tipTree,
    verdict: ran === null ? proven : 'PASS',
    testKey: spec.testKey,
    report: report && { tests: report.tests, passed: report.passed, skipped: report.skipped },
    coverage: seen.coverage,
  };
}

const HEADING = '## Receipt\n\n```json\n';
const END = '\n```\n';

/**
 * What stands in the git note of a landed commit: the merge log, and below it the receipt, on one line. git takes blanks at the ends of
 * lines and repeated empty lines out of a note: neither part may have them.
 */
export function noteOf(log: string, receipt: Receipt): string {
  return `${log}\n${HEADING}${JSON.stringify(receipt)}${END}`;
}

/** The parts of a note. The receipt is what stands at its very end: nothing that the log quotes can take its place. Throws `Error`. */
export function readNote(note: string): { log: string; receipt: Receipt } {
  const text = `${note.trimEnd()}\n`;
  const end = text.lastIndexOf(HEADING);
  const json = end === -1 || !text.endsWith(END) ? undefined : text.slice(end + HEADING.length, -END.length);
  if (json === undefined || json.includes('\n')) throw new Error('the note does not end with a receipt');
  return { log: text.slice(0, end).trimEnd(), receipt: Receipt.parse(JSON.parse(json)) };
}
