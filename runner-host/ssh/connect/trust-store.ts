import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { judgeHostKey, parseKnownHosts, type HostAddress, type KnownHosts } from '../known-hosts';

/** Where a key was written down, or why not. A key that differs from the one on file is never written beside it. */
export type TrustAnswer = 'trusted' | 'known' | 'changed' | 'revoked';

/**
 * All lines of these known_hosts files. One that is not there has none; one that can't be read throws, as it may hold the
 * line that says no. The files are not written.
 */
export async function readKnownHosts(paths: readonly string[]): Promise<KnownHosts> {
  const texts = await Promise.all(paths.map(readIfThere));
  const files = texts.map(parseKnownHosts);
  return { lines: files.flatMap(({ lines }) => lines), malformed: files.flatMap(({ malformed }) => malformed) };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw error;
  }
}

/**
 * Writes a key that a person has compared into our own store, a known_hosts file. `others`: files that are only read, and that
 * may say no. Throws if a file can't be read or written, or if the name can't stand in one.
 */
export async function trust(
  store: string,
  address: HostAddress,
  key: Buffer,
  others: readonly string[] = [],
): Promise<TrustAnswer> {
  const line = knownHostLine(address, key);
  const { state } = judgeHostKey(await readKnownHosts([store, ...others]), address, key);
  if (state !== 'unknown') return state;
  await mkdir(dirname(store), { recursive: true, mode: 0o700 });
  await appendFile(store, line, { mode: 0o600 });
  return 'trusted';
}

/** One line of a known_hosts file. Throws if it would not be read back as what it says. */
export function knownHostLine(address: HostAddress, key: Buffer): string {
  const name = address.port === 22 ? address.host : `[${address.host}]:${address.port}`;
  const length = key.length < 4 ? 0 : key.readUInt32BE(0);
  const line = `${name} ${key.toString('latin1', 4, 4 + length)} ${key.toString('base64')}`;
  const read = parseKnownHosts(line).lines;
  const plain = /^[A-Za-z0-9_.:%[\]-]+$/.test(name) && read.length === 1;
  if (!plain || judgeHostKey({ lines: read, malformed: [] }, address, key).state !== 'known') {
    throw new Error('not a host name and a key that a known_hosts file can hold');
  }
  // A line feed before it too: the file may end within a line.
  return `\n${line}\n`;
}

/** As ssh and ssh-keygen show it. */
export const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
