import { connectHop } from '../connect/connect-hop';
import type { HostSettings } from '../connect/host-settings';
import { reportOf } from '../connect/host-report';
import type { ConnectLimits } from '../connect/limits';
import { loadSsh2 } from '../connect/load-ssh2';
import type { RemoteHostOptions } from '../connect/remote-host';
import type { ConnectAnswer } from '../connect/ssh2-host';
import { knownHostLine } from '../connect/trust-store';
import { parseKnownHosts } from '../known-hosts';
import { startDemoHost, type DemoHost } from './demo-host';

/** One for this process: runs outlive the connections that started them, and are asked for again here. */
let running: Promise<DemoHost> | undefined;

/** Connects to the demo host of this process, which is started when it is first asked for. Never rejects. */
export async function connectToDemo(
  options: Pick<RemoteHostOptions, 'env' | 'onReport'>,
  limits: ConnectLimits,
  signal: AbortSignal,
): Promise<ConnectAnswer> {
  let host: DemoHost;
  try {
    host = await (running ??= startDemoHost({ env: options.env }));
  } catch {
    running = undefined;
    return { events: [{ kind: 'threw', cause: 'demo-host' }] };
  }
  return connectToHost(host, options, limits, signal);
}

/** Connects to a server of ours, whose key is known because it was made here. */
export async function connectToHost(
  host: DemoHost,
  { onReport }: Pick<RemoteHostOptions, 'onReport'>,
  limits: ConnectLimits,
  signal: AbortSignal,
): Promise<ConnectAnswer> {
  const ssh2 = await loadSsh2();
  const settings = settingsOf(host);
  const known = parseKnownHosts(knownHostLine(settings.keyAddress, host.hostKey));
  const login = { type: 'publickey', username: host.user, key: host.clientKey } as const;
  const credentials = {
    attempts: [{ method: 'publickey', login } as const],
    unusable: [],
    onlySystemClient: null,
  };
  const answer = await connectHop(ssh2, { settings, known, credentials, limits, through: undefined, signal });
  onReport?.(reportOf({ chain: [settings], settings, known, credentials, answer, isTarget: true }));
  const { link, events } = answer;
  if (link === undefined) return { events };
  return {
    link,
    close: async () => {
      link.end();
      const late = setTimeout(() => link.destroy(), limits.closeMs);
      await link.closed;
      clearTimeout(late);
    },
  };
}

function settingsOf({ port, user }: DemoHost): HostSettings {
  return {
    host: '127.0.0.1',
    port,
    user,
    identities: [],
    identitiesOnly: false,
    certificates: [],
    agent: null,
    proxyJump: null,
    keyAddress: { host: '127.0.0.1', port },
    knownHosts: [],
    onlySystemClient: null,
  };
}
