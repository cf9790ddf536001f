import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages, projectNode } from './packages.mjs';
import { root } from './step.mjs';

/**
 * Makes sure that the packages are installed and that the calling script runs on the project's own Node.
 * On another Node it starts the script again there and ends this process with its exit code; it returns only in the second one.
 * @param url `import.meta.url` of the script that npm started
 */
export async function onProjectNode(url) {
  await ensurePackages();
  if (realpathSync(process.execPath) === realpathSync(projectNode)) {
    process.env.PATH = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
    return;
  }
  const child = spawn(projectNode, [fileURLToPath(url), ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child too; this process only waits for it, so that the terminal is not given back too early.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  process.exit(code);
}

/** Runs a script's main function; an error ends it with its message, and with its stack unless it was made for a person. */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(`\n${error.name === 'SetupError' ? error.message : (error.stack ?? error)}`);
    process.exitCode = 1;
  }
}
