import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestHost } from '../../integration/ssh/sshd/rig';
import { SshRig } from '../../integration/ssh/sshd/rig';
import type { Sshd } from '../../integration/ssh/sshd/sshd';

/** A real server, our host of it, and the system's client with the same keys. */
export class StagingBench {
  readonly rig = new SshRig();
  #server: Sshd | undefined;

  async start(): Promise<void> {
    this.#server = await this.rig.serve();
  }

  /** A host that has no connection yet. */
  host(): TestHost {
    return this.rig.host(this.#port);
  }

  /** Runs the system's client to its end. @returns ms, and bytes of stdout */
  async system(command: string, options: readonly string[] = []): Promise<{ ms: number; bytes: number }> {
    const began = performance.now();
    const child = spawn('ssh', [...this.#options(), ...options, '127.0.0.1', command], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let bytes = 0;
    for await (const chunk of child.stdout) bytes += (chunk as Buffer).length;
    const ms = performance.now() - began;
    if (child.exitCode === null) await new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode !== 0) throw new Error(`ssh ended with ${child.exitCode}`);
    return { ms, bytes };
  }

  /** Arguments with which the system's client shares one connection. */
  readonly shared = ['-o', `ControlPath=${join(this.rig.folder, 'm')}`];

  async master<T>(work: () => Promise<T>): Promise<T> {
    await this.system('true', [...this.shared, '-o', 'ControlMaster=yes', '-o', 'ControlPersist=120']);
    try {
      return await work();
    } finally {
      spawn('ssh', [...this.#options(), ...this.shared, '-O', 'exit', '127.0.0.1'], { stdio: 'ignore' });
    }
  }

  async close(): Promise<void> {
    await this.rig.close();
  }

  get #port(): number {
    if (this.#server === undefined) throw new Error('not started');
    return this.#server.port;
  }

  #options(): string[] {
    const known = join(this.rig.folder, 'bench_known_hosts');
    const options = ['BatchMode=yes', 'StrictHostKeyChecking=accept-new', `UserKnownHostsFile=${known}`];
    const { path } = this.rig.userKey;
    return ['-F', 'none', '-p', String(this.#port), '-i', path, ...options.flatMap((option) => ['-o', option])];
  }
}

export const supervisorText = (): string =>
  readFileSync(join(import.meta.dirname, '../../../runner-host/ssh/remote-supervisor.sh'), 'utf8');

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
