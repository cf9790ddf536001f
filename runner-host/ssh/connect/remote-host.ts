import { connectToDemo } from '../demo/demo-connect';
import type { HostAddress, HostKeyState } from '../known-hosts';
import type { SshEvent } from '../staging-evidence';
import type { SystemClientReason } from './host-settings';
import { CONNECT_LIMITS, type ConnectLimits } from './limits';
import { Ssh2Connect } from './ssh2-connect';
import { Ssh2Host } from './ssh2-host';
import { SystemHost } from './system-host';

/** Where and how a staging host is reached; all that a person configured, nothing secret. */
export interface HostTarget {
  /** `demo`: a server of our own in this process, as the local user: no isolation. Its host, port and user count for nothing. */
  transport: 'ssh2' | 'openssh' | 'demo';
  /** A name of ~/.ssh/config, a host name or an address. */
  host: string;
  port: number | null;
  user: string | null;
}

/** Kept in memory only, given by a person for this host. The system's client asks its agent instead: it gets none of them. */
export interface HostSecrets {
  passphrases: Record<string /* identity file */, string>;
  password: string | null;
}

export interface ChannelListener {
  /** Bytes of stdout, in order; while the promise is pending no more is read. stderr is drained and counted, never interpreted. */
  data(chunk: Buffer): void | Promise<void>;
  /** Connection and channel events in their order, for classify(). */
  event(event: SshEvent): void;
}

export interface RemoteChannel {
  write(text: string): void;
  /** Gives the channel up. What runs on the host may go on: end it there. */
  close(): void;
  /** Bytes that came on stderr. */
  readonly stderrBytes: number;
  /** Settles once, after the last event; never rejects. */
  readonly ended: Promise<void>;
}

/** One host, at most 4 channels at once over one pooled connection; reconnects for the next channel when it was lost. */
export interface RemoteHost {
  open(command: string, listener: ChannelListener): RemoteChannel;
  close(): Promise<void>;
}

export interface HostKeyReport {
  type: string;
  /** As ssh shows it. */
  fingerprint: string;
  /** `not-seen`: the host presented none; this is the one on file. */
  state: HostKeyState | 'not-seen';
  /** What trust() takes, once a person has compared the fingerprint. It is a host on the way, if the trouble is there. */
  address: HostAddress;
  /** base64 */
  key: string;
}

/** What a check finds out, of the host that was called last. */
export interface HostReport {
  /** null: no key was seen, and none is on file. */
  hostKey: HostKeyReport | null;
  /** What a person may give. The next attempt is that of a host opened anew. */
  needs: { kind: 'passphrase'; identity: string } | { kind: 'password' } | null;
  resolved: { host: string; port: number; user: string; identities: string[]; proxyJump: string | null };
  /** Why `transport: openssh` is to be suggested. */
  systemClient: SystemClientReason | null;
}

export interface RemoteHostOptions {
  secrets: HostSecrets;
  /** The path of our own known_hosts file. */
  trustStore: string;
  onReport?(report: HostReport): void;
  env: NodeJS.ProcessEnv;
  /** Closes the host. */
  signal?: AbortSignal;
  /** A configuration file of ssh, read instead of the person's and the system's own. */
  sshConfig?: string;
  limits?: Partial<ConnectLimits>;
}

/** Opens nothing yet: the first channel does. */
export function openRemoteHost(target: HostTarget, options: RemoteHostOptions): RemoteHost {
  const limits = { ...CONNECT_LIMITS, ...options.limits };
  const host = makeHost(target, options, limits);
  if (options.signal?.aborted) void host.close();
  else options.signal?.addEventListener('abort', () => void host.close(), { once: true });
  return host;
}

function makeHost(target: HostTarget, options: RemoteHostOptions, limits: ConnectLimits): RemoteHost {
  switch (target.transport) {
    case 'ssh2': {
      const client = new Ssh2Connect(target, options, limits);
      return new Ssh2Host((signal) => client.connect(signal), limits);
    }
    case 'openssh':
      return new SystemHost(target, options, limits);
    case 'demo':
      return new Ssh2Host((signal) => connectToDemo(options, limits, signal), limits);
  }
}
