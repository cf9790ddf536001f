import { spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshEvent } from '../staging-evidence';
import { ChannelLife } from './channel-life';
import { ChannelSlots } from './channel-slots';
import { ConnectRefused } from './connect-refused';
import { reportOf } from './host-report';
import type { HostSettings } from './host-settings';
import type { ConnectLimits } from './limits';
import { probeTcp } from './probe-tcp';
import type { ChannelListener, HostTarget, RemoteChannel, RemoteHost, RemoteHostOptions } from './remote-host';
import { resolveChain } from './resolve-host';
import { systemArguments } from './system-arguments';
import { readKnownHosts } from './trust-store';

/** What the system's client returns for every failure of its own, and for a command that returns it. */
const CLIENT_FAILED = 255;

/**
 * The system's ssh client, a process for each channel. It never asks: what it would ask for fails. Which of its failures it was
 * it does not say, and its texts are not searched; so what is known of them is whether it had logged in and whether the port answers.
 */
export class SystemHost implements RemoteHost {
  readonly #target: HostTarget;
  readonly #options: RemoteHostOptions;
  readonly #limits: ConnectLimits;
  readonly #slots: ChannelSlots;
  readonly #lives = new Set<ChannelLife>();
  #settings: Promise<HostSettings[]> | undefined;
  #closed = false;

  constructor(target: HostTarget, options: RemoteHostOptions, limits: ConnectLimits) {
    this.#target = target;
    this.#options = options;
    this.#limits = limits;
    this.#slots = new ChannelSlots(limits.channels);
  }

  open(command: string, listener: ChannelListener): RemoteChannel {
    const life = new ChannelLife(listener, this.#limits.closeMs);
    this.#lives.add(life);
    void life.ended.then(() => this.#lives.delete(life));
    void this.#run(command, life);
    return life;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const lives = [...this.#lives];
    for (const life of lives) life.close();
    await Promise.all(lives.map(({ ended }) => ended));
  }

  async #run(command: string, life: ChannelLife): Promise<void> {
    const giveBack = await this.#slots.take();
    const folder = mkdtempSync(join(tmpdir(), 'ilk-ssh-'));
    try {
      if (life.over) return;
      if (this.#closed) return life.end({ kind: 'close' });
      const chain = await (this.#settings ??= this.#resolve());
      if (life.over) return;
      life.end(...(await this.#runClient(command, life, chain, join(folder, 'in'))));
    } catch (error) {
      this.#settings = undefined;
      life.end(error instanceof ConnectRefused ? { kind: 'threw', cause: error.reason } : { kind: 'error' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
      giveBack();
    }
  }

  async #resolve(): Promise<HostSettings[]> {
    const chain = await resolveChain(this.#target, { ...this.#options, onlyWithSsh: true });
    const settings = chain.at(-1);
    if (settings !== undefined && this.#options.onReport !== undefined) {
      const known = await readKnownHosts([...settings.knownHosts, this.#options.trustStore]).catch(() => undefined);
      const credentials = { attempts: [], unusable: [], onlySystemClient: null };
      const facts = { chain, settings, known, credentials, answer: undefined, isTarget: true };
      this.#options.onReport({ ...reportOf(facts), systemClient: null });
    }
    return chain;
  }

  /** Resolves with the last events, when the client has ended and both of its pipes are closed. */
  async #runClient(
    command: string,
    life: ChannelLife,
    chain: readonly HostSettings[],
    loggedIn: string,
  ): Promise<SshEvent[]> {
    const { env, sshConfig, trustStore } = this.#options;
    const knownHosts = [...(chain.at(-1)?.knownHosts ?? []), trustStore];
    const args = systemArguments(this.#target, { command, knownHosts, loggedIn, sshConfig, limits: this.#limits });
    const child = spawn('ssh', args, {
      env: { ...env, SSH_ASKPASS_REQUIRE: 'never' },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own and no terminal: nothing can ask there, and a jump's client ends with it.
      detached: true,
      windowsHide: true,
    });
    const ended = endOf(child);
    begin(life, child, this.#limits);
    const code = await ended;
    if (code === 'not-there') return [{ kind: 'threw', cause: 'no-system-client' }];
    if (code !== null && code !== CLIENT_FAILED) return [{ kind: 'close', code }];
    if (code === null || life.over || existsSync(loggedIn)) return [{ kind: 'close' }];
    return [await whyNotIn(chain), { kind: 'close' }];
  }
}

function begin(life: ChannelLife, child: ChildProcessWithoutNullStreams, { closeMs }: ConnectLimits): void {
  const { stdin, stdout, stderr } = child;
  const abandon = (): void => {
    signalGroup(child, 'SIGTERM');
    setTimeout(() => signalGroup(child, 'SIGKILL'), closeMs).unref();
  };
  life.begin({ stdin, stdout, stderr, abandon });
}

async function endOf(child: ChildProcess): Promise<number | null | 'not-there'> {
  return new Promise((resolve) => {
    child.once('error', () => resolve('not-there'));
    child.once('close', (code) => resolve(code));
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * The client could not log in. If its port does not answer, that is why; else it may be the login, which must not be tried
 * again and again, so it is left to a person.
 */
async function whyNotIn(chain: readonly HostSettings[]): Promise<SshEvent> {
  const [settings] = chain;
  const direct = settings !== undefined && settings.onlySystemClient !== 'proxy-command';
  return (direct ? await probeTcp(settings.host, settings.port) : undefined) ?? { kind: 'error' };
}
