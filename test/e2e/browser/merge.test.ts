import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainHost, interlock } from '../../demo/command-line.mjs';
import { createSampleRepository } from '../../demo/sample-repository.mjs';
import { vsix } from '../../setup/package-extension.mjs';
import { answerModal, readModal, readNotification } from '../harness/dialogs';
import { keepFailedScreens } from '../harness/failed-screens';
import { answerInput } from '../harness/quick-input';
import { startVsCode, type VsCode } from '../harness/start-vs-code';
import { chooseFromMenu, clickRowAction, openContainer, readRows, setExpanded, waitForRow } from '../harness/tree';
import { panelFrame } from '../harness/webview';

const VIEW = 'Work Items';
const FIRST = /^DEMO-2 /;
const SECOND = /^DEMO-6 /;
const THIRD = /^DEMO-7 /;
const QUEUE = 'Merge queue';
const FILE = 'src/vat.js';
const LINE = 'Prices are in cents.';
const RATES = 'export const RATES = { full: 20, reduced: 10 };\n';

let folder: string;
let repository: string;
let vscode: VsCode;

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const onMain = (path: string): string => git(join(folder, 'origin.git'), 'show', `main:${path}`);
const worktree = (item: string): string => join(folder, 'shop.worktrees', item);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-merge-'));
  repository = createSampleRepository(folder, { merge: true });
  addSecondBranch();
  await add('DEMO-2', 'Show prices with VAT', 'feature/DEMO-2-prices-with-vat');
  await add('DEMO-6', 'List the VAT rates', 'feature/DEMO-6-vat-rates');
  // How an item comes to merge is looked at with the first one alone.
  await interlock(repository, ['advance', 'DEMO-6'], { quiet: true });
  vscode = await startVsCode({ workspace: repository, vsix });
  await openContainer(vscode.page, 'Interlock');
});

keepFailedScreens(() => vscode.page);

afterAll(async () => {
  await vscode?.stop();
  await drainHost(repository);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A second item that adds a file of the same name as the first one. */
function addSecondBranch(): void {
  git(repository, 'switch', '--quiet', '--create', 'feature/DEMO-6-vat-rates', 'main');
  writeFileSync(join(repository, FILE), RATES);
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message', 'List the VAT rates');
  git(repository, 'push', '--quiet', 'origin', 'feature/DEMO-6-vat-rates');
  git(repository, 'switch', '--quiet', 'main');
}

/** An item whose branch went on from main and took a line out of it while it merged: nobody meant to. */
async function addThirdItem(): Promise<void> {
  const branch = 'feature/DEMO-7-readme';
  const readme = join(repository, 'README.md');
  git(repository, 'fetch', '--quiet', 'origin');
  git(repository, 'switch', '--quiet', '--no-track', '--create', branch, 'origin/main');
  appendFileSync(readme, '\nThe shop sells lamps.\n');
  git(repository, 'commit', '--quiet', '--all', '--message', 'Say what is sold');
  const place = join(folder, 'other');
  git(folder, 'clone', '--quiet', 'origin.git', place);
  git(place, 'config', 'user.name', 'Ann');
  git(place, 'config', 'user.email', 'ann@example.com');
  writeFileSync(join(place, 'README.md'), `${LINE}\n\n${git(place, 'show', 'HEAD:README.md')}\n`);
  git(place, 'commit', '--quiet', '--all', '--message', 'Say what prices are in');
  git(place, 'push', '--quiet', 'origin', 'HEAD:main');
  git(repository, 'fetch', '--quiet', 'origin');
  git(repository, 'merge', '--quiet', '--no-edit', '--strategy', 'ours', 'origin/main');
  git(repository, 'switch', '--quiet', 'main');
  await add('DEMO-7', 'Say what is sold', branch);
  await interlock(repository, ['advance', 'DEMO-7'], { quiet: true });
}

async function add(id: string, title: string, branch: string): Promise<void> {
  await interlock(repository, ['add', title, '--id', id, '--branch', branch, '--stage', 'testing'], { quiet: true });
}

const textOf = (frame: Frame, selector: string): Promise<string> => frame.locator(selector).first().innerText();
const advance = (row: RegExp): Promise<void> => clickRowAction(vscode.page, VIEW, row, 'Advance Stage');

describe('an item on its way to main', () => {
  it('stands in the queue once its tests are green', async () => {
    await waitForRow(vscode.page, VIEW, QUEUE, 'main · 1 waiting');
    await advance(FIRST);
    await waitForRow(vscode.page, VIEW, FIRST, 'merge · ready');
    await waitForRow(vscode.page, VIEW, QUEUE, 'main · 2 waiting');
    await waitForRow(vscode.page, VIEW, 'DEMO-6', 'position 1');
    await waitForRow(vscode.page, VIEW, 'DEMO-2', 'position 2');
  });

  it('lands, and its report says what is on main and what was checked', async () => {
    await clickRowAction(vscode.page, VIEW, FIRST, 'Open Report');
    await panelFrame(vscode.page, '.strip.tone-pass :text("PASS")');
    await advance(FIRST);
    const panel = await panelFrame(vscode.page, '.strip :text("LANDED")', 30_000);
    const landed = git(join(folder, 'origin.git'), 'rev-parse', 'main');
    expect(await textOf(panel, '.strip .sentence')).toBe(`${landed.slice(0, 8)} is on main, read back from there.`);
    expect(await panel.locator('.check-agrees .check-label').allInnerTexts()).toEqual([
      'Candidate',
      'Nothing lost',
      'Markers',
      'Tests',
      'Remote',
    ]);
    expect(await textOf(panel, '.counts p')).toContain('passed');
    expect(onMain(FILE)).toContain('grossPrice');
    await waitForRow(vscode.page, VIEW, QUEUE, 'main · 1 waiting');
    const open = (await readRows(vscode.page, VIEW)).filter(({ label }) => FIRST.test(label));
    expect(open).toEqual([]);
    await panel.locator('button', { hasText: 'Verify Commit' }).click();
    expect(await readNotification(vscode.page, 'is what its receipt says')).toContain(landed.slice(0, 8));
  });

  it('goes back to development for a conflict, and the report shows both sides', async () => {
    await advance(SECOND);
    await waitForRow(vscode.page, VIEW, SECOND, 'development · FAIL');
    expect(await readNotification(vscode.page, 'is back at development')).toContain(FILE);
    const panel = await panelFrame(vscode.page, '.strip :text("CONFLICT")');
    expect(await textOf(panel, '#conflicts')).toMatch(/Files in conflict\s*1/);
    expect(await textOf(panel, 'article .path')).toBe(FILE);
    const hunk = await panel.locator('pre.hunk').allInnerTexts();
    expect(hunk.join('\n')).toContain('export const RATES');
    expect(hunk.join('\n')).toContain('export function grossPrice');
    expect(onMain(FILE)).not.toContain('RATES');
  });

  it('lands when a person has merged both sides', async () => {
    const place = worktree('DEMO-6');
    git(place, 'fetch', '--quiet', 'origin');
    expect(() => git(place, 'merge', '--quiet', 'origin/main')).toThrow();
    writeFileSync(join(place, FILE), `${RATES}\n${onMain(FILE)}\n`);
    git(place, 'add', '--all');
    git(place, 'commit', '--quiet', '--no-edit');
    await advance(SECOND);
    await answerModal(vscode.page, 'Move It On');
    await waitForRow(vscode.page, VIEW, SECOND, 'testing · ready');
    await advance(SECOND);
    await waitForRow(vscode.page, VIEW, SECOND, 'merge · ready');
    await advance(SECOND);
    await panelFrame(vscode.page, '.strip :text("LANDED")', 30_000);
    expect(onMain(FILE)).toContain('RATES');
    expect(onMain(FILE)).toContain('grossPrice');
    const branches = git(join(folder, 'origin.git'), 'branch', '--list', '--format=%(refname:short)', 'feature/*');
    expect(branches).toBe('feature/DEMO-1-volume-discount');
  });

  it('is cleaned up by its context menu, once it is said what goes and why nothing is lost', async () => {
    const head = git(repository, 'rev-parse', 'feature/DEMO-2-prices-with-vat');
    await setExpanded(vscode.page, VIEW, 'Done', true);
    await chooseFromMenu(vscode.page, VIEW, FIRST, 'Clean Up Item');
    const asked = await readModal(vscode.page);
    expect(asked).toContain(`Worktree: ${worktree('DEMO-2')}`);
    expect(asked).toContain('Branch: feature/DEMO-2-prices-with-vat');
    expect(asked).toContain('is in the history of origin/main');
    await answerModal(vscode.page, 'Remove Worktree and Branch');
    const said = await readNotification(vscode.page, 'DEMO-2 is cleaned up');
    expect(existsSync(worktree('DEMO-2'))).toBe(false);
    expect(git(repository, 'branch', '--list', 'feature/DEMO-2-*')).toBe('');
    const [, ref = ''] = /(refs\/interlock\/backup\/\S+)/.exec(said) ?? [];
    expect(git(repository, 'rev-parse', ref)).toBe(head);
    await setExpanded(vscode.page, VIEW, 'Done', false);
  });

  it('does not lose a line of main, unless a person says why it may go', async () => {
    await addThirdItem();
    await waitForRow(vscode.page, VIEW, THIRD, 'merge · ready');
    await advance(THIRD);
    await waitForRow(vscode.page, VIEW, THIRD, 'development · FAIL');
    const panel = await panelFrame(vscode.page, '.strip :text("WORK LOST")');
    const finding = panel.locator('article', { hasText: LINE });
    expect(await finding.locator('.path').innerText()).toBe('README.md');
    await finding.locator('button', { hasText: 'Waive' }).click();
    expect(await readModal(vscode.page)).toContain(LINE);
    await answerModal(vscode.page, 'Waive, with a Reason');
    await answerInput(vscode.page, 'said on the invoice now');
    await readNotification(vscode.page, 'may pass');
  });
});
