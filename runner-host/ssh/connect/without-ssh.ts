import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectRefused } from './connect-refused';
import { settingsOf, type HostSettings, type LocalPlace } from './host-settings';
import type { HostName } from './proxy-jump';

/** What this reader follows. Every other word that changes who is reached or trusted is refused, not passed over. */
const FOLLOWED = [
  'hostname',
  'port',
  'user',
  'identityfile',
  'identitiesonly',
  'identityagent',
  'proxyjump',
  'hostkeyalias',
];
const REFUSED =
  /^(include|match|proxycommand|certificatefile|userknownhostsfile|globalknownhostsfile|revokedhostkeys|knownhostscommand|canonicalizehostname|pkcs11provider|securitykeyprovider|hostkeyalgorithms)$/;
const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk'];

/**
 * The settings where no ssh can be asked: a small part of ssh_config(5). Throws ConnectRefused where the configuration has more.
 */
export async function settingsWithoutSsh(
  name: HostName,
  local: LocalPlace,
  config = join(local.home, '.ssh', 'config'),
): Promise<HostSettings> {
  const found = readConfig(await textOf(config), name.host);
  const given = (word: string, value: number | string | null): void => {
    if (value !== null) found.set(word, [String(value)]);
  };
  given('port', name.port);
  given('user', name.user);
  const host = found.get('hostname')?.[0]?.replaceAll('%h', name.host);
  if (host !== undefined) found.set('hostname', [host]);
  if (!found.has('identityfile'))
    found.set(
      'identityfile',
      DEFAULT_KEYS.map((key) => `~/.ssh/${key}`),
    );
  found.set('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']);
  found.set('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']);
  return settingsOf((word) => found.get(word) ?? [], name.host, local);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new ConnectRefused('ssh-config', 'the ssh configuration can not be read');
  }
}

/** The first value of a word counts, IdentityFile adds up. */
function readConfig(text: string, name: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let applies = true;
  for (const raw of text.split('\n')) {
    const [, key, value] = /^\s*([A-Za-z0-9]+)(?:\s+|\s*=\s*)(.*?)\s*$/.exec(raw) ?? [];
    if (key === undefined || value === undefined) continue;
    const word = key.toLowerCase();
    if (REFUSED.test(word)) {
      throw new ConnectRefused('ssh-config', `${key} in the ssh configuration needs the ssh program, which is missing`);
    }
    if (word === 'host') applies = matches(value, name);
    else if (applies && FOLLOWED.includes(word) && (word === 'identityfile' || !found.has(word))) {
      found.set(word, [...(found.get(word) ?? []), value.replace(/^"(.*)"$/, '$1')]);
    }
  }
  return found;
}

function matches(patterns: string, name: string): boolean {
  const list = patterns.split(/\s+/).map((entry) => entry.replace(/^"(.*)"$/, '$1'));
  const fits = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*+/g, '.*')
        .replaceAll('?', '.')}$`,
    ).test(name);
  if (list.some((entry) => entry.startsWith('!') && fits(entry.slice(1)))) return false;
  return list.some((entry) => !entry.startsWith('!') && fits(entry));
}
