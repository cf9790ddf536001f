import { judgeHostKey, linesNaming, type HostAddress, type KnownHosts } from '../known-hosts';
import type { HopAnswer } from './connect-hop';
import type { Credentials } from './credentials';
import { isLoginRefused } from './error-event';
import type { HostSettings } from './host-settings';
import type { HostKeyReport, HostReport } from './remote-host';
import { fingerprintOf } from './trust-store';

export interface ReportFacts {
  /** All hosts on the way, the target last. */
  chain: readonly HostSettings[];
  /** The one that was called. */
  settings: HostSettings;
  isTarget: boolean;
  /** undefined: could not be read. */
  known: KnownHosts | undefined;
  credentials: Credentials;
  /** undefined: it was not called. */
  answer: HopAnswer | undefined;
}

export function reportOf({ chain, settings, isTarget, known, credentials, answer }: ReportFacts): HostReport {
  const target = chain.at(-1) ?? settings;
  const loggedIn = answer?.link !== undefined;
  return {
    hostKey: known === undefined ? null : keyReport(known, settings.keyAddress, answer?.key),
    needs: loggedIn || !refusedLogin(answer) ? null : needsOf(credentials, answer, isTarget),
    resolved: {
      host: target.host,
      port: target.port,
      user: target.user,
      identities: target.identities,
      proxyJump: target.proxyJump,
    },
    systemClient: settings.onlySystemClient ?? (refusedLogin(answer) ? credentials.onlySystemClient : null),
  };
}

function keyReport(known: KnownHosts, address: HostAddress, seen: Buffer | undefined): HostKeyReport | null {
  const name = address.port === 22 ? address.host : `[${address.host}]:${address.port}`;
  const key = seen ?? linesNaming(known, name).find(({ marker }) => marker === 'plain')?.key;
  if (key === undefined) return null;
  return {
    type: key.toString('latin1', 4, 4 + key.readUInt32BE(0)),
    fingerprint: fingerprintOf(key),
    state: seen === undefined ? 'not-seen' : judgeHostKey(known, address, seen).state,
    address,
    key: key.toString('base64'),
  };
}

const refusedLogin = (answer: HopAnswer | undefined): boolean =>
  answer !== undefined && answer.link === undefined && isLoginRefused(answer.events);

/** What a person could give that was missing, or did not fit. */
function needsOf({ unusable }: Credentials, answer: HopAnswer | undefined, isTarget: boolean): HostReport['needs'] {
  const locked = unusable.find(({ encrypted }) => encrypted);
  if (locked !== undefined) return { kind: 'passphrase', identity: locked.identity };
  const takes = (method: string): boolean => answer?.methodsLeft.includes(method) ?? false;
  return isTarget && (takes('password') || takes('keyboard-interactive')) ? { kind: 'password' } : null;
}
