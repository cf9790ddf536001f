// Only Node's own modules and erasable types here: Node runs this file as it is.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ServeOptions {
  /** `lib/vscode` of the code-server package. */
  serverFolder: string;
  /** Folder for everything that this server keeps: settings, extensions, logs. */
  dataFolder: string;
  /** A packaged extension that is installed first. */
  vsix?: string;
  /** The user's settings.json. */
  settings?: Record<string, unknown>;
  /** `ask`: folders start in Restricted Mode until the user trusts them. */
  trust: 'everything' | 'ask';
  /** Lets a window run a suite in the extension host. VS Code then shows no notifications: not for tests of what a user sees. */
  automation?: boolean;
  /** Variables for the server and its extension hosts, on top of this process's own. */
  env?: Record<string, string>;
  /** A free one is taken if none is given. */
  port?: number;
}

export interface VsCodeServer {
  port: number;
  /** Address of a window, with the secret that the server asks for. */
  url(window: Window): string;
  /** What the server printed so far. */
  log(): string;
  /** Ends the server and every process of its own; the runner hosts of opened repositories live on, as they should. */
  stop(): Promise<void>;
}

export interface Window {
  /** Absolute path of the folder or the .code-workspace file that the window opens. */
  workspace: string;
  /** Runs a suite in the window's extension host; needs `automation`. */
  suite?: { extensionDevelopmentPath: string; extensionTestsPath: string };
}

const GUARD = fileURLToPath(new URL('guard.mjs', import.meta.url));
const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 5_000;

/** Variables of the process that starts us that must not leak into the extension host under test. */
const PRIVATE = /^(VSCODE_|VITEST|ELECTRON_|NODE_ENV$|NODE_OPTIONS$|npm_)/;

function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !PRIVATE.test(name));
  return { ...Object.fromEntries(own), ...extra };
}

/** The user settings of every window of this server; may be rewritten while it runs. */
export function writeSettings(dataFolder: string, settings: Record<string, unknown>): void {
  const folder = join(dataFolder, 'data', 'User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

/**
 * Starts VS Code's own server on 127.0.0.1 and resolves when it listens. It ends with this process, however that ends.
 * @throws Error with the server's output when it ends or is not ready within a minute, or the vsix cannot be installed
 */
export async function serveVsCode(options: ServeOptions): Promise<VsCodeServer> {
  mkdirSync(options.dataFolder, { recursive: true });
  const main = join(options.serverFolder, 'out', 'server-main.js');
  const folders = ['--extensions-dir', join(options.dataFolder, 'extensions'), '--server-data-dir', options.dataFolder];
  const env = environment(options.env ?? {});
  const secret = randomBytes(20).toString('hex');
  const secretFile = join(options.dataFolder, 'connection-token');
  writeFileSync(secretFile, secret, { mode: 0o600 });
  writeSettings(options.dataFolder, options.settings ?? {});

  if (options.vsix !== undefined) {
    const install = [main, ...folders, '--install-extension', options.vsix];
    const done = spawnSync(process.execPath, install, { env, encoding: 'utf8', timeout: READY_TIMEOUT_MS });
    if (done.status !== 0) throw new Error(`Installing ${options.vsix} failed:\n${done.stdout}${done.stderr}`);
  }

  const flags = ['--accept-server-license-terms', '--disable-telemetry'];
  if (options.automation === true) flags.push('--enable-smoke-test-driver');
  if (options.trust === 'everything') flags.push('--disable-workspace-trust');
  const address = ['--host', '127.0.0.1', '--port', String(options.port ?? 0), '--connection-token-file', secretFile];
  // A group of its own, so that one signal reaches the extension hosts and watchers as well.
  const child = spawn(process.execPath, [GUARD, main, ...address, ...folders, ...flags], {
    env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });

  let log = '';
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`VS Code's server ${why}:\n${log}`));
    const timer = setTimeout(() => fail('was not ready in a minute'), READY_TIMEOUT_MS);
    const read = (text: string) => {
      log += text;
      const bound = /Extension host agent listening on (\d+)/.exec(log)?.[1];
      if (bound === undefined) return;
      clearTimeout(timer);
      resolve(Number(bound));
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', (error) => fail(`did not start (${error.message})`));
    child.once('exit', (code) => fail(`ended with ${code}`));
  }).catch((error: unknown) => {
    signalGroup(child.pid, 'SIGKILL');
    throw error;
  });

  return {
    port,
    url: (window) => windowUrl(port, secret, window),
    log: () => log,
    stop: async () => {
      signalGroup(child.pid, 'SIGTERM');
      const late = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), STOP_GRACE_MS);
      await exited;
      clearTimeout(late);
      // The leader is gone; an extension host that is still saving its state is not.
      signalGroup(child.pid, 'SIGKILL');
    },
  };
}

function windowUrl(port: number, secret: string, window: Window): string {
  const kind = window.workspace.endsWith('.code-workspace') ? 'workspace' : 'folder';
  const query = new URLSearchParams({ tkn: secret, [kind]: window.workspace });
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${path}`;
  if (window.suite !== undefined) {
    const paths = Object.entries(window.suite).map(([name, path]) => [name, remote(path)]);
    query.set('payload', JSON.stringify([...paths, ['enableProposedApi', '']]));
  }
  return `http://127.0.0.1:${port}/?${query.toString()}`;
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
