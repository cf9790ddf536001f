import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { InterlockApi } from '../../../extension/extension';
import { drawn, eventually, installed, interlock, nodeNamed, startInterlock, workspaceFolder } from './window';

let api: InterlockApi;

before(async () => {
  api = await startInterlock();
  // While its view is hidden, the tree tells VS Code nothing.
  await vscode.commands.executeCommand('interlock.items.focus');
});

describe('the extension in its host', () => {
  it('registers every command of its manifest, and none besides', async () => {
    const manifest = installed().packageJSON as { contributes: { commands: { command: string }[] } };
    const declared = manifest.contributes.commands.map(({ command }) => command).sort();
    const views = /^interlock\.(items|runners)\./;
    const registered = (await vscode.commands.getCommands(true)).filter((name) => name.startsWith('interlock.'));
    assert.deepEqual(registered.filter((name) => !views.test(name)).sort(), declared);
  });

  it('is started by a repository that has interlock.json', () => {
    assert(installed().isActive);
    assert(existsSync(join(workspaceFolder(), '.git', 'interlock')));
  });
});

describe('the tree', () => {
  it('shows an item that another process added', async () => {
    await interlock('add', 'Volume discount', '--id', 'DEMO-1', '--branch', 'feature/DEMO-1-volume-discount');
    const rows = await eventually(
      () => drawn(api),
      (found) => found.length > 0,
    );
    assert.match(rows[0] ?? '', /^DEMO-1 Volume discount \| development · waiting/);
  });

  it('has the project’s stages below an item', () => {
    const rows = drawn(api, nodeNamed(api, 'DEMO-1'));
    assert.deepEqual(
      rows.map((row) => row.split(' | ')[0]),
      ['development', 'testing', 'merge', 'done'],
    );
  });

  it('keeps the object and the id of a node while its text changes', async () => {
    const before = nodeNamed(api, 'DEMO-1');
    const text = drawn(api)[0];
    await interlock('release', 'DEMO-1');
    await eventually(
      () => drawn(api)[0],
      (now) => now !== text,
    );
    assert.equal(nodeNamed(api, 'DEMO-1'), before);
  });

  it('tells VS Code of a changed item by that item alone', async () => {
    const told: unknown[] = [];
    const listening = api.tree.onDidChangeTreeData((nodes) => told.push(nodes));
    await interlock('hold', 'DEMO-1', '--reason', 'for a moment');
    await eventually(
      () => told.length,
      (count) => count > 0,
    );
    listening.dispose();
    assert.deepEqual(told[0], [nodeNamed(api, 'DEMO-1')]);
    await interlock('release', 'DEMO-1');
  });

  it('costs one look at the changed item while the view is on the screen, and none at the others', async () => {
    const looked: string[] = [];
    const ask = api.tree.getTreeItem.bind(api.tree);
    api.tree.getTreeItem = (node) => {
      looked.push(node.id);
      return ask(node);
    };
    try {
      await interlock('add', 'Prices with VAT', '--id', 'DEMO-2', '--branch', 'feature/DEMO-2-prices-with-vat');
      const added = await eventually(
        () => api.tree.getChildren().find((node) => 'item' in node && node.item === 'DEMO-2'),
        (node) => node !== undefined,
      );
      assert(added);
      await eventually(
        () => looked,
        (ids) => ids.includes(added.id),
      );
      looked.length = 0;
      await interlock('release', 'DEMO-2');
      await eventually(
        () => looked,
        (ids) => ids.length > 0,
      );
      assert.deepEqual([...new Set(looked)], [added.id]);
    } finally {
      api.tree.getTreeItem = ask;
    }
  });

  it('finds the way from a run up to its item', async () => {
    await vscode.commands.executeCommand('interlock.advanceStage', 'DEMO-1');
    await eventually(
      () => drawn(api)[0] ?? '',
      (row) => row.includes('development · FAIL'),
    );
    const item = nodeNamed(api, 'DEMO-1');
    const testing = nodeNamed(api, 'testing', item);
    const run = nodeNamed(api, 'Run 1', testing);
    assert.match(drawn(api, testing)[0] ?? '', /^Run 1 \| FAIL · 1 of 10 failed/);
    assert.match(drawn(api, testing)[1] ?? '', /^13-test-report\.md/);
    assert.equal(api.tree.getParent(run), testing);
    assert.equal(api.tree.getParent(testing), item);
  });
});

describe('the Test Explorer', () => {
  it('has every case of the run, the failed one at its line in the worktree', async () => {
    const item = await eventually(
      () => api.tests.items.get('DEMO-1'),
      (found) => found !== undefined,
    );
    const suites = [...(item?.children ?? [])].map(([, suite]) => suite);
    const cases = suites.flatMap((suite) => [...suite.children].map(([, child]) => child));
    assert.equal(cases.length, 10);
    const failed = cases.find(({ label }) => label === 'gives 5 percent from ten pieces on');
    assert.match(failed?.uri?.fsPath ?? '', /shop\.worktrees\/DEMO-1\/test\/discount\.test\.js$/);
    assert(existsSync(failed?.uri?.fsPath ?? ''));
    assert.equal(failed?.range?.start.line, 10);
  });
});

describe('an item that passes', () => {
  it('waits at merge for a person to land it', async () => {
    await vscode.commands.executeCommand('interlock.advanceStage', 'DEMO-2');
    const rows = await eventually(
      () => drawn(api),
      (found) => found.some((row) => row.includes('merge')),
    );
    assert.match(rows.find((row) => row.startsWith('DEMO-2')) ?? '', /merge · waiting/);
  });
});

describe('the log', () => {
  it('opens as a document that cannot be edited', async () => {
    await vscode.commands.executeCommand('interlock.showLog', 'DEMO-1');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'interlock-log');
    assert.match(document?.getText() ?? '', /gives 5 percent from ten pieces on/);
    assert.doesNotMatch(document?.getText() ?? '', /\u001b/);
  });
});

describe('interlock.json', () => {
  const problemsOf = (uri: vscode.Uri) =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'Interlock');

  it('is read with comments, and its problems are marked at their place', async () => {
    const uri = vscode.Uri.file(join(workspaceFolder(), 'interlock.json'));
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'jsonc');
    assert.deepEqual(problemsOf(uri), []);
    const edit = new vscode.WorkspaceEdit();
    const at = document.getText().indexOf('"timeout"');
    assert(at > 0);
    const place = document.positionAt(at);
    edit.replace(uri, new vscode.Range(place, document.positionAt(at + '"timeout"'.length)), '"timout"');
    await vscode.workspace.applyEdit(edit);
    const [problem] = await eventually(
      () => problemsOf(uri),
      (found) => found.length > 0,
    );
    assert.match(problem?.message ?? '', /"timeout"/);
    assert.deepEqual(problem?.range, new vscode.Range(place, place.translate(0, '"timout"'.length)));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('has a schema: VS Code itself knows its keys', async () => {
    const uri = vscode.Uri.file(join(workspaceFolder(), 'interlock.json'));
    const document = await vscode.workspace.openTextDocument(uri);
    const inside = document.positionAt(document.getText().indexOf('"base"'));
    const hovers = await eventually(
      async () =>
        vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, inside.translate(0, 2)),
      (found) => found.length > 0,
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    assert.match(text.join(' '), /branch/);
  });
});
