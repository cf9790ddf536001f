import type { HostAddress } from '../known-hosts';
import { ConnectRefused } from './connect-refused';
import { expandPath, splitPaths } from './ssh-paths';

/** Why only the system's ssh client can, or may, log in to a host. */
export type SystemClientReason = 'certificate' | 'security-key' | 'proxy-command' | 'revoked-keys';

/** How a host is reached, with all that is configured for it. */
export interface HostSettings {
  host: string;
  port: number;
  user: string;
  /** Absolute paths, in the order of the configuration; they need not exist. */
  identities: string[];
  /** No key of the agent is offered but these. */
  identitiesOnly: boolean;
  certificates: string[];
  /** The agent's socket. */
  agent: string | null;
  proxyJump: string | null;
  /** The name and port under which the host's key is on file. */
  keyAddress: HostAddress;
  knownHosts: string[];
  onlySystemClient: SystemClientReason | null;
}

export interface LocalPlace {
  home: string;
  user: string;
  env: NodeJS.ProcessEnv;
}

/** Reads what `ssh -G` prints (ssh_config(5) has the words). Throws ConnectRefused where something can't be followed. */
export function readSettings(text: string, name: string, local: LocalPlace): HostSettings {
  const found = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, word, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (word === undefined || value === undefined) continue;
    found.set(word, [...(found.get(word) ?? []), value]);
  }
  return settingsOf((word) => found.get(word) ?? [], name, local);
}

export function settingsOf(all: (word: string) => string[], name: string, local: LocalPlace): HostSettings {
  const one = (word: string): string | undefined => all(word).find((value) => value !== 'none');
  const [host, user, portText] = [one('hostname') ?? name, one('user') ?? local.user, one('port') ?? '22'];
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConnectRefused('ssh-config', `${portText} is no port`);
  }
  const alias = one('hostkeyalias');
  const tokens = { d: local.home, h: host, n: name, p: portText, r: user, u: local.user, k: alias ?? name };
  const path = (value: string): string => expandPath(value, tokens, local);
  const paths = (word: string): string[] =>
    all(word)
      .filter((value) => value !== 'none')
      .map(path);
  const lists = (word: string): string[] =>
    all(word)
      .flatMap(splitPaths)
      .filter((value) => value !== 'none')
      .map(path);
  const agent = agentOf(all('identityagent')[0], path, local.env);
  return {
    host,
    port,
    user,
    identities: [...new Set(paths('identityfile'))],
    identitiesOnly: one('identitiesonly') === 'yes',
    certificates: paths('certificatefile'),
    agent,
    proxyJump: one('proxyjump') ?? null,
    keyAddress: alias === undefined ? { host, port } : { host: alias, port: 22 },
    knownHosts: [...lists('userknownhostsfile'), ...lists('globalknownhostsfile')],
    onlySystemClient: one('proxycommand') ? 'proxy-command' : one('revokedhostkeys') ? 'revoked-keys' : null,
  };
}

function agentOf(value: string | undefined, path: (value: string) => string, env: NodeJS.ProcessEnv): string | null {
  if (value === 'none') return null;
  if (value === undefined || value === 'SSH_AUTH_SOCK') return env['SSH_AUTH_SOCK'] || null;
  if (/^\$\w+$/.test(value)) return env[value.slice(1)] || null;
  return path(value);
}
