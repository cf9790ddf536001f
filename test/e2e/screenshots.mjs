// npm run screenshots: the pictures in docs/images, taken from a real VS Code on the sample repository.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { onProjectNode, runMain } from '../setup/project-node.mjs';
import { root } from '../setup/step.mjs';

await onProjectNode(import.meta.url);
const { ensureBuild } = await import('../setup/build.mjs');
const { ensureChromium } = await import('../setup/chromium.mjs');
const { packageExtension } = await import('../setup/package-extension.mjs');
const { ensureVsCode } = await import('../vscode/install.mjs');

await runMain(async () => {
  await ensureChromium();
  await ensureVsCode();
  await ensureBuild();
  await packageExtension();
  const hooks = join(root, 'test', 'setup', 'typescript-hooks.mjs');
  const script = join(root, 'test', 'e2e', 'screenshots.ts');
  return spawnSync(process.execPath, ['--import', hooks, script], { cwd: root, stdio: 'inherit' }).status ?? 1;
});
