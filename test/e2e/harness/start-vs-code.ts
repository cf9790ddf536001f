import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { serverFolder } from '../../vscode/install.mjs';
import { serveVsCode, writeSettings, type VsCodeServer } from '../../vscode/serve';
import { launchBrowser } from './browser';
import { QUIET_SETTINGS } from './quiet-settings';
import { themeClass, themeSetting, type Theme } from './theme';

export interface StartOptions {
  /** Absolute path of the folder or .code-workspace file. */
  workspace: string;
  /** Absolute path of the packaged extension; none: a VS Code without it. */
  vsix?: string;
  theme?: Theme;
  settings?: Record<string, unknown>;
  /** `ask`: the folder starts untrusted. Default: everything is trusted. */
  trust?: 'everything' | 'ask';
  env?: Record<string, string>;
  /** Size of the window in pixels. */
  size?: { width: number; height: number };
}

export interface VsCode {
  url: string;
  page: Page;
  server: VsCodeServer;
  /** What VS Code keeps on this machine besides its own program. */
  dataFolder: string;
  /** Opens a second window on the same server, on the same folder or another one. */
  newWindow(workspace?: string): Promise<Page>;
  /** Sets the colour theme and reloads the window with it: panels come back through their serializers. */
  setTheme(theme: Theme): Promise<void>;
  /** Closes the browser and ends the server with all its processes. */
  stop(): Promise<void>;
}

const WORKBENCH_TIMEOUT_MS = 60_000;

/** Starts a real VS Code with the extension on a folder, and a browser that shows it. Nothing is shared with another call. */
export async function startVsCode(options: StartOptions): Promise<VsCode> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'ilk-vscode-'));
  const settings = (theme: Theme) => ({ ...QUIET_SETTINGS, ...themeSetting(theme), ...options.settings });
  const server = await serveVsCode({
    serverFolder,
    dataFolder,
    settings: settings(options.theme ?? 'dark'),
    trust: options.trust ?? 'everything',
    ...(options.vsix === undefined ? {} : { vsix: options.vsix }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const browser = await launchBrowser();
  const context = await browser.newContext({ viewport: options.size ?? { width: 1280, height: 800 } });
  const newWindow = async (workspace = options.workspace) => {
    const page = await context.newPage();
    await page.goto(server.url({ workspace }));
    await waitForWorkbench(page);
    return page;
  };
  const stop = async () => {
    await browser.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const page = await newWindow();
    const setTheme = async (theme: Theme) => {
      writeSettings(dataFolder, settings(theme));
      await reloadWindow(page);
      await page.locator(`.monaco-workbench.${themeClass(theme)}[class*="vscode-theme-"]`).waitFor();
    };
    return { url: server.url({ workspace: options.workspace }), page, server, dataFolder, newWindow, setTheme, stop };
  } catch (error) {
    await stop();
    throw new Error(`VS Code's window did not come up. Server log:\n${server.log()}`, { cause: error });
  }
}

/** Resolves when the workbench is drawn in its theme; the extensions may come up a little later. */
async function waitForWorkbench(page: Page): Promise<void> {
  const drawn = page.locator('.monaco-workbench[class*="vscode-theme-"] .part.activitybar .action-item');
  await drawn.first().waitFor({ timeout: WORKBENCH_TIMEOUT_MS });
}

/** Reloads a window as `Developer: Reload Window` does: its extension host ends, a new one starts. */
export async function reloadWindow(page: Page): Promise<void> {
  await page.reload();
  await waitForWorkbench(page);
}
