import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../setup/step.mjs';

export interface BundledSuite {
  /** A folder that VS Code takes as an extension under development: the suite's own, so that the tested one is the installed package. */
  extensionDevelopmentPath: string;
  /** The module whose `run` VS Code calls. */
  extensionTestsPath: string;
}

/** Bundles test/e2e/suite into .tmp/suite: the extension host loads CommonJS only. */
export async function bundleSuite(): Promise<BundledSuite> {
  const folder = join(root, '.tmp', 'suite');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/suite/index.ts', ...globSync('test/e2e/suite/*.test.ts', { cwd: root })],
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    packages: 'external',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const manifest = { name: 'interlock-suite', publisher: 'interlock', version: '0.0.0', engines: { vscode: '*' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return { extensionDevelopmentPath: folder, extensionTestsPath: join(folder, 'index.js') };
}
