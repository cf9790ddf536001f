// Plain JavaScript without packages: this runs on the system's Node, before anything is installed.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What stops a set-up: a text for a person, and the command or the action that helps. */
export class SetupError extends Error {
  constructor(message, remedy) {
    super(`${message}\n  ${remedy}`);
    this.name = 'SetupError';
  }
}

/** Runs a piece of work under a line that says what it is and, at its end, how long it took. */
export async function step(title, work) {
  const started = Date.now();
  console.log(`- ${title} ...`);
  const result = await work();
  console.log(`  done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

/** The environment without this project's own programs on PATH: what npm needs while it replaces them. */
export function foreignEnvironment() {
  const own = join(root, 'node_modules');
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':');
  return {
    ...process.env,
    PATH: folders.filter((folder) => !folder.startsWith(own)).join(process.platform === 'win32' ? ';' : ':'),
  };
}

/**
 * Runs a command quietly and resolves with what it printed.
 * @throws SetupError with the end of its output when it fails or cannot be started
 */
export async function quietly(command, args, { remedy, ...options }) {
  // npm is a .cmd file on Windows, which only a shell can start; the arguments are this project's own.
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const end = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.code === 'ENOENT' ? 'the program is not there' : error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : (signal ?? `exit code ${code}`)));
  });
  if (end === null) return output;
  const tail = output.trim().split('\n').slice(-25).join('\n');
  throw new SetupError(`${[command, ...args].join(' ')} failed (${end}).\n${tail}`, remedy);
}
