import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainHost, interlock } from '../../demo/command-line.mjs';
import { createSampleRepository } from '../../demo/sample-repository.mjs';
import { vsix } from '../../setup/package-extension.mjs';
import { answerModal, answerNotification, readModal, readNotification } from '../harness/dialogs';
import { keepFailedScreens } from '../harness/failed-screens';
import { answerInput, answerSecret, runCommand } from '../harness/quick-input';
import { StagingHost } from '../harness/staging-host';
import { startVsCode, type VsCode } from '../harness/start-vs-code';
import { clickRowAction, openContainer, setExpanded, waitForRow } from '../harness/tree';
import { panelFrame } from '../harness/webview';

const VIEW = 'Work Items';
const GREEN = /^GREEN-1 /;
const RED = /^RED-1 /;
const GONE = /^GONE-1 /;

let folder: string;
let repository: string;
let host: StagingHost;
let vscode: VsCode;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-staging-'));
  repository = createSampleRepository(join(folder, 'work'));
  host = await StagingHost.start(join(folder, 'host'));
  // Whoever starts the runner host first, terminal or window, gives it this environment.
  Object.assign(process.env, host.env);
  configure();
  for (const id of ['GREEN-1', 'RED-1', 'GONE-1']) await addTestable(id);
  // What is not looked at here need not be done by hand.
  for (const id of ['RED-1', 'GONE-1']) await interlock(repository, ['advance', id], { quiet: true });
  vscode = await startVsCode({
    workspace: repository,
    vsix,
    env: host.env,
    // Nobody but the test tries again.
    settings: { 'interlock.retryDeferred': false },
  });
  // A host that is not there is tried for a while before the item is deferred.
  vscode.page.setDefaultTimeout(60_000);
  await openContainer(vscode.page, 'Interlock');
});

keepFailedScreens(() => vscode.page);

afterAll(async () => {
  await vscode?.stop();
  await host?.stop();
  await drainHost(repository);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The stage deploy-staging on the host, with a single retry: what follows a spent budget need not be waited for. */
function configure(): void {
  const path = join(repository, 'interlock.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as object;
  const stages = ['development', 'testing', 'deploy-staging', 'merge', 'done'];
  writeFileSync(
    path,
    JSON.stringify({ ...config, stages, budgets: { infraRetries: 1 }, staging: host.config }, null, 2),
  );
  git('commit', '--quiet', '--message', 'Check on staging', '--', 'interlock.json');
}

/** An item at testing whose suite is green. */
async function addTestable(id: string): Promise<void> {
  const branch = `feature/${id}`;
  git('branch', branch, 'feature/DEMO-2-prices-with-vat');
  await interlock(repository, ['add', `Prices of ${id}`, '--id', id, '--branch', branch, '--stage', 'testing'], {
    quiet: true,
  });
}

const textOf = (frame: Frame, selector: string): Promise<string> => frame.locator(selector).first().innerText();

async function showReport(item: RegExp, selector: string): Promise<Frame> {
  await clickRowAction(vscode.page, VIEW, item, 'Open Report');
  return panelFrame(vscode.page, selector);
}

async function release(item: RegExp, words: string): Promise<void> {
  await answerNotification(vscode.page, words, 'Release');
  await answerInput(vscode.page, 'looked at it');
  await waitForRow(vscode.page, VIEW, item, 'deploy-staging · ready');
}

describe('an item on its way over a staging host', () => {
  it('goes from testing to deploy-staging, and is held there while the host key is not known', async () => {
    await clickRowAction(vscode.page, VIEW, GREEN, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, GREEN, 'deploy-staging · ready');
    await clickRowAction(vscode.page, VIEW, GREEN, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, GREEN, /deploy-staging · held/);
    const panel = await showReport(GREEN, '.strip.tone-infra');
    expect(await textOf(panel, '.strip strong')).toBe('HELD: INFRA');
    expect(await textOf(panel, '.facts')).toMatch(/Cause\s+the host key is not known yet \(needs a person\)/);
    expect(await textOf(panel, '.decided')).toContain('says nothing about the code');
  });

  it('has its host checked from the message: the fingerprint is for a person to compare', async () => {
    await answerNotification(vscode.page, 'is held at deploy-staging', 'Check Staging Host');
    const question = await readModal(vscode.page);
    expect(question).toContain(host.fingerprint);
    expect(question).toContain('ssh-ed25519');
    await answerModal(vscode.page, 'Trust This Key');
  });

  it('has its passphrase asked for until it is right, hidden, and written nowhere', async () => {
    await answerSecret(vscode.page, 'never this one 4711');
    await vscode.page.locator('.quick-input-widget:visible', { hasText: 'That was not it' }).waitFor();
    await answerSecret(vscode.page, StagingHost.passphrase);
    expect(await readNotification(vscode.page, 'is ready')).toContain('a run could start now');
    expect(holders(StagingHost.passphrase)).toEqual([]);
    expect(holders('never this one 4711')).toEqual([]);
  });

  it('has its passphrase forgotten by VS Code when a person says so; the runner host keeps it in memory', async () => {
    await runCommand(vscode.page, 'Interlock: Forget Staging Secrets');
    expect(await readNotification(vscode.page, 'forgotten')).toContain('One passphrase or password is forgotten');
    await runCommand(vscode.page, 'Interlock: Forget Staging Secrets');
    await readNotification(vscode.page, 'No passphrase or password of a staging host is kept');
  });

  it('keeps its run over a window reload: the log goes on, and the suite ran once', async () => {
    await release(GREEN, 'is ready');
    await clickRowAction(vscode.page, VIEW, GREEN, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, GREEN, 'deploy-staging · running');
    const before = await panelFrame(vscode.page, '.strip.tone-running');
    await before.locator('.log-line', { hasText: 'looking at the host' }).first().waitFor();
    const loaded = vscode.page.waitForEvent('load');
    await runCommand(vscode.page, 'Developer: Reload Window');
    await loaded;
    await openContainer(vscode.page, 'Interlock');
    await waitForRow(vscode.page, VIEW, GREEN, 'deploy-staging · running');
    const after = await panelFrame(vscode.page, '.strip.tone-running');
    await after.locator('.log-line', { hasText: 'looking at the host' }).first().waitFor();
    host.go(true);
    await waitForRow(vscode.page, VIEW, GREEN, 'merge · waiting');
    const panel = await panelFrame(vscode.page, '.strip.tone-pass');
    expect(await textOf(panel, '.strip strong')).toBe('SUCCESS');
    expect(await textOf(panel, '.decided')).toContain('Decided by exit code: 0');
    expect(await textOf(panel, '.counts p')).toContain('3 passed');
    const log = await textOf(panel, '#log');
    expect(log.match(/looking at the host/g)).toHaveLength(1);
    expect(log).toContain('3 checks, 0 failed');
    expect(await panel.locator('.checks').innerText()).toMatch(/Served commit\s+not proven/);
    expect(await panel.locator('.banner').count()).toBe(0);
  });

  it('has its log beside the verdict, and goes back on a red suite', async () => {
    host.spoilPrices(true);
    await clickRowAction(vscode.page, VIEW, RED, 'Advance Stage');
    expect(await readNotification(vscode.page, 'RED-1 failed deploy-staging')).toContain('2 of 3 checks failed');
    await waitForRow(vscode.page, VIEW, RED, 'development · FAIL');
    const panel = await showReport(RED, '.strip.tone-fail');
    expect(await textOf(panel, '.strip strong')).toBe('FAILED');
    expect(await panel.locator('article.failure h3').allInnerTexts()).toEqual([
      expect.stringContaining('every price has two decimals'),
      expect.stringContaining('no article is listed twice'),
    ]);
    await panel.locator('button', { hasText: 'Open 15-staging-log.md' }).click();
    await vscode.page.locator('.tab', { hasText: '15-staging-log.md' }).waitFor();
    host.spoilPrices(false);
  });

  it('is deferred when the host is gone, then held, and no code is blamed', async () => {
    await host.stop();
    await clickRowAction(vscode.page, VIEW, GONE, 'Advance Stage');
    expect(await readNotification(vscode.page, 'GONE-1 is deferred')).toContain('says nothing about its code');
    await waitForRow(vscode.page, VIEW, GONE, /deploy-staging · deferred, retry \d/);
    await clickRowAction(vscode.page, VIEW, GONE, 'Advance Stage');
    await readNotification(vscode.page, 'GONE-1 is held at deploy-staging');
    await waitForRow(vscode.page, VIEW, GONE, /deploy-staging · held/);
    const panel = await showReport(GONE, '.strip.tone-infra');
    expect(await textOf(panel, '.facts')).toContain('the host cannot be reached (may pass by itself)');
  });

  it('goes on once the host is back: checked, released and green', async () => {
    await host.restart();
    await answerNotification(vscode.page, 'GONE-1 is held at deploy-staging', 'Check Staging Host');
    await readNotification(vscode.page, 'is ready');
    await release(GONE, 'is ready');
    await clickRowAction(vscode.page, VIEW, GONE, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, GONE, 'merge · waiting');
    await setExpanded(vscode.page, VIEW, GONE, true);
    await waitForRow(vscode.page, VIEW, 'deploy-staging', 'PASS');
  });
});

describe('the Runners view', () => {
  it('shows the runner host, and the staging host as it stood when it was checked', async () => {
    await vscode.page.locator('.part.sidebar .pane-header[aria-label^="Runners"]').click();
    await waitForRow(vscode.page, 'Runners', 'Runner host', /process \d+/);
    await waitForRow(vscode.page, 'Runners', 'Staging host', /ready/);
    await setExpanded(vscode.page, 'Runners', 'Staging host', true);
    // Rows come in after their parent is open.
    await waitForRow(vscode.page, 'Runners', /^host key: known/);
    await waitForRow(vscode.page, 'Runners', /^login: /);
  });
});

/** Files of the repository and of VS Code that hold the text. The key itself is made with it, and does not hold it. */
function holders(text: string): string[] {
  const search = ['-rlaF', '--', text, join(folder, 'work'), vscode.dataFolder];
  try {
    return execFileSync('grep', search, { encoding: 'utf8' }).split('\n').filter(Boolean);
  } catch (error) {
    // 1: nothing found. Anything else is no answer.
    if (error instanceof Error && 'status' in error && error.status === 1) return [];
    throw error;
  }
}
