import { execFileSync } from 'node:child_process';
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { InterlockApi } from '../../../extension/extension';
import { drawn, eventually, interlock, startInterlock, workspaceFolder } from './window';

const ITEM = 'PROVE-1';

let api: InterlockApi;
let rules: string;
const file = () => join(workspaceFolder(), 'interlock.json');

before(async () => {
  api = await startInterlock();
  rules = readFileSync(file(), 'utf8');
  await vscode.commands.executeCommand('interlock.items.focus');
  await interlock('add', 'Prove it', '--id', ITEM, '--stage', 'testing');
});

function commitRules(text: string): void {
  writeFileSync(file(), text);
  const words = ['commit', '--quiet', '--message', 'Change the rules', '--', 'interlock.json'];
  execFileSync('git', words, { cwd: workspaceFolder() });
}

async function prove(): Promise<string> {
  await vscode.commands.executeCommand('interlock.proveGate');
  const status = JSON.parse(await interlock('status', '--json')) as { switches: { name: string; state: string }[] };
  return status.switches.find(({ name }) => name === 'gate-proof')?.state ?? 'never proven';
}

describe('Interlock: Prove the Gate', () => {
  it('leaves in the ledger that the gate of the sample sees', async () => {
    assert.equal(await prove(), 'sighted');
  });

  it('finds a gate blind that runs no test, and the window holds what wants to pass it', async () => {
    const config = JSON.parse(rules) as { test: object };
    const blind = { command: 'exit 0 # node --test', report: { format: 'none' }, floor: 'off' };
    commitRules(JSON.stringify({ ...config, test: { ...config.test, ...blind } }));
    assert.equal(await prove(), 'blind');
    await vscode.commands.executeCommand('interlock.advanceStage', ITEM);
    const rows = await eventually(
      () => drawn(api),
      (found) => found.some((row) => row.startsWith(ITEM) && row.includes('testing · held')),
    );
    assert.match(rows.find((row) => row.startsWith(ITEM)) ?? '', /stayed green/);
  });

  it('gives the gate back once it sees again', async () => {
    commitRules(rules);
    assert.equal(await prove(), 'sighted');
  });
});

describe('commands on an item that has nothing for them', () => {
  it('change nothing', async () => {
    const before = drawn(api);
    await vscode.commands.executeCommand('interlock.releaseLease', ITEM);
    await vscode.commands.executeCommand('interlock.acknowledgeFindings', ITEM);
    assert.deepEqual(drawn(api), before);
  });
});
