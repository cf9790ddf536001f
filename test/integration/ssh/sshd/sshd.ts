import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const SSHD = '/usr/sbin/sshd';
const START_MS = 20_000;
/** Whatever becomes of the test that started it. */
const LIFE_SECONDS = 300;

export interface SshdOptions {
  /** For this server's own files; must be there. */
  folder: string;
  hostKeys: readonly string[];
  authorizedKeys: readonly string[];
  /** Lines of sshd_config(5) that go before the others: the first value of a word counts. */
  config?: readonly string[];
}

/** A real OpenSSH server on the loopback, as this user, with keys and configuration of its own. */
export class Sshd {
  /** What it wrote into its log. */
  readonly log: string[] = [];
  readonly port: number;
  readonly pid: number;
  readonly #process: ChildProcess;

  private constructor(port: number, process: ChildProcess, log: string[]) {
    this.port = port;
    const [pid] = childrenOf(process.pid ?? -1);
    if (pid === undefined) throw new Error('sshd is gone again');
    this.pid = pid;
    this.#process = process;
    this.log = log;
  }

  /** Throws if it does not come up. The port is free before, and may be taken by another in between: then it is tried again. */
  static async start(options: SshdOptions): Promise<Sshd> {
    let last: unknown;
    for (let tries = 0; tries < 3; tries++) {
      try {
        return await startOnce(options, (port, process, log) => new Sshd(port, process, log));
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  /** How many connections it has taken. */
  get connections(): number {
    return this.log.filter((line) => line.startsWith('Connection from ')).length;
  }

  /** The processes that serve a connection each. */
  sessions(): number[] {
    return childrenOf(this.pid);
  }

  async stop(): Promise<void> {
    // When it has ended, its number may be another's.
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const sessions = this.sessions();
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    for (const pid of [this.pid, ...sessions]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is gone.
      }
    }
    await ended;
  }
}

function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function startOnce(
  { folder, hostKeys, authorizedKeys, config = [] }: SshdOptions,
  make: (port: number, process: ChildProcess, log: string[]) => Sshd,
): Promise<Sshd> {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await freePort();
  const keys = join(folder, 'authorized_keys');
  writeFileSync(keys, authorizedKeys.map((line) => `${line}\n`).join(''), { mode: 0o644 });
  const lines = [
    ...config,
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${keys}`,
    'PidFile none',
    // No login files of whoever runs the tests.
    `SetEnv HOME=${folder}`,
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin prohibit-password',
    'LogLevel VERBOSE',
    ...(knowsPenalties() ? ['PerSourcePenalties no'] : []),
  ];
  const file = join(folder, 'sshd_config');
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn('timeout', ['-k', '1', String(LIFE_SECONDS), SSHD, '-D', '-e', '-f', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => reject(new Error(`sshd did not start:\n${log.join('\n')}`));
    const late = setTimeout(() => {
      child.kill('SIGTERM');
      fail();
    }, START_MS);
    child.once('error', reject);
    child.once('exit', fail);
    createInterface(child.stderr).on('line', (line) => {
      log.push(line);
      if (!line.startsWith('Server listening on ')) return;
      clearTimeout(late);
      resolve();
    });
  });
  return make(port, child, log);
}

let penalties: boolean | undefined;

/** Since OpenSSH 9.8 a server refuses an address after a few logins that failed. */
function knowsPenalties(): boolean {
  penalties ??= spawnSync(SSHD, ['-T', '-o', 'PerSourcePenalties=no', '-f', '/dev/null', '-h', '/dev/null'], {
    encoding: 'utf8',
  }).stdout.includes('persourcepenalties');
  return penalties;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
