import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interlock } from '../../demo/command-line.mjs';
import { createSampleRepository } from '../../demo/sample-repository.mjs';
import { vsix } from '../../setup/package-extension.mjs';
import { runCommand, searchCommands } from '../harness/quick-input';
import { startVsCode, type VsCode } from '../harness/start-vs-code';
import { openContainer, readRows, waitForRow } from '../harness/tree';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-states-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.invalid', ...args], {
    cwd,
    encoding: 'utf8',
  });

function newFolder(name: string, files: Record<string, string> = {}): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

function newRepository(name: string, files: Record<string, string>): string {
  const path = newFolder(name, files);
  git(path, 'init', '--quiet', '--initial-branch=main');
  if (Object.keys(files).length > 0) {
    git(path, 'add', '--all');
    git(path, 'commit', '--quiet', '--message', 'Begin');
  }
  return path;
}

/** Waits for the welcome text of the view to hold these words. */
async function welcome(page: Page, words: string): Promise<string> {
  await openContainer(page, 'Interlock');
  const text = page.locator('.part.sidebar .welcome-view-content', { hasText: words });
  await text.waitFor();
  return text.innerText();
}

describe('an empty view says why it is empty and what to do', () => {
  let vscode: VsCode;
  const open = (path: string): Promise<Page> => vscode.newWindow(path);

  beforeAll(async () => {
    vscode = await startVsCode({ workspace: newFolder('plain'), vsix });
  });
  afterAll(() => vscode.stop());

  it('in a folder without a repository', async () => {
    expect(await welcome(vscode.page, 'not in a git repository')).toContain('Initialize Repository');
  });

  it('in a repository without commits', async () => {
    const page = await open(newRepository('unborn', {}));
    expect(await welcome(page, 'no commits yet')).toContain('Try Again');
    await page.close();
  });

  it('in a repository without interlock.json: it is written, opened, and counts once it is committed', async () => {
    const path = newRepository('fresh', { 'package.json': '{ "scripts": { "test": "node --test" } }' });
    const page = await open(path);
    await welcome(page, 'not set up here');
    await runCommand(page, 'Interlock: Initialize');
    await page.locator('.tab', { hasText: 'interlock.json' }).waitFor();
    expect(readFileSync(join(path, 'interlock.json'), 'utf8')).toContain('npm');
    await welcome(page, 'not on the base branch yet');
    git(path, 'add', '--all');
    git(path, 'commit', '--quiet', '--message', 'Set Interlock up');
    // Nobody presses a button: the window sees the commit.
    expect(await welcome(page, 'No work items yet')).toContain('Add Work Item');
    await page.close();
  });

  it('in a repository whose interlock.json cannot be used', async () => {
    const page = await open(newRepository('broken', { 'interlock.json': '{ "stages": ["development", "tasting"] }' }));
    expect(await welcome(page, 'cannot be used')).toContain('Open interlock.json');
    await page.close();
  });

  it('where the ledger is damaged: it is read-only and loud, never empty', async () => {
    const path = createSampleRepository(join(folder, 'damaged'));
    const ledger = join(path, '.git', 'interlock', 'ledger');
    mkdirSync(ledger, { recursive: true });
    writeFileSync(join(ledger, '000001.jsonl'), `\n${'0'.repeat(32)} {"v":1,"a":[0,"x"],"t":[]}\n`);
    const page = await open(path);
    expect(await welcome(page, 'ledger cannot be written')).toContain('Verify Ledger');
    await page.locator('.statusbar-item', { hasText: 'Interlock: ledger' }).waitFor();
    await page.close();
  });
});

describe('a window with several repositories', () => {
  it('has one node for each, and its items below it', async () => {
    const one = createSampleRepository(join(folder, 'one'));
    const two = createSampleRepository(join(folder, 'two'));
    const repositories = [one, two];
    await interlock(one, ['add', 'First', '--id', 'ONE-1'], { quiet: true });
    await interlock(two, ['add', 'Second', '--id', 'TWO-1'], { quiet: true });
    const workspace = join(folder, 'both.code-workspace');
    writeFileSync(workspace, JSON.stringify({ folders: repositories.map((path) => ({ path })) }));
    const vscode = await startVsCode({ workspace, vsix });
    try {
      await openContainer(vscode.page, 'Interlock');
      await waitForRow(vscode.page, 'Work Items', /^TWO-1/);
      const rows = await readRows(vscode.page, 'Work Items');
      expect(rows.map(({ label, level }) => `${level} ${label}`)).toEqual([
        '1 shop',
        '2 ONE-1 First',
        '1 shop',
        '2 TWO-1 Second',
      ]);
      expect(rows.filter(({ level }) => level === 1).map(({ description }) => description)).toEqual(repositories);
    } finally {
      await vscode.stop();
    }
  });
});

describe('a folder that is not trusted', () => {
  let vscode: VsCode;
  let path: string;
  const traces = () => join(folder, 'traces');

  beforeAll(async () => {
    path = createSampleRepository(join(folder, 'untrusted'));
    // A git that leaves a trace: the extension's processes find this one first.
    const bin = newFolder('bin', {
      git: `#!/bin/sh\necho "$@" >> ${traces()}\nexec ${git(path, '--exec-path').trim()}/git "$@"\n`,
    });
    execFileSync('chmod', ['+x', join(bin, 'git')]);
    vscode = await startVsCode({
      workspace: path,
      vsix,
      trust: 'ask',
      settings: {
        'security.workspace.trust.startupPrompt': 'never',
        'security.workspace.trust.banner': 'never',
        'git.enabled': false,
      },
      // As from a terminal: otherwise VS Code asks the login shell for another PATH.
      env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, VSCODE_CLI: '1' },
    });
  });
  afterAll(() => vscode.stop());

  it('gets an explanation, and nothing is started in it', async () => {
    expect(await welcome(vscode.page, 'not trusted')).toContain('Manage Workspace Trust');
    const offered = await searchCommands(vscode.page, 'Interlock: ');
    // The first one is VS Code's own for every view.
    expect(offered.filter((title) => title.startsWith('Interlock:'))).toEqual([
      'Interlock: Focus on Work Items View',
      'Interlock: Show Output',
    ]);
    expect(existsSync(traces())).toBe(false);
    expect(existsSync(join(path, '.git', 'interlock'))).toBe(false);
  });

  it('is opened as soon as it is trusted', async () => {
    await runCommand(vscode.page, 'Workspaces: Manage Workspace Trust');
    await vscode.page.getByRole('button', { name: 'Trust', exact: true }).first().click();
    expect(await welcome(vscode.page, 'No work items yet')).toContain('Add Work Item');
    // The same check as above, and it fires: git is found by the trace that it leaves.
    expect(existsSync(traces())).toBe(true);
  });
});
