import type { StagingSecret, StagingTarget } from '../protocol/staging';
import type { HostReport, HostSecrets, openRemoteHost, RemoteHost } from '../ssh/connect/remote-host';

export interface StagingHostsOptions {
  open: typeof openRemoteHost;
  /** Our own known_hosts file. */
  trustStore: string;
  env: NodeJS.ProcessEnv;
}

export interface HostUse {
  host: RemoteHost;
  /** What the connection has shown so far. */
  report(): HostReport | null;
}

interface OpenHost extends HostUse {
  users: number;
}

/** The staging hosts that are in use, one connection each, and the secrets that people gave for them, in memory alone. */
export class StagingHosts {
  readonly #options: StagingHostsOptions;
  readonly #open = new Map<string, OpenHost>();
  readonly #secrets = new Map<string, HostSecrets>();
  readonly #reports = new Map<string, HostReport>();

  constructor(options: StagingHostsOptions) {
    this.#options = options;
  }

  get trustStore(): string {
    return this.#options.trustStore;
  }

  /** What the last connection to this host has shown. */
  lastReport(target: StagingTarget): HostReport | null {
    return this.#reports.get(keyOf(target)) ?? null;
  }

  /** The next connection uses it; one that is open stays as it is. */
  keep(target: StagingTarget, secret: StagingSecret): void {
    const key = keyOf(target);
    const known = this.#secrets.get(key) ?? { passphrases: {}, password: null };
    const secrets: HostSecrets =
      secret.kind === 'password'
        ? { ...known, password: secret.value }
        : { ...known, passphrases: { ...known.passphrases, [secret.identity]: secret.value } };
    this.#secrets.set(key, secrets);
    this.forget(target);
  }

  /** Whoever uses the host next gets a connection of its own. */
  forget(target: StagingTarget): void {
    this.#open.delete(keyOf(target));
  }

  /** Calls `work` with the host's connection, which it shares with others; the last one closes it. */
  async use<T>(target: StagingTarget, work: (use: HostUse) => Promise<T>): Promise<T> {
    const key = keyOf(target);
    const found = this.#open.get(key) ?? this.#make(key, target);
    found.users += 1;
    try {
      return await work(found);
    } finally {
      found.users -= 1;
      if (found.users === 0) {
        if (this.#open.get(key) === found) this.#open.delete(key);
        await found.host.close();
      }
    }
  }

  #make(key: string, target: StagingTarget): OpenHost {
    const { open, trustStore, env } = this.#options;
    const host = open(target, {
      secrets: this.#secrets.get(key) ?? { passphrases: {}, password: null },
      trustStore,
      env,
      onReport: (report) => void this.#reports.set(key, report),
    });
    const made = { host, users: 0, report: () => this.#reports.get(key) ?? null };
    this.#open.set(key, made);
    return made;
  }
}

const keyOf = ({ transport, host, port, user }: StagingTarget): string => JSON.stringify([transport, host, port, user]);
