// The same suite in a desktop VS Code, for machines that can download one or have one:
//
//   npm run build
//   node --import ./test/setup/typescript-hooks.mjs test/e2e/run-desktop.ts [path of a VS Code executable]
//
// Without a path @vscode/test-electron downloads a VS Code into .vscode-test/. On Linux without a screen put `xvfb-run -a` before it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { drainHost } from '../demo/command-line.mjs';
import { createSampleRepository } from '../demo/sample-repository.mjs';
import { root } from '../setup/step.mjs';
import { bundleSuite } from './harness/bundle-suite';
import { RESULT_FILE_VARIABLE } from './suite/result';

const executable = process.argv[2];
const folder = mkdtempSync(join(tmpdir(), 'ilk-desktop-'));
const workspace = createSampleRepository(folder);
const resultFile = join(folder, 'result.json');
try {
  const { extensionTestsPath } = await bundleSuite();
  process.exitCode = await runTests({
    ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: root,
    extensionTestsPath,
    launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
    extensionTestsEnv: { [RESULT_FILE_VARIABLE]: resultFile },
  });
  console.log(readFileSync(resultFile, 'utf8'));
} finally {
  await drainHost(workspace);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
