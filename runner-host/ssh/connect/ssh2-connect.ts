import type { Duplex } from 'node:stream';
import type { KnownHosts } from '../known-hosts';
import type { SshEvent } from '../staging-evidence';
import { connectHop, type HopAnswer } from './connect-hop';
import { ConnectRefused } from './connect-refused';
import { gatherCredentials } from './credentials';
import { reportOf } from './host-report';
import type { HostSettings } from './host-settings';
import type { ConnectLimits } from './limits';
import type { Link } from './link';
import { loadSsh2 } from './load-ssh2';
import type { HostTarget, RemoteHostOptions } from './remote-host';
import { resolveChain } from './resolve-host';
import type { ConnectAnswer } from './ssh2-host';
import { readKnownHosts } from './trust-store';

/** Connects to one host through the hosts before it, each of them verified. */
export class Ssh2Connect {
  readonly #target: HostTarget;
  readonly #options: RemoteHostOptions;
  readonly #limits: ConnectLimits;

  constructor(target: HostTarget, options: RemoteHostOptions, limits: ConnectLimits) {
    this.#target = target;
    this.#options = options;
    this.#limits = limits;
  }

  /** Never rejects: what went wrong on this side is an event that is held until somebody has looked at it. */
  async connect(signal: AbortSignal): Promise<ConnectAnswer> {
    const links: Link[] = [];
    const close = (): Promise<void> => closeLinks(links, this.#limits.closeMs);
    let events: SshEvent[] | undefined;
    try {
      const chain = await resolveChain(this.#target, this.#options);
      for (const settings of chain) {
        const answer = await this.#hop(settings, chain, links.at(-1), signal);
        if (answer.link !== undefined) links.push(answer.link);
        else events ??= answer.events;
        if (events !== undefined) break;
      }
    } catch (error) {
      events = [error instanceof ConnectRefused ? { kind: 'threw', cause: error.reason } : { kind: 'error' }];
    }
    const link = links.at(-1);
    if (events === undefined && link !== undefined) return { link, close };
    await close();
    return { events: events ?? [{ kind: 'error' }] };
  }

  async #hop(
    settings: HostSettings,
    chain: readonly HostSettings[],
    before: Link | undefined,
    signal: AbortSignal,
  ): Promise<Pick<HopAnswer, 'link' | 'events'>> {
    const { trustStore, secrets, onReport } = this.#options;
    const isTarget = settings === chain.at(-1);
    const known = await readKnownHosts([...settings.knownHosts, trustStore]).catch(() => undefined);
    const ssh2 = await loadSsh2();
    const password = isTarget ? secrets.password : null;
    const credentials = await gatherCredentials(ssh2, settings, { ...secrets, password });
    const tell = (answer?: HopAnswer): void =>
      onReport?.(reportOf({ chain, settings, known, credentials, answer, isTarget }));
    const refusal = refusalOf(settings, known);
    if (refusal !== undefined) {
      tell();
      return { link: undefined, events: [refusal] };
    }
    const through = await before?.forward(settings.host, settings.port);
    if (isEvent(through)) {
      tell();
      return { link: undefined, events: [through] };
    }
    const request = { settings, known: known as KnownHosts, credentials, limits: this.#limits, through, signal };
    const answer = await connectHop(ssh2, request);
    tell(answer);
    return answer;
  }
}

/** Why a host is not even called. A known_hosts file that can't be read may hold the line that says no. */
function refusalOf(settings: HostSettings, known: KnownHosts | undefined): SshEvent | undefined {
  if (settings.onlySystemClient !== null) return { kind: 'threw', cause: 'needs-system-client' };
  return known === undefined ? { kind: 'host-key', answer: 'none' } : undefined;
}

const isEvent = (value: Duplex | SshEvent | undefined): value is SshEvent => value !== undefined && 'kind' in value;

/** From the last to the first: a connection runs through the one before it. */
async function closeLinks(links: readonly Link[], limitMs: number): Promise<void> {
  for (const link of [...links].reverse()) {
    link.end();
    const late = setTimeout(() => link.destroy(), limitMs);
    await link.closed;
    clearTimeout(late);
  }
}
