import type { MergeTest } from '../protocol/merge';
import type { Gate, Link } from './gate';

const MOST_TEXT = 300;
const MOST_LINES = 50;

/**
 * `14-merge-log.md`: what the gate asked, with which answers. The head is that of every artifact; below it words for people. The same bytes
 * for the same landing.
 */
export function mergeLog(gate: Pick<Gate, 'spec'>, link: Link): string {
  const { spec } = gate;
  const { entry, commit } = link;
  const { item, seen, passed } = entry;
  const others = seen.batch.map(plain).join(', ');
  return [
    frontMatter(gate, link),
    `# ${plain(item.item)}: landed on ${plain(spec.base)}`,
    '',
    ...(plain(item.title) === '' ? [] : [code(item.title), '']),
    '## What was checked',
    '',
    `- Security: ${commandText(seen.security, 'head of the branch')}`,
    '- Carry, numbers, markers: nothing that blocks',
    `- Tests: ${commandText(seen.test, seen.batch.length === 0 ? 'candidate' : 'last commit of the batch')}`,
    `- Coverage: ${coverageText(gate, link)}`,
    '- Base: read from the remote after the push, before this was written',
    '',
    ...section(
      'Batch',
      seen.batch.length === 0 ? [] : [`${code(commit)} was tested as a part of ${code(link.tip)}`, `With ${others}`],
    ),
    ...section(
      'Waivers',
      passed.waived.map(({ by, reason, what }) => `${code(what)}, waived by ${code(by)}: ${code(reason)}`),
    ),
    ...section('Warnings', passed.warnings.map(code)),
  ].join('\n');
}

function section(name: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more`] : [];
  return [`## ${name}`, '', ...lines.slice(0, MOST_LINES).map((line) => `- ${line}`), ...more, ''];
}

function frontMatter({ spec }: Pick<Gate, 'spec'>, { entry, onto, commit, tree, tip }: Link): string {
  const { item, seen } = entry;
  const ran = seen.test?.state === 'ran' && seen.test.result.status === 'suite-ran' ? seen.test.result : null;
  const report = ran?.report.state === 'read' ? ran.report : null;
  const fields: [string, string | number | null][] = [
    ['run', quoted(spec.run)],
    ['tree', quoted(tree)],
    ['head', quoted(item.head)],
    ['base', quoted(onto)],
    ['commit', quoted(commit)],
    ['tested_commit', quoted(tip)],
    ['command', spec.test && quoted(words(spec.test.command))],
    ['exit_code', ran?.supervision.exitCode ?? null],
    ['tests', report?.tests ?? null],
    ['failed', report ? report.failed + report.errored : null],
    ['skipped', report?.skipped ?? null],
    ['duration_ms', ran ? Math.round(ran.supervision.durationMs) : null],
    ['started_at', ran && quoted(new Date(ran.supervision.startedAt).toISOString())],
    ['producer', quoted('merge-gate')],
  ];
  return `---\nmerge_status: LANDED\n${fields.map(([key, value]) => `${key}: ${value ?? 'null'}\n`).join('')}---\n`;
}

function commandText(ran: MergeTest | null, of: string): string {
  switch (ran?.state) {
    case undefined:
    case 'not-configured':
      return 'not configured, nothing was run';
    case 'proven':
      return `not run again on the ${of}: ${PROOF[ran.by]}`;
    case 'ran': {
      const { result } = ran;
      const report = result.status === 'suite-ran' && result.report.state === 'read' ? result.report : null;
      const counts = report ? `, ${report.tests} tests: ${report.passed} passed, ${report.skipped} skipped` : '';
      return `exit code ${result.supervision.exitCode ?? 'none'} on the ${of}${counts}`;
    }
  }
}

const PROOF = {
  commit: 'this very commit has a PASS of the same command',
  tree: 'this very tree has a PASS of the same command, and the project says that its tests do not look at history',
  journal: 'an earlier try of this gate has a PASS of this very commit',
};

function coverageText({ spec }: Pick<Gate, 'spec'>, { entry }: Link): string {
  const { coverage: lines } = entry.seen;
  if (spec.coverage === null || lines === null) return 'not configured, not read';
  const { floor } = spec.coverage;
  const of = ({ covered, total }: { covered: number; total: number }): string => `${covered} of ${total} lines`;
  return floor === null ? of(lines) : `${of(lines)}, base had ${of(floor)}`;
}

const words = (command: string | readonly string[]): string =>
  typeof command === 'string'
    ? command
    : command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');

/** JSON's quoting is YAML's, and what is no plain ASCII is escaped. */
const quoted = (text: string): string =>
  JSON.stringify(text.slice(0, 2_000)).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** One line without anything that a terminal or a reader of Markdown takes for an instruction. */
const plain = (text: string): string =>
  text
    .slice(0, MOST_TEXT)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu, ' ')
    .replace(/[`<>[\]*_#|\\]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** As it is, but for what would end the quotation. */
const code = (text: string): string =>
  `\`${text
    .slice(0, MOST_TEXT)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu, ' ')
    .replaceAll('`', "'")
    .replace(/\s+/g, ' ')
    .trim()}\``;
