import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { classify } from '../../../../runner-host/ssh/classify';
import type { ConnectLimits } from '../../../../runner-host/ssh/connect/limits';
import {
  openRemoteHost,
  type HostReport,
  type HostSecrets,
  type HostTarget,
  type RemoteChannel,
  type RemoteHost,
} from '../../../../runner-host/ssh/connect/remote-host';
import type { Classification, SshEvent } from '../../../../runner-host/ssh/staging-evidence';
import { makeKey, type KeyFiles } from './keys';
import { Sshd } from './sshd';

/** What a channel came to, and what is made of it when no frame was among its output. */
export interface Outcome {
  events: SshEvent[];
  output: string;
  stderrBytes: number;
  /** `class cause`. */
  verdict: string;
  /** The same when the supervisor had already said hello. */
  afterHello: string;
  classification: Classification;
}

export interface HostOptions {
  transport?: HostTarget['transport'];
  user?: string;
  secrets?: Partial<HostSecrets>;
  limits?: Partial<ConnectLimits>;
  /** Lines of ssh_config(5) for the host, before the rig's own. */
  config?: readonly string[];
  /** Whole Host sections after it. */
  more?: readonly string[];
  env?: NodeJS.ProcessEnv;
  knownHosts?: readonly string[];
}

/** Real servers, keys and configurations in a folder of their own, all gone with `close()`. */
export class SshRig {
  readonly folder = mkdtempSync(join(tmpdir(), 'ilk-ssh-'));
  readonly hostKey: KeyFiles = this.key('host');
  readonly userKey: KeyFiles = this.key('user');
  readonly trustStore = join(this.folder, 'trusted', 'known_hosts');
  readonly #servers: Sshd[] = [];
  readonly #hosts: TestHost[] = [];
  #count = 0;

  constructor() {
    // A server reads the keys of a user as that user.
    chmodSync(this.folder, 0o711);
  }

  key(name: string, type?: Parameters<typeof makeKey>[1], passphrase?: string): KeyFiles {
    return makeKey(join(this.folder, name), type, passphrase);
  }

  /** A server that lets the rig's user key in. */
  async serve(
    config: readonly string[] = [],
    { hostKeys = [this.hostKey.path], authorizedKeys = [this.userKey.line] } = {},
  ): Promise<Sshd> {
    const folder = this.subfolder('sshd');
    const server = await Sshd.start({ folder, hostKeys, authorizedKeys, config });
    this.#servers.push(server);
    return server;
  }

  subfolder(name: string): string {
    const folder = join(this.folder, `${name}-${++this.#count}`);
    mkdirSync(folder);
    return folder;
  }

  /** The host as a person would have it in their configuration: known, and with the user key. */
  host(port: number, options: HostOptions = {}): TestHost {
    const { transport = 'ssh2', user, secrets, limits, config = [], more = [], env } = options;
    const folder = this.subfolder('client');
    const known = options.knownHosts ?? [`[127.0.0.1]:${port} ${this.hostKey.line}`];
    writeFileSync(join(folder, 'known_hosts'), known.map((line) => `${line}\n`).join(''));
    const lines = [
      'Host staging',
      ...config,
      'HostName 127.0.0.1',
      `Port ${port}`,
      ...(config.some((line) => line.startsWith('IdentityFile')) ? [] : [`IdentityFile ${this.userKey.path}`]),
      'Host *',
      `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
      'GlobalKnownHostsFile none',
      ...more,
    ];
    const sshConfig = join(folder, 'config');
    writeFileSync(sshConfig, `${lines.join('\n')}\n`);
    const reports: HostReport[] = [];
    const target = { transport, host: 'staging', port: null, user: user ?? userInfo().username };
    const host = openRemoteHost(target, {
      secrets: { passphrases: {}, password: null, ...secrets },
      trustStore: this.trustStore,
      onReport: (report) => void reports.push(report),
      env: env ?? withoutAgent(),
      sshConfig,
      ...(limits === undefined ? {} : { limits }),
    });
    const test = new TestHost(host, reports);
    this.#hosts.push(test);
    return test;
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
    await Promise.all(this.#servers.map((server) => server.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function withoutAgent(): NodeJS.ProcessEnv {
  const { SSH_AUTH_SOCK: _agent, ...env } = process.env;
  return env;
}

export class TestHost {
  readonly reports: HostReport[];
  readonly remote: RemoteHost;

  constructor(host: RemoteHost, reports: HostReport[]) {
    this.remote = host;
    this.reports = reports;
  }

  get report(): HostReport | undefined {
    return this.reports.at(-1);
  }

  /** A channel that goes on. What `take` takes is not kept. */
  start(command: string, take?: (chunk: Buffer) => void | Promise<void>): Running {
    const outcome: Pick<Outcome, 'events' | 'output'> = { events: [], output: '' };
    const waiting = new Set<() => void>();
    const look = (): void => {
      for (const waiter of waiting) waiter();
    };
    const channel = this.remote.open(command, {
      data: (chunk) => {
        if (take !== undefined) return take(chunk);
        outcome.output += chunk.toString('latin1');
        return look();
      },
      event: (event) => {
        outcome.events.push(event);
        look();
      },
    });
    const until = async (done: () => boolean): Promise<void> => {
      if (done()) return;
      await new Promise<void>((resolve) => {
        const waiter = (): void => {
          if (!done()) return;
          waiting.delete(waiter);
          resolve();
        };
        waiting.add(waiter);
      });
    };
    const finished = channel.ended.then(() => judged(outcome, channel.stderrBytes));
    return { channel, seen: (text) => until(() => outcome.output.includes(text)), finished };
  }

  async run(command: string, take?: (chunk: Buffer) => void | Promise<void>): Promise<Outcome> {
    return this.start(command, take).finished;
  }

  async close(): Promise<void> {
    await this.remote.close();
  }
}

export interface Running {
  channel: RemoteChannel;
  /** Resolves when this text has come. */
  seen(text: string): Promise<void>;
  finished: Promise<Outcome>;
}

const HELLO = { type: 'hello', version: 1, bootId: 'boot' } as const;

function judged({ events, output }: Pick<Outcome, 'events' | 'output'>, stderrBytes: number): Outcome {
  const classification = classify({ events, frames: [], noiseBytes: output.length, inner: null });
  const running = classify({ events, frames: [HELLO], noiseBytes: 0, inner: null });
  const words = (found: Classification): string => `${found.class} ${found.cause}`;
  return { events, output, stderrBytes, verdict: words(classification), afterHello: words(running), classification };
}
