import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { HostError, startFailed } from './host-error';

const LOG_BYTES = 1024 * 1024;
const SAID_BYTES = 2000;

export interface StartOptions {
  stateDir: string;
  hostEntry: string;
  execPath: string;
  env: NodeJS.ProcessEnv;
  /** Further arguments for the host. */
  args: readonly string[];
}

export interface StartedHost {
  /** Exit code once the process has ended; undefined while it runs. Another host may serve after 0. */
  exitCode(): number | undefined;
  /** Says why it ended. */
  problem(): HostError;
}

/**
 * Starts a host that outlives this process. Whether it serves is settled among the hosts: the caller looks for the record.
 * @throws HostError (state-unwritable) if its log can't be opened
 */
export function startHost({ stateDir, hostEntry, execPath, env, args }: StartOptions): StartedHost {
  const log = openLog(stateDir);
  const from = fstatSync(log.fd).size;
  let code: number | undefined;
  let how = '';
  const child = spawn(execPath, [hostEntry, '--state', stateDir, ...args], {
    cwd: parse(stateDir).root,
    env: hostEnvironment(env),
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    windowsHide: true,
  });
  closeSync(log.fd);
  child.once('error', (error) => {
    how = `could not be started: ${error.message}`;
    code = 127;
  });
  child.once('exit', (exit, signal) => {
    how = signal === null ? `ended with exit code ${exit}` : `was ended by ${signal}`;
    code = exit ?? 1;
  });
  child.unref();
  return { exitCode: () => code, problem: () => startFailed(hostEntry, how, lastSaid(log.path, from)) };
}

/** The editor's own variables are about its processes, and NODE_OPTIONS about the one that was started with it. */
function hostEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' };
}

function openLog(stateDir: string): { fd: number; path: string } {
  const path = join(stateDir, 'host.log');
  try {
    mkdirSync(stateDir, { recursive: true });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES) renameSync(path, `${path}.1`);
    return { fd: openSync(path, 'a', 0o600), path };
  } catch (error) {
    throw new HostError('state-unwritable', `the runner host's log can't be opened: ${(error as Error).message}`);
  }
}

function lastSaid(path: string, from: number): string {
  try {
    const fd = openSync(path, 'r');
    try {
      const start = Math.max(from, fstatSync(fd).size - SAID_BYTES);
      const bytes = Buffer.alloc(SAID_BYTES);
      return bytes
        .subarray(0, readSync(fd, bytes, 0, SAID_BYTES, start))
        .toString('utf8')
        .trim();
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}
