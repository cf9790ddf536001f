import * as vscode from 'vscode';
import type { TestRunReport } from '../../engine';
import { readTail } from '../read-tail';
import { testModel, type CaseModel } from './test-model';

/** The end of the output that goes along with the results. */
const OUTPUT_SHOWN = 64 * 1024;

/**
 * Publishes runs to VS Code's Test Explorer, so that failures show at their line. It only publishes: there is nothing to run
 * from there, and a result is not kept by VS Code, for the ledger has it.
 */
export class PublishedResults implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController('interlock', 'Interlock');

  /** One test run for one run of the suite, with every case in it; takes no focus. */
  async publish(report: TestRunReport): Promise<void> {
    const model = testModel(report);
    const output = report.log === null ? undefined : await readTail(report.log, OUTPUT_SHOWN);
    const { item } = report;
    const root = this.controller.createTestItem(item.id, `${item.id} ${item.title}`, vscode.Uri.file(item.worktree));
    root.description = item.branch;
    this.controller.items.add(root);
    const results: [vscode.TestItem, CaseModel][] = [];
    root.children.replace(
      model.suites.map((suite) => {
        const parent = this.controller.createTestItem(suite.id, suite.label);
        parent.children.replace(
          suite.cases.map((row) => {
            const child = this.#caseItem(row, item.worktree);
            results.push([child, row]);
            return child;
          }),
        );
        return parent;
      }),
    );
    const request = new vscode.TestRunRequest([root], undefined, undefined, false, true);
    const run = this.controller.createTestRun(request, model.name, false);
    if (output) run.appendOutput(output.text.replace(/\r?\n/g, '\r\n'));
    for (const [child, row] of results) mark(run, child, row);
    if (model.whole?.outcome === 'errored') run.errored(root, new vscode.TestMessage(model.whole.message));
    if (model.whole?.outcome === 'skipped') run.skipped(root);
    run.end();
  }

  #caseItem(row: CaseModel, worktree: string): vscode.TestItem {
    const uri = row.file === null ? undefined : vscode.Uri.joinPath(vscode.Uri.file(worktree), row.file);
    const child = this.controller.createTestItem(row.id, row.label, uri);
    if (row.line !== null) child.range = lineRange(row.line);
    return child;
  }

  dispose(): void {
    this.controller.dispose();
  }
}

function mark(run: vscode.TestRun, child: vscode.TestItem, row: CaseModel): void {
  const took = row.durationMs ?? undefined;
  switch (row.outcome) {
    case 'passed':
      return run.passed(child, took);
    case 'skipped':
      return run.skipped(child);
    case 'failed':
      return run.failed(child, testMessage(child, row), took);
    case 'errored':
      return run.errored(child, testMessage(child, row), took);
  }
}

function testMessage(child: vscode.TestItem, row: CaseModel): vscode.TestMessage {
  const message =
    row.expected !== null && row.actual !== null
      ? vscode.TestMessage.diff(row.message, row.expected, row.actual)
      : new vscode.TestMessage(row.message);
  if (child.uri && child.range) message.location = new vscode.Location(child.uri, child.range);
  return message;
}

const lineRange = (line: number): vscode.Range => new vscode.Range(Math.max(0, line - 1), 0, Math.max(0, line - 1), 0);
