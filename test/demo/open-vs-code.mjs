import { spawn } from 'node:child_process';
import { findProgram } from '../setup/chromium.mjs';
import { packageExtension, vsix } from '../setup/package-extension.mjs';
import { root, step } from '../setup/step.mjs';
import { ensureVsCode, serverFolder } from '../vscode/install.mjs';
import { serveVsCode } from '../vscode/serve.ts';

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
};

/** The desktop's VS Code, where there is one and a screen to show it on. */
export function findDesktop() {
  const screen =
    process.platform !== 'linux' || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  return screen ? findProgram(process.platform === 'win32' ? 'code.cmd' : 'code') : undefined;
}

/** Opens the repository in the desktop's VS Code with the extension from this folder. */
export function openDesktop(program, repository) {
  const args = ['--new-window', `--extensionDevelopmentPath=${root}`, repository];
  spawn(program, args, { detached: true, stdio: 'ignore', shell: process.platform === 'win32' }).unref();
}

/** Serves a real VS Code with the packaged extension. */
export async function serve(dataFolder) {
  await ensureVsCode();
  await packageExtension();
  // The sample is this project's own, so the demo skips the question of trust that every other folder gets.
  return step('Starting VS Code', () =>
    serveVsCode({ serverFolder, dataFolder, vsix, settings: SETTINGS, trust: 'everything' }),
  );
}
