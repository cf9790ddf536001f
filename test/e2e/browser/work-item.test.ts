import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainHost } from '../../demo/command-line.mjs';
import { createSampleRepository } from '../../demo/sample-repository.mjs';
import { vsix } from '../../setup/package-extension.mjs';
import { answerModal, answerNotification, readModal, readNotification, visibleNotifications } from '../harness/dialogs';
import { keepFailedScreens } from '../harness/failed-screens';
import { answerInput, readChoices, runCommand, choose } from '../harness/quick-input';
import { startVsCode, type VsCode } from '../harness/start-vs-code';
import { clickRowAction, openContainer, readRows, setExpanded, waitForRow } from '../harness/tree';
import { panelFrame } from '../harness/webview';

const VIEW = 'Work Items';
const ITEM = /^DEMO-1 /;
const SLOW = /^SLOW-1 /;

let folder: string;
let repository: string;
let vscode: VsCode;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-e2e-'));
  repository = createSampleRepository(folder);
  addBranchThatWaits();
  vscode = await startVsCode({ workspace: repository, vsix });
  await openContainer(vscode.page, 'Interlock');
});

keepFailedScreens(() => vscode.page);

afterAll(async () => {
  await vscode?.stop();
  await drainHost(repository);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A branch whose suite prints a line and then waits until the file `go` is there. */
function addBranchThatWaits(): void {
  git(repository, 'switch', '--quiet', '--create', 'feature/slow', 'main');
  const test = `
    import { existsSync } from 'node:fs';
    import { it } from 'node:test';
    import { setTimeout as sleep } from 'node:timers/promises';
    it('waits for its sign', async () => {
      console.log('waiting for the sign');
      while (!existsSync(${JSON.stringify(join(folder, 'go'))})) await sleep(50);
    });
  `;
  writeFileSync(join(repository, 'test', 'slow.test.js'), test);
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message', 'Wait for a sign');
  git(repository, 'switch', '--quiet', 'main');
}

const worktree = (item: string): string => join(folder, 'shop.worktrees', item);

async function add(title: string, id: string, branch: string): Promise<void> {
  await runCommand(vscode.page, 'Interlock: Add Work Item');
  for (const [index, answer] of [title, id, branch].entries()) {
    // One box follows the other: an answer must not land in the one before.
    await vscode.page.locator('.quick-input-title', { hasText: `(${index + 1}/3)` }).waitFor();
    await answerInput(vscode.page, answer);
  }
}

/** Moves an item on from development, as its person's decision. */
async function moveOn(row: RegExp): Promise<string> {
  await clickRowAction(vscode.page, VIEW, row, 'Advance Stage');
  const question = await readModal(vscode.page);
  await answerModal(vscode.page, 'Move It On');
  await waitForRow(vscode.page, VIEW, row, 'testing · ready');
  return question;
}

const textOf = (frame: Frame, selector: string): Promise<string> => frame.locator(selector).first().innerText();

describe('a work item in a real VS Code', () => {
  it('is added from the palette, with a branch and a worktree', async () => {
    await add('Volume discount', 'DEMO-1', 'feature/DEMO-1-volume-discount');
    await waitForRow(vscode.page, VIEW, ITEM, 'development · waiting');
    expect(git(worktree('DEMO-1'), 'branch', '--show-current').trim()).toBe('feature/DEMO-1-volume-discount');
  });

  it('is moved on from a stage without an exit code only as a person’s decision', async () => {
    const question = await moveOn(ITEM);
    expect(question).toContain('No exit code decides development');
    await setExpanded(vscode.page, VIEW, ITEM, true);
    await waitForRow(vscode.page, VIEW, 'development', 'moved on by person:Interlock Demo');
  });

  it('goes back on a red run, and the panel names the failing test', async () => {
    await clickRowAction(vscode.page, VIEW, ITEM, 'Advance Stage');
    expect(await readNotification(vscode.page, 'failed testing')).toContain('1 of 10 tests failed');
    await waitForRow(vscode.page, VIEW, ITEM, 'development · FAIL');
    await waitForRow(vscode.page, VIEW, 'testing', 'FAIL');
    const panel = await panelFrame(vscode.page, '.strip');
    expect(await textOf(panel, '.strip strong')).toBe('FAIL');
    expect(await textOf(panel, '.decided')).toContain('Decided by exit code: 1');
    expect(await textOf(panel, 'article.failure h3')).toContain('gives 5 percent from ten pieces on');
    expect(await textOf(panel, 'article.failure .comparison')).toMatch(/Expected\s+5\s+Actual\s+0/);
    expect(await textOf(panel, '#log')).toContain('gives 5 percent from ten pieces on');
    expect(await panel.locator('.check-disagrees').count()).toBe(0);
    await answerNotification(vscode.page, 'failed testing', 'Show Log');
    await vscode.page.locator('.tab', { hasText: /DEMO-1 r.*\.log/ }).waitFor();
    await vscode.page.locator('.tab', { hasText: 'Report DEMO-1' }).click();
  });

  it('shows a report as stale once its branch has moved on', async () => {
    const file = join(worktree('DEMO-1'), 'src', 'discount.js');
    writeFileSync(file, readFileSync(file, 'utf8').replace('> 50', '>= 50').replace('> 10', '>= 10'));
    git(worktree('DEMO-1'), 'commit', '--quiet', '--all', '--message', 'Count the bounds in');
    const panel = await panelFrame(vscode.page, '.warnings');
    expect(await textOf(panel, '.warnings')).toContain('Stale');
  });

  it('passes when it is fixed, without a notification', async () => {
    await moveOn(ITEM);
    await clickRowAction(vscode.page, VIEW, ITEM, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, ITEM, 'merge · waiting');
    const panel = await panelFrame(vscode.page, '.strip.tone-pass');
    expect(await textOf(panel, '.strip strong')).toBe('PASS');
    expect(await textOf(panel, '.counts p')).toContain('10 passed');
    expect(await panel.locator('.attempts .chip').allInnerTexts()).toEqual([
      expect.stringContaining('FAIL'),
      expect.stringContaining('PASS'),
    ]);
    const spoken = (await visibleNotifications(vscode.page)).filter((text) => text.includes('DEMO-1'));
    expect(spoken.filter((text) => !text.includes('failed testing'))).toEqual([]);
    expect(await panel.locator('#status').textContent()).toContain('PASS');
  });

  it('can be chosen from the palette, with stage and reason', async () => {
    await add('Wait for a sign', 'SLOW-1', 'feature/slow');
    await moveOn(SLOW);
    await vscode.page.keyboard.press('Escape');
    await closeEditors();
    await openContainer(vscode.page, 'Explorer');
    await runCommand(vscode.page, 'Interlock: Advance Stage');
    const choices = await readChoices(vscode.page);
    expect(choices.map(({ description }) => description)).toEqual(expect.arrayContaining(['testing', 'merge']));
    const slow = choices.find(({ label }) => label.includes('SLOW-1'));
    expect(slow?.detail).toContain('moved on by person:Interlock Demo');
    await choose(vscode.page, slow?.label ?? '');
    await openContainer(vscode.page, 'Interlock');
    await waitForRow(vscode.page, VIEW, SLOW, 'testing · running');
  });

  it('streams its output into the panel while it runs', async () => {
    await clickRowAction(vscode.page, VIEW, SLOW, 'Open Report');
    const panel = await panelFrame(vscode.page, '.strip.tone-running');
    await panel.locator('.log-line', { hasText: 'waiting for the sign' }).first().waitFor();
  });

  it('keeps its run over a window reload and still gets its verdict', async () => {
    // The command and not the browser's own reload: VS Code then keeps its open editors for certain.
    const loaded = vscode.page.waitForEvent('load');
    await runCommand(vscode.page, 'Developer: Reload Window');
    await loaded;
    await openContainer(vscode.page, 'Interlock');
    await waitForRow(vscode.page, VIEW, SLOW, 'testing · running');
    const running = await panelFrame(vscode.page, '.strip.tone-running');
    await running.locator('.log-line', { hasText: 'waiting for the sign' }).first().waitFor();
    writeFileSync(join(folder, 'go'), '');
    await waitForRow(vscode.page, VIEW, SLOW, 'merge · waiting');
    const passed = await panelFrame(vscode.page, '.strip.tone-pass');
    expect(await textOf(passed, '.strip strong')).toBe('PASS');
    await setExpanded(vscode.page, VIEW, SLOW, true);
    await waitForRow(vscode.page, VIEW, 'testing', 'PASS');
    const runs = (await readRows(vscode.page, VIEW)).filter(({ label }) => label.startsWith('Run '));
    expect(runs.map(({ description }) => description)).toEqual([expect.stringMatching(/^PASS · 6 passed/)]);
  });
});

async function closeEditors(): Promise<void> {
  await runCommand(vscode.page, 'View: Close All Editors');
}
