import type { Duplex } from 'node:stream';
import type { Client, ServerHostKeyAlgorithm } from 'ssh2';
import { makeVerifier } from '../host-key-verifier';
import { judgeHostKey, keyTypesOnFile, orderHostKeyAlgorithms, type KnownHosts } from '../known-hosts';
import type { SshEvent } from '../staging-evidence';
import type { Credentials } from './credentials';
import { errorEvent, isLoginRefused } from './error-event';
import type { HostSettings } from './host-settings';
import type { ConnectLimits } from './limits';
import { Link } from './link';
import type { Ssh2Module } from './load-ssh2';
import { makeLogin } from './login';

export interface HopRequest {
  settings: HostSettings;
  known: KnownHosts;
  credentials: Credentials;
  limits: ConnectLimits;
  /** A channel of the hop before, instead of a connection of its own. */
  through: Duplex | undefined;
  signal: AbortSignal;
}

export interface HopAnswer {
  /** undefined: no login, and `events` say why. */
  link: Link | undefined;
  events: SshEvent[];
  /** The key that the host presented. */
  key: Buffer | undefined;
  methodsLeft: readonly string[];
}

/** How long a host may take to close a connection that has failed. */
const LINGER_MS = 500;

/**
 * Connects and logs in, once. One failure can come as two errors, and an agent that fails is none yet; so everything is
 * gathered until the client says `ready` or `close`. Never rejects.
 */
export async function connectHop(ssh2: Ssh2Module, request: HopRequest): Promise<HopAnswer> {
  const { settings, known, credentials, limits, signal } = request;
  const events: SshEvent[] = [];
  const answer: HopAnswer = { link: undefined, events, key: undefined, methodsLeft: [] };
  let accepted = false;
  const verifier = makeVerifier(
    (key) => {
      answer.key = key;
      return judgeHostKey(known, settings.keyAddress, key);
    },
    (record) => {
      accepted = record.answer === 'known';
      if (record.answer !== 'known') events.push({ kind: 'host-key', answer: record.answer });
    },
  );
  const login = makeLogin(credentials.attempts, settings.user, () => accepted);
  const client = new ssh2.Client();
  const ready = await new Promise<boolean>((resolve) => {
    const giveUp = (): void => void client.destroy();
    // The client's own limit ends with its first error, whatever the host does then.
    const bound = setTimeout(
      () => {
        events.push({ kind: 'error', level: 'client-timeout' });
        giveUp();
        settle(false);
      },
      limits.readyMs + 10 * LINGER_MS,
    );
    let linger: NodeJS.Timeout | undefined;
    const settle = (value: boolean): void => {
      clearTimeout(bound);
      clearTimeout(linger);
      signal.removeEventListener('abort', giveUp);
      resolve(value);
    };
    client.on('error', (error) => {
      const event = errorEvent(error);
      events.push(event);
      if (event.level !== 'agent') linger ??= setTimeout(giveUp, LINGER_MS);
    });
    client.once('ready', () => settle(true));
    client.once('close', () => settle(false));
    signal.addEventListener('abort', giveUp);
    if (!start(ssh2, client, request, verifier, login.handler)) {
      events.push({ kind: 'threw' });
      settle(false);
    }
    if (signal.aborted) giveUp();
  });
  answer.methodsLeft = login.methodsLeft;
  if (ready && accepted) {
    events.length = 0;
    answer.link = new Link(client);
    return answer;
  }
  client.destroy();
  client.on('error', () => undefined);
  // Why a login failed with nothing that could have worked.
  if (isLoginRefused(events) && credentials.attempts.length === 0 && credentials.unusable.length > 0)
    events.unshift({ kind: 'threw' });
  events.push({ kind: 'close' });
  return answer;
}

function start(
  ssh2: Ssh2Module,
  client: Client,
  { settings, known, limits, through }: HopRequest,
  hostVerifier: (key: Buffer) => boolean,
  authHandler: ReturnType<typeof makeLogin>['handler'],
): boolean {
  const types = keyTypesOnFile(known, settings.keyAddress);
  const serverHostKey = orderHostKeyAlgorithms(types, ssh2.hostKeyAlgorithms) as ServerHostKeyAlgorithm[];
  try {
    client.connect({
      host: settings.host,
      port: settings.port,
      username: settings.user,
      ...(through === undefined ? {} : { sock: through }),
      hostVerifier,
      algorithms: { serverHostKey },
      authHandler,
      readyTimeout: limits.readyMs,
      keepaliveInterval: limits.keepaliveMs,
      keepaliveCountMax: limits.keepaliveMisses,
    });
    client.setNoDelay(true);
    return true;
  } catch {
    return false;
  }
}
