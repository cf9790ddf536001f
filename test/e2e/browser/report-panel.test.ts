import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drainHost, interlock } from '../../demo/command-line.mjs';
import { createSampleRepository } from '../../demo/sample-repository.mjs';
import { vsix } from '../../setup/package-extension.mjs';
import { addHeldItem, HELD_ITEM } from '../harness/held-item';
import { runCommand } from '../harness/quick-input';
import { startVsCode, type VsCode } from '../harness/start-vs-code';
import type { Theme } from '../harness/theme';
import { chooseFromMenu, clickRowAction, openContainer, waitForRow } from '../harness/tree';
import { panelFrame } from '../harness/webview';

const VIEW = 'Work Items';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let folder: string;
let repository: string;
let vscode: VsCode;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-panel-'));
  repository = createSampleRepository(folder);
  await addHeldItem(repository);
  hostileBranch();
  endlessBranch();
  for (const [id, branch] of [
    ['EVIL-1', 'feature/evil'],
    ['LONG-1', 'feature/long'],
  ] as const) {
    await interlock(repository, ['add', `Item ${id}`, '--id', id, '--branch', branch], { quiet: true });
    await interlock(repository, ['release', id], { quiet: true });
  }
  for (const id of ['EVIL-1', HELD_ITEM]) await interlock(repository, ['advance', id], { quiet: true });
  vscode = await startVsCode({ workspace: repository, vsix });
  await openContainer(vscode.page, 'Interlock');
});

afterAll(async () => {
  await vscode?.stop();
  await drainHost(repository);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** A branch whose `npm test` is the given program. */
function branchWithSuite(branch: string, program: string): void {
  git('switch', '--quiet', '--create', branch, 'main');
  writeFileSync(join(repository, 'suite.mjs'), program);
  writeFileSync(
    join(repository, 'package.json'),
    JSON.stringify({ type: 'module', scripts: { test: `node suite.mjs ${basename(folder)}` } }),
  );
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Change the suite');
  git('switch', '--quiet', 'main');
}

/** Test names, messages and output that would run, load or lead somewhere if they were taken for anything but text. */
function hostileBranch(): void {
  const markup = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
  const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const failing = Array.from({ length: 7 }, (_, index) => {
    const name = index === 0 ? markup : `case ${index}`;
    return `<testcase classname="suite" name="${xml(name)}" file="suite.mjs" line="${index + 1}"><failure message="${xml(markup)}">${xml(
      `at /etc/passwd.js:1:1\nat ../../outside.js:2:2\nat ${join(folder, 'shop.worktrees', 'EVIL-1', 'suite.mjs')}:3:1\n${markup}`,
    )}</failure></testcase>`;
  }).join('');
  const report = `<testsuites><testsuite name="suite" tests="8" failures="7" errors="0" skipped="0">${failing}<testcase classname="suite" name="fine"/></testsuite></testsuites>`;
  branchWithSuite(
    'feature/evil',
    `import { writeFileSync } from 'node:fs';
    writeFileSync('junit.xml', ${JSON.stringify(report)});
    process.stdout.write(${JSON.stringify(`\u001b[31mred\u001b[0m ${markup}\u001b]8;;command:workbench.action.quit\u0007link\u001b]8;;\u0007\n`)});
    process.exitCode = 1;`,
  );
}

/** A suite that never ends by itself. */
function endlessBranch(): void {
  branchWithSuite('feature/long', `console.log('no end'); setInterval(() => {}, 1000);`);
}

/** What axe has against a panel, its log included. */
async function axeProblems(panel: Frame): Promise<string[]> {
  await panel.locator('.log-line').first().waitFor();
  await panel.evaluate(axe);
  const { violations } = await panel.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: { run(root: Element): Promise<AxeResults> } };
    return checker.run(document.body);
  });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join('\n')}`,
  );
}

async function openReport(item: string): Promise<Frame> {
  await clickRowAction(vscode.page, VIEW, new RegExp(`^${item}`), 'Open Report');
  return panelFrame(vscode.page, `.head:has-text("${item}")`);
}

describe('text of the suite in the panel', () => {
  it('stays text: nothing of it runs, loads or leads out of the worktree', async () => {
    const panel = await openReport('EVIL-1');
    await panel.locator('.log-line').first().waitFor();
    expect(await panel.locator('article.failure h3').first().innerText()).toContain('<img src=x onerror=');
    expect(await panel.locator('.log-line', { hasText: '<script>' }).count()).toBe(1);
    expect(await panel.locator('img, main script, a').count()).toBe(0);
    expect(await panel.title()).not.toBe('taken');
    expect(await panel.locator('.log-line .fg-red').first().innerText()).toBe('red');
    const links = await panel.locator('article.failure details button.link').allTextContents();
    expect(new Set(links)).toEqual(new Set([expect.stringMatching(/EVIL-1\/suite\.mjs:3:1$/)]));
  });

  it('cannot load anything from elsewhere, whatever a script tried', async () => {
    const panel = await panelFrame(vscode.page, '.strip');
    const outcome = await panel.evaluate(async () => {
      const refused: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken"';
      document.body.append(script);
      const style = document.createElement('div');
      style.innerHTML = '<p style="color: red">x</p>';
      document.body.append(style);
      await fetch('https://example.invalid/').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 100));
      style.remove();
      script.remove();
      return { refused, title: document.title };
    });
    expect(outcome.title).not.toBe('taken');
    expect(outcome.refused).toEqual(expect.arrayContaining(['script-src-elem', 'style-src-attr', 'connect-src']));
  });

  it('opens a place in the worktree beside it', async () => {
    const panel = await panelFrame(vscode.page, '.strip');
    await panel.locator('article.failure details button.link').first().click();
    await vscode.page.locator('.tab', { hasText: 'suite.mjs' }).waitFor();
    await vscode.page.locator('.tab', { hasText: 'Report EVIL-1' }).click();
  });
});

describe('the panel without a mouse and in every theme', () => {
  it('goes from failure to failure with j and k, and opens one with Enter', async () => {
    const panel = await panelFrame(vscode.page, '.strip');
    await panel.locator('h1').click();
    const at = () =>
      panel.evaluate(() =>
        [...document.querySelectorAll('article.failure')].indexOf(document.activeElement as HTMLElement),
      );
    await vscode.page.keyboard.press('j');
    expect(await at()).toBe(0);
    await vscode.page.keyboard.press('j');
    await vscode.page.keyboard.press('j');
    expect(await at()).toBe(2);
    await vscode.page.keyboard.press('k');
    expect(await at()).toBe(1);
    await vscode.page.keyboard.press('Enter');
    await vscode.page.locator('.statusbar-item', { hasText: /Ln 2,/ }).waitFor();
    await vscode.page.locator('.tab', { hasText: 'Report EVIL-1' }).click();
  });

  it('filters failures, and says when none is left', async () => {
    const panel = await panelFrame(vscode.page, '.strip');
    await panel.locator('input.filter').fill('case 3');
    expect(await panel.locator('article.failure').count()).toBe(1);
    await panel.locator('input.filter').fill('nothing like it');
    expect(await panel.locator('section', { has: panel.locator('#failures') }).innerText()).toContain(
      'No failure matches',
    );
    await panel.locator('input.filter').fill('');
    expect(await panel.locator('article.failure').count()).toBe(7);
  });

  it.each<Theme>(['dark', 'light', 'high-contrast'])(
    'has no accessibility problem that axe knows: %s',
    async (theme) => {
      await vscode.setTheme(theme);
      await openContainer(vscode.page, 'Interlock');
      expect(await axeProblems(await openReport('EVIL-1'))).toEqual([]);
      const held = await openReport(HELD_ITEM);
      await held.locator('.evidence details[open]').waitFor();
      await held.locator('.bite').waitFor();
      expect(await axeProblems(held)).toEqual([]);
    },
  );
});

describe('a run that does not end', () => {
  it('is cancelled, and called dead only when it is', async () => {
    await clickRowAction(vscode.page, VIEW, /^LONG-1/, 'Advance Stage');
    await waitForRow(vscode.page, VIEW, /^LONG-1/, 'testing · running');
    const panel = await openReport('LONG-1');
    await panel.locator('.log-line', { hasText: 'no end' }).first().waitFor();
    await chooseFromMenu(vscode.page, VIEW, /^LONG-1/, 'Cancel Run');
    // A busy machine needs its time until it has proven that every process is gone.
    const told = vscode.page.locator('.notification-list-item', { hasText: 'every process of it is dead' });
    await told.first().waitFor({ timeout: 90_000 });
    expect(survivors()).toEqual([]);
    await waitForRow(vscode.page, VIEW, /^LONG-1/, 'testing · ready');
    const cancelled = await panelFrame(vscode.page, '.strip.tone-none');
    expect(await cancelled.locator('.strip strong').innerText()).toBe('CANCELLED');
  });

  it('is cancelled from the message that the palette leaves', async () => {
    await runCommand(vscode.page, 'Interlock: Advance Stage');
    const shown = vscode.page.locator('.notification-list-item', { hasText: 'advancing LONG-1' });
    await waitForRow(vscode.page, VIEW, /^LONG-1/, 'testing · running');
    await shown.hover();
    await shown.getByRole('button', { name: 'Cancel', exact: true }).click();
    await waitForRow(vscode.page, VIEW, /^LONG-1/, 'testing · ready');
    expect(survivors()).toEqual([]);
    await vscode.page.locator('.notification-list-item', { hasText: 'every process of it is dead' }).first().waitFor();
  });
});

/** Command lines of processes that still run a suite of this test, and of no other one on the machine. */
function survivors(): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  return all.filter((line) => line.includes(`suite.mjs ${basename(folder)}`));
}
