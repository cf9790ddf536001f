// Runs test/e2e/suite inside the extension host of the served VS Code: npm run test:e2e
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drainHost } from '../demo/command-line.mjs';
import { createSampleRepository } from '../demo/sample-repository.mjs';
import { vsix } from '../setup/package-extension.mjs';
import { bundleSuite } from './harness/bundle-suite';
import { runInExtensionHost } from './harness/extension-host';

const SUITE_TIMEOUT_MS = 10 * 60_000;

const resultFile = process.argv[2];
if (resultFile === undefined) throw new Error('Usage: run-extension-host.ts RESULT-FILE');

const folder = mkdtempSync(join(tmpdir(), 'ilk-sample-'));
const workspace = createSampleRepository(folder);
try {
  const result = await runInExtensionHost({
    suite: await bundleSuite(),
    vsix,
    workspace,
    timeoutMs: SUITE_TIMEOUT_MS,
    onLog: (text) => console.log(text),
  });
  for (const { title, stack } of result.failures) console.error(`\n${title}\n${stack}`);
  writeFileSync(resultFile, JSON.stringify(result));
  process.exitCode = result.failed > 0 || result.passed === 0 ? 1 : 0;
} finally {
  await drainHost(workspace);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
