import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainHost, interlock } from '../../demo/command-line.mjs';
import { createSampleRepository } from '../../demo/sample-repository.mjs';
import { vsix } from '../../setup/package-extension.mjs';
import { answerModal, answerNotification, readModal, readNotification } from '../harness/dialogs';
import { keepFailedScreens } from '../harness/failed-screens';
import { addHeldItem, configureTests, HELD_ITEM } from '../harness/held-item';
import { leaseHolder, type LeaseHolder } from '../harness/lease-holder';
import { answerInput, runCommand } from '../harness/quick-input';
import { startVsCode, type VsCode } from '../harness/start-vs-code';
import { chooseFromMenu, clickRowAction, openContainer, readRows, waitForRow } from '../harness/tree';
import { panelFrame } from '../harness/webview';

const VIEW = 'Work Items';
const HELD = new RegExp(`^${HELD_ITEM} `);
const LEASED = /^DEMO-2 /;

let folder: string;
let repository: string;
let vscode: VsCode;
let holder: LeaseHolder | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-gates-'));
  repository = createSampleRepository(folder);
  await addHeldItem(repository);
  const leased = ['add', 'Show prices with VAT', '--id', 'DEMO-2', '--branch', 'feature/DEMO-2-prices-with-vat'];
  await interlock(repository, [...leased, '--stage', 'testing'], { quiet: true });
  vscode = await startVsCode({ workspace: repository, vsix });
  await openContainer(vscode.page, 'Interlock');
});

keepFailedScreens(() => vscode.page);

afterAll(async () => {
  await holder?.kill();
  await vscode?.stop();
  await drainHost(repository);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('a green item that changed how its tests are run', () => {
  it('is held, and its report names the change and the four cells of the bite matrix', async () => {
    await clickRowAction(vscode.page, VIEW, HELD, 'Advance Stage');
    const said = await readNotification(vscode.page, 'package.json');
    expect(said).toContain('"Interlock: Acknowledge Findings"');
    expect(said).not.toContain('interlock acknowledge');
    await waitForRow(vscode.page, VIEW, HELD, /testing · held/);
    const panel = await panelFrame(vscode.page, '.strip.tone-pass');
    expect(await panel.locator('.warnings').innerText()).toContain('Held: The suite is green');
    const findings = panel.locator('.evidence details[open]', { hasText: 'Findings' });
    expect(await findings.locator('li').first().innerText()).toContain('package.json');
    const cells = await panel.locator('.bite tbody td').allInnerTexts();
    expect(cells.map((text) => text.trim().split(/\s+/)[0])).toEqual(['green', 'green', 'red', 'green']);
  });

  it('goes on when its person has acknowledged what was shown, and is not run again', async () => {
    await answerNotification(vscode.page, 'package.json', 'Acknowledge');
    expect(await readModal(vscode.page)).toMatch(/changed one place by which it is judged[^]*package\.json/);
    await answerModal(vscode.page, 'Cancel');
    await waitForRow(vscode.page, VIEW, HELD, /testing · held/);
    await chooseFromMenu(vscode.page, VIEW, HELD, 'Acknowledge Findings');
    await readModal(vscode.page);
    await answerModal(vscode.page, 'Acknowledge');
    await waitForRow(vscode.page, VIEW, HELD, 'testing · ready');
    await clickRowAction(vscode.page, VIEW, HELD, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, HELD, 'merge · waiting');
    const panel = await panelFrame(vscode.page, '.strip.tone-pass');
    expect(await panel.locator('.attempts .chip').count()).toBe(0);
  });
});

describe('a lease', () => {
  it('of a living process is not for the taking', async () => {
    holder = await leaseHolder(repository, 'DEMO-2');
    await chooseFromMenu(vscode.page, VIEW, LEASED, 'Release Lease');
    expect(await readModal(vscode.page)).toMatch(new RegExp(`process is alive[^]*process ${holder.pid} on`));
    const buttons = vscode.page.locator('.monaco-dialog-box .dialog-buttons .monaco-button');
    expect(await buttons.allInnerTexts()).toEqual(['OK']);
    await answerModal(vscode.page, 'OK');
  });

  it('of a dead one is released by a person, with a reason for the history', async () => {
    await holder?.kill();
    await chooseFromMenu(vscode.page, VIEW, LEASED, 'Release Lease');
    expect(await readModal(vscode.page)).toContain('belongs to a process that is gone');
    await answerModal(vscode.page, 'Release Lease');
    await answerInput(vscode.page, 'killed by hand');
    expect(await readNotification(vscode.page, 'is released')).toContain('The lease of DEMO-2 is released');
    const { answer } = await interlock(repository, ['log', 'DEMO-2'], { quiet: true });
    expect(JSON.stringify(answer)).toMatch(/lease-broken.*cli:bob.*person:Interlock Demo.*killed by hand/);
    await runCommand(vscode.page, 'View: Close All Editors');
    await runCommand(vscode.page, 'Interlock: Release Lease');
    await readNotification(vscode.page, 'No work item fits this command now');
  });
});

describe('a gate', () => {
  const proof = async (words: string): Promise<string> => {
    await runCommand(vscode.page, 'Interlock: Prove the Gate');
    return readNotification(vscode.page, words);
  };

  it('that sees is said to see', async () => {
    expect(await proof('goes red when it must')).toContain('shop: the gate goes red when it must. The report names');
  });

  it('that is blind is an error, and lets no item pass until it sees again', async () => {
    configureTests(repository, { command: 'exit 0 # node --test', report: { format: 'none' }, floor: 'off' });
    expect(await proof('BLIND')).toContain('"Interlock: Prove the Gate"');
    await clickRowAction(vscode.page, VIEW, LEASED, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, LEASED, /testing · held/);
    const rows = await readRows(vscode.page, VIEW);
    expect(rows.find(({ label }) => LEASED.test(label))?.description).toContain('stayed green');
  });
});
