import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod, BaseAgent, ParsedKey } from 'ssh2';
import { orderedAgent } from './agent-keys';
import type { HostSettings, SystemClientReason } from './host-settings';
import { isEncrypted, isSecurityKey } from './key-text';
import type { Ssh2Module } from './load-ssh2';
import type { HostSecrets } from './remote-host';

/** One way to log in, tried once. */
export interface LoginAttempt {
  method: 'none' | 'publickey' | 'password' | 'keyboard-interactive';
  login: AnyAuthMethod;
}

export interface Credentials {
  attempts: LoginAttempt[];
  /** Identity files that are there and could not be used. */
  unusable: { identity: string; encrypted: boolean }[];
  /** Something the client can't use is configured and is there. */
  onlySystemClient: SystemClientReason | null;
}

/**
 * All that may be offered to one host: key files, then the agent's other keys, then the password. A password goes to the host
 * that it was given for, never to one on the way.
 */
export async function gatherCredentials(
  ssh2: Ssh2Module,
  settings: HostSettings,
  { passphrases, password }: HostSecrets,
): Promise<Credentials> {
  const { user: username, identities, agent } = settings;
  const found: Credentials = { attempts: [], unusable: [], onlySystemClient: null };
  const tried: Buffer[] = [];
  const named: Buffer[] = [];
  for (const identity of identities) {
    const text = await textOf(identity);
    if (await certifies(identity)) found.onlySystemClient ??= 'certificate';
    if (text === undefined) continue;
    const key = parse(ssh2, text, passphrases[identity]);
    const open = await publicKeyOf(ssh2, key, identity);
    if (key?.isPrivateKey()) {
      found.attempts.push({ method: 'publickey', login: { type: 'publickey', username, key } });
      tried.push(key.getPublicSSH());
    } else if (open !== undefined) named.push(open);
    if (key !== undefined) continue;
    if (isSecurityKey(text)) found.onlySystemClient ??= 'security-key';
    else found.unusable.push({ identity, encrypted: isEncrypted(text) });
  }
  if (settings.certificates.length > 0) found.onlySystemClient ??= 'certificate';
  if (agent !== null) {
    const keys = orderedAgent(ssh2, agent, { first: named, without: tried, onlyFirst: settings.identitiesOnly });
    found.attempts.push({ method: 'publickey', login: { type: 'agent', username, agent: keys as BaseAgent } });
  }
  if (password !== null) found.attempts.push(...passwordAttempts(username, password));
  return found;
}

function passwordAttempts(username: string, password: string): LoginAttempt[] {
  let answered = false;
  return [
    { method: 'password', login: { type: 'password', username, password } },
    {
      method: 'keyboard-interactive',
      login: {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          // One hidden question is the password's; a second one asks for something else, or again.
          const fits = !answered && prompts.length === 1 && prompts[0]?.echo === false;
          answered = true;
          finish(fits ? [password] : prompts.map(() => ''));
        },
      },
    },
  ];
}

function parse(ssh2: Ssh2Module, text: string, passphrase: string | undefined): ParsedKey | undefined {
  const parsed: unknown = ssh2.utils.parseKey(text, passphrase);
  const key: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  return key instanceof Error ? undefined : (key as ParsedKey);
}

/** The public half, of the key itself or of the file beside it. */
async function publicKeyOf(
  ssh2: Ssh2Module,
  key: ParsedKey | undefined,
  identity: string,
): Promise<Buffer | undefined> {
  if (key !== undefined) return key.getPublicSSH();
  const text = await textOf(`${identity}.pub`);
  return text === undefined ? undefined : parse(ssh2, text, undefined)?.getPublicSSH();
}

async function certifies(identity: string): Promise<boolean> {
  return (await textOf(`${identity}-cert.pub`)) !== undefined;
}

/** A file that can't be read holds no key for us: the login then fails, and says so. */
async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    error.code === 'ENOENT' || error.code === 'ENOTDIR' ? undefined : '',
  );
}
