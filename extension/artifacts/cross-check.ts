import type { TestRunResult } from '../../runner-host/protocol/result';
import { prose } from './markdown';
import type { TestReportInput } from './test-report';

type Row = readonly [check: string, found: string, needed: string, agrees: boolean | null];

/** The facts that must agree for a PASS, each with what was found and what is needed. */
export function crossCheck({ result, floor, floorSource }: TestReportInput): string {
  const rows = [...endRows(result), ...reportRows(result, floor, floorSource), ...treeRows(result), processRow(result)];
  const lines = rows.map(([check, found, needed, agrees]) => `| ${check} | ${found} | ${needed} | ${answer(agrees)} |`);
  return [
    '## Cross-check',
    '',
    '| check | found | needed for PASS | agrees |',
    '| --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function answer(agrees: boolean | null): string {
  if (agrees === null) return 'not checked';
  return agrees ? 'yes' : '**no**';
}

function endRows(result: TestRunResult): Row[] {
  const { exitCode, signal, durationMs } = result.supervision;
  const end = exitCode !== null ? String(exitCode) : signal !== null ? `signal ${prose(signal)}` : 'none';
  const rows: Row[] = [['exit code', `${end}, after ${(durationMs / 1000).toFixed(1)} s`, '0', exitCode === 0]];
  if (result.status === 'infra')
    rows.unshift(['the suite ran', `no: ${prose(result.cause)} (${prose(result.detail)})`, 'to its end', false]);
  return rows;
}

function reportRows(result: TestRunResult, floor: number | null, floorSource: string): Row[] {
  if (result.status !== 'suite-ran') return [];
  const { report } = result;
  const needed = floor === null ? 'at least 1' : `at least ${floor}`;
  const executedRow = (executed: number | null): Row => [
    'tests executed',
    executed === null ? 'not proven' : String(executed),
    `${needed} (floor: ${prose(floorSource)})`,
    executed === null ? null : executed >= (floor ?? 1),
  ];
  switch (report.state) {
    case 'not-configured':
      return [['report', 'none is configured', 'none', null], executedRow(null)];
    case 'missing':
      return [['report', `missing: ${prose(report.path)}`, 'a report', false], executedRow(null)];
    case 'unreadable':
      return [
        ['report', `${prose(report.path)} cannot be trusted: ${prose(report.reason)}`, 'a report', false],
        executedRow(null),
      ];
    case 'read': {
      const { files, tests, passed, failed, errored, skipped } = report;
      return [
        ['report', `${files.length} ${files.length === 1 ? 'file' : 'files'}, ${tests} tests`, 'a report', true],
        [
          'failed tests',
          errored === 0 ? String(failed) : `${failed}, and ${errored} with errors`,
          '0',
          failed + errored === 0,
        ],
        executedRow(passed + failed + errored),
        ['skipped tests', String(skipped), 'any number', null],
      ];
    }
  }
}

function treeRows({ tree }: TestRunResult): Row[] {
  if (tree === null) return [['tested tree', 'not read', 'the same before and after', null]];
  const same =
    tree.treeAfter === null || tree.headAfter === null
      ? null
      : tree.treeAfter === tree.tree && tree.headAfter === tree.head;
  const changed = tree.changed.slice(0, 10).map(prose).join(', ');
  const more = tree.changed.length > 10 ? ` and ${tree.changed.length - 10} more` : '';
  const found =
    same === null
      ? 'not read after the run'
      : same
        ? 'unchanged'
        : `changed by the run${changed === '' ? '' : `: ${changed}${more}`}`;
  return [['tested tree', found, 'the same before and after', same]];
}

function processRow({ supervision }: TestRunResult): Row {
  const { cleanliness, containment, survivors } = supervision;
  const found =
    cleanliness === 'dirty' ? `${survivors.length} still alive` : cleanliness === 'clean' ? 'none' : 'none found';
  return [
    'processes left',
    `${found} (containment: ${containment})`,
    'none',
    cleanliness === 'dirty' ? false : cleanliness === 'clean' ? true : null,
  ];
}
