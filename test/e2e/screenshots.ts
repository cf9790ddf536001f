import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { drainHost, interlock } from '../demo/command-line.mjs';
import { createSampleRepository, SAMPLE_ITEMS } from '../demo/sample-repository.mjs';
import { vsix } from '../setup/package-extension.mjs';
import { root } from '../setup/step.mjs';
import { addHeldItem, HELD_ITEM } from './harness/held-item';
import { runCommand } from './harness/quick-input';
import { startVsCode } from './harness/start-vs-code';
import type { Theme } from './harness/theme';
import { clickRowAction, openContainer, setExpanded, waitForRow } from './harness/tree';
import { panelFrame } from './harness/webview';

const IMAGES = join(root, 'docs', 'images');
const VIEW = 'Work Items';
const THEMES: readonly Theme[] = ['light', 'dark', 'high-contrast'];
const RED = /^DEMO-1 /;
const GREEN = /^DEMO-2 /;
const HELD = new RegExp(`^${HELD_ITEM} `);

/** The items of the sample, tested: one red and back in development, one green and at merge, one green and held for its findings. */
async function testedSample(folder: string): Promise<string> {
  const repository = createSampleRepository(folder);
  for (const { id, title, branch, verdict } of SAMPLE_ITEMS) {
    await interlock(repository, ['add', title, '--id', id, '--branch', branch, '--stage', 'testing'], { quiet: true });
    const { answer } = await interlock(repository, ['advance', id], { quiet: true });
    if (answer.verdict !== verdict)
      throw new Error(`${id} is ${answer.verdict}, not ${verdict}: ${answer.reason?.text}`);
  }
  await addHeldItem(repository);
  const { answer } = await interlock(repository, ['advance', HELD_ITEM], { quiet: true });
  if (answer.reason?.code !== 'findings') throw new Error(`${HELD_ITEM} is not held: ${answer.reason?.text}`);
  return repository;
}

const CHECKED = /^DEMO-2 /;
const FAILED = /^DEMO-5 /;

/** The sample with a staging host: one item green there, one red with a check that may fail. */
async function stagedSample(folder: string): Promise<string> {
  const repository = createSampleRepository(folder, { staging: true });
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repository, stdio: 'ignore' });
  const path = join(repository, 'interlock.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { staging: object };
  const waivers = [
    { check: 'no article is listed twice', reason: 'the shop merges twins', reference: 'DEMO-4', until: '2099-12-31' },
  ];
  writeFileSync(path, JSON.stringify({ ...config, staging: { ...config.staging, waivers } }, null, 2));
  git('commit', '--quiet', '--all', '--message', 'Waive twins');
  git('branch', 'feature/DEMO-5-more-articles', 'feature/DEMO-2-prices-with-vat');
  for (const [id, title, branch] of [
    ['DEMO-2', 'Show prices with VAT', 'feature/DEMO-2-prices-with-vat'],
    ['DEMO-5', 'List more articles', 'feature/DEMO-5-more-articles'],
  ] as const) {
    await interlock(repository, ['add', title, '--id', id, '--branch', branch, '--stage', 'testing'], { quiet: true });
    if (id === 'DEMO-5') appendFileSync(join(folder, 'shop-staging', 'prices.txt'), 'lamp 3\n');
    for (const wanted of ['PASS', id === 'DEMO-2' ? 'PASS' : 'FAIL']) {
      const { answer } = await interlock(repository, ['advance', id], { quiet: true });
      if (answer.verdict !== wanted) throw new Error(`${id} is ${answer.verdict}: ${answer.reason?.text}`);
    }
  }
  return repository;
}

const CONFLICT = /^DEMO-6 /;

/** The sample with the merge gate: one item landed, one back for a conflict, two waiting. */
async function landedSample(folder: string): Promise<string> {
  const repository = createSampleRepository(folder, { merge: true });
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, stdio: 'ignore' });
  const file = join(repository, 'src', 'vat.js');
  const branch = (name: string, change: () => void) => {
    git(repository, 'switch', '--quiet', '--create', name, 'main');
    change();
    git(repository, 'add', '--all');
    git(repository, 'commit', '--quiet', '--message', `Work on ${name}`);
    git(repository, 'switch', '--quiet', 'main');
  };
  branch('feature/DEMO-6-vat-rates', () => writeFileSync(file, 'export const RATES = { full: 20, reduced: 10 };\n'));
  branch('feature/DEMO-7-readme', () => appendFileSync(join(repository, 'README.md'), '\nPrices are in cents.\n'));
  branch('feature/DEMO-9-licence', () => writeFileSync(join(repository, 'LICENSE'), 'Nobody may copy this shop.\n'));
  const step = async (id: string, wanted: string) => {
    const { answer } = await interlock(repository, ['advance', id], { quiet: true });
    if (answer.to !== wanted) throw new Error(`${id} is at ${answer.to}: ${answer.reason?.text}`);
  };
  for (const [id, title, name] of [
    ['DEMO-2', 'Show prices with VAT', 'feature/DEMO-2-prices-with-vat'],
    ['DEMO-6', 'List the VAT rates', 'feature/DEMO-6-vat-rates'],
    ['DEMO-7', 'Say what prices are in', 'feature/DEMO-7-readme'],
    ['DEMO-9', 'Add a licence', 'feature/DEMO-9-licence'],
  ] as const) {
    await interlock(repository, ['add', title, '--id', id, '--branch', name, '--stage', 'testing'], { quiet: true });
    await step(id, 'merge');
  }
  await step('DEMO-2', 'done');
  await step('DEMO-6', 'development');
  return repository;
}

/** The reports of the merge gate, and the queue in the tree. */
async function takeMergePictures(page: Page, picture: (name: string) => string): Promise<void> {
  await openContainer(page, 'Interlock');
  await widenSidebar(page, 120);
  await waitForRow(page, VIEW, 'Merge queue', /2 waiting/);
  await waitForRow(page, VIEW, CONFLICT, /FAIL/);
  await openReport(page, CONFLICT, 'CONFLICT');
  await page.screenshot({ path: picture('merge-conflict') });
  await pictureOfTree(page, picture('merge-queue'));
  await runCommand(page, 'View: Close All Editors');
  await setExpanded(page, VIEW, 'Done', true);
  await openReport(page, GREEN, 'LANDED');
  await page.screenshot({ path: picture('merge-landed') });
  await runCommand(page, 'View: Close All Editors');
}

/** Gives the tree the room that a user would give it. */
async function widenSidebar(page: Page, pixels: number): Promise<void> {
  const edge = await page.locator('.part.sidebar').boundingBox();
  if (edge === null) throw new Error('The sidebar is not there.');
  const [x, y] = [edge.x + edge.width, edge.y + edge.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + pixels, y, { steps: 5 });
  await page.mouse.up();
}

/** Opens an item's report and resolves when it is drawn to the last icon, with no hover on the screen. */
async function openReport(page: Page, item: RegExp, verdict: string): Promise<void> {
  await clickRowAction(page, VIEW, item, 'Open Report');
  await page.mouse.move(5, 5);
  const frame = await panelFrame(page, `.strip :text("${verdict}")`);
  await frame.waitForFunction(() => document.fonts.status === 'loaded' && document.fonts.check('16px codicon'));
  await page.locator('.workbench-hover-container:visible').waitFor({ state: 'detached' });
}

/** The part of the side bar that the tree fills. */
async function pictureOfTree(page: Page, path: string): Promise<void> {
  const sidebar = await page.locator('.part.sidebar').boundingBox();
  const last = await page.locator('.part.sidebar .monaco-list-row').last().boundingBox();
  if (sidebar === null || last === null) throw new Error('The tree is not there.');
  const height = last.y + last.height + 16 - sidebar.y;
  await page.screenshot({ path, clip: { x: sidebar.x, y: sidebar.y, width: sidebar.width, height } });
}

/** The reports of the runs on the staging host, and the Runners view below the tree. */
async function takeStagingPictures(page: Page, picture: (name: string) => string): Promise<void> {
  await openContainer(page, 'Interlock');
  await widenSidebar(page, 120);
  await page.locator('.part.sidebar .pane-header[aria-label^="Runners"]').click();
  await waitForRow(page, 'Runners', 'Staging host', /ready/);
  await setExpanded(page, 'Runners', 'Staging host', true);
  for (const [item, verdict, name] of [
    [CHECKED, 'SUCCESS', 'staging-green'],
    [FAILED, 'FAILED', 'staging-red'],
  ] as const) {
    await openReport(page, item, verdict);
    await page.screenshot({ path: picture(name) });
    await runCommand(page, 'View: Close All Editors');
  }
}

interface Samples {
  workspace: string;
  staged: string;
  landed: string;
}

async function takePictures({ workspace, staged, landed }: Samples, theme: Theme): Promise<void> {
  const vscode = await startVsCode({ workspace, vsix, theme, size: { width: 1360, height: 860 } });
  const { page } = vscode;
  const picture = (name: string) => join(IMAGES, `${name}-${theme}.png`);
  try {
    await openContainer(page, 'Interlock');
    await widenSidebar(page, 120);
    for (const item of [GREEN, RED]) {
      await waitForRow(page, VIEW, item);
      await setExpanded(page, VIEW, item, true);
    }
    await waitForRow(page, VIEW, 'Run 1', /PASS/);
    await waitForRow(page, VIEW, 'Run 1', /FAIL/);
    await openReport(page, RED, 'FAIL');
    await page.screenshot({ path: picture('report-red') });
    await pictureOfTree(page, picture('tree'));
    await runCommand(page, 'View: Close All Editors');
    await openReport(page, GREEN, 'PASS');
    await page.screenshot({ path: picture('report-green') });
    if (theme === 'dark') {
      await runCommand(page, 'View: Close All Editors');
      await openReport(page, HELD, 'PASS');
      await page.screenshot({ path: picture('report-held') });
    }
    await page.close();
    const second = await vscode.newWindow(staged);
    await takeStagingPictures(second, picture);
    await second.close();
    await takeMergePictures(await vscode.newWindow(landed), picture);
  } finally {
    await vscode.stop();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'interlock-pictures-'));
mkdirSync(IMAGES, { recursive: true });
const workspace = await testedSample(join(folder, 'tested'));
const staged = await stagedSample(join(folder, 'staged'));
const landed = await landedSample(join(folder, 'landed'));
try {
  for (const theme of THEMES) {
    await takePictures({ workspace, staged, landed }, theme);
    console.log(`Pictures in ${theme} taken.`);
  }
} finally {
  await drainHost(workspace);
  await drainHost(staged);
  await drainHost(landed);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
