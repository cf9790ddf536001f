import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drainHost } from '../demo/command-line.mjs';
import { createSampleRepository } from '../demo/sample-repository.mjs';
import { runCommand } from '../e2e/harness/quick-input';
import { startVsCode } from '../e2e/harness/start-vs-code';
import { openContainer } from '../e2e/harness/tree';
import { ensureChromium } from '../setup/chromium.mjs';
import { packageExtension, vsix } from '../setup/package-extension.mjs';
import { ensureVsCode } from '../vscode/install.mjs';
import { median, report } from './figure';

const STARTS = 7;
const LIMIT_MS = 60;

/** What VS Code itself measured of the extension, in ms: the time to load its code and to run `activate`. */
async function measureColdStart(workspace: string): Promise<number> {
  // Tall enough for every row: the list keeps only those in the document that are on the screen.
  const vscode = await startVsCode({ workspace, vsix, size: { width: 1280, height: 2400 } });
  try {
    await openContainer(vscode.page, 'Interlock');
    await runCommand(vscode.page, 'Developer: Show Running Extensions');
    const row = vscode.page.locator('.runtime-extensions-editor .extension').filter({ hasText: 'Interlock' });
    const text = await row.locator('.activation-time', { hasText: /\d+ms/ }).innerText({ timeout: 30_000 });
    return Number(/(\d+)ms/.exec(text)?.[1]);
  } finally {
    await vscode.stop();
  }
}

await ensureChromium();
await ensureVsCode();
await packageExtension();
const folder = mkdtempSync(join(tmpdir(), 'ilk-bench-'));
const workspace = createSampleRepository(folder);
try {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) times.push(await measureColdStart(workspace));
  console.log(`cold starts: ${times.join(', ')} ms`);
  report({ name: `activation, median of ${STARTS} cold starts`, value: median(times), unit: 'ms', limit: LIMIT_MS });
} finally {
  await drainHost(workspace);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
