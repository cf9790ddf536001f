import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root, SetupError } from '../setup/step.mjs';

const DRAIN_TIMEOUT_MS = 30_000;

/**
 * Runs `interlock` on a repository; its progress goes to this terminal as it comes.
 * @param {string} repository
 * @param {string[]} args
 * @param {{ quiet?: boolean, signal?: AbortSignal }} [options]
 * @returns its exit code, and the object that `--json` prints
 */
export async function interlock(repository, args, { quiet = false, signal = undefined } = {}) {
  const command = [join(root, 'dist', 'cli.js'), ...args, '--json', '--cwd', repository];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', quiet ? 'ignore' : 'inherit'] });
  signal?.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  try {
    return { code, answer: JSON.parse(printed) };
  } catch {
    const line = `interlock ${args.join(' ')}`;
    throw new SetupError(`${line} ended with ${code} and printed no answer:\n${printed}`, `Run it in ${repository}.`);
  }
}

/** Stops the repository's runner host with all its runs and resolves when its process is gone; does nothing where none runs. */
export async function drainHost(repository) {
  const { answer } = await interlock(repository, ['host', 'status'], { quiet: true });
  const pid = answer.host?.identity.pid;
  if (pid === undefined) return;
  await interlock(repository, ['host', 'drain', '--cancel'], { quiet: true });
  const deadline = Date.now() + DRAIN_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline)
      throw new SetupError(
        `The runner host of ${repository} (pid ${pid}) does not end.`,
        `Look at it, then end it by hand: kill ${pid}`,
      );
    await sleep(50);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
