import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverFolder } from '../../vscode/install.mjs';
import { serveVsCode } from '../../vscode/serve';
import { LINE_PREFIX, RESULT_FILE_VARIABLE, type SuiteResult } from '../suite/result';
import { launchBrowser } from './browser';
import type { BundledSuite } from './bundle-suite';
import { QUIET_SETTINGS } from './quiet-settings';

export interface ExtensionHostOptions {
  suite: BundledSuite;
  /** Absolute path of the packaged extension under test. */
  vsix: string;
  workspace: string;
  trust?: 'everything' | 'ask';
  settings?: Record<string, unknown>;
  env?: Record<string, string>;
  timeoutMs: number;
  /** Called with each line of the suite as it comes. */
  onLog?: (text: string) => void;
}

/**
 * Runs a bundled suite inside the extension host of a real VS Code, with the packaged extension installed.
 * @throws Error with the log when the suite did not come to its end: no result is never an empty result
 */
export async function runInExtensionHost(options: ExtensionHostOptions): Promise<SuiteResult> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'ilk-suite-'));
  const resultFile = join(dataFolder, 'suite-result.json');
  const server = await serveVsCode({
    serverFolder,
    dataFolder,
    vsix: options.vsix,
    automation: true,
    trust: options.trust ?? 'everything',
    settings: { ...QUIET_SETTINGS, ...options.settings },
    env: { ...options.env, [RESULT_FILE_VARIABLE]: resultFile },
  });
  const browser = await launchBrowser();
  const lines: string[] = [];
  const log = (text: string) => {
    lines.push(text);
    if (text.startsWith(LINE_PREFIX)) options.onLog?.(text.slice(LINE_PREFIX.length));
  };
  try {
    const page = await browser.newPage();
    const ended = new Promise<string>((resolve) => {
      setTimeout(() => resolve(`no end after ${options.timeoutMs / 1000} s`), options.timeoutMs).unref();
      // VS Code calls these two in a page that offers them: every line of the extension host's console, and the end.
      void page.exposeFunction('codeAutomationLog', (_type: string, parts: unknown[]) =>
        log(parts.map(String).join(' ')),
      );
      void page.exposeFunction('codeAutomationExit', (code: number) => resolve(`exit code ${code}`));
      page.on('crash', () => resolve('the page crashed'));
    });
    await page.goto(server.url({ workspace: options.workspace, suite: options.suite }));
    const how = await ended;
    if (!existsSync(resultFile))
      throw new Error(`The suite left no result (${how}):\n${lines.join('\n')}\n${server.log()}`);
    return JSON.parse(readFileSync(resultFile, 'utf8')) as SuiteResult;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}
