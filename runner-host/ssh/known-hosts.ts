import { createHmac, timingSafeEqual } from 'node:crypto';

/** A line of known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). The file is only ever read. */
export interface KnownHostLine {
  number: number;
  marker: 'plain' | 'cert-authority' | 'revoked';
  /** As written: patterns between commas, or one hashed name. */
  hosts: string;
  keyType: string;
  key: Buffer;
}

export interface KnownHosts {
  lines: KnownHostLine[];
  /** Numbers of lines that are neither empty nor a comment and could not be read: they count for nothing. */
  malformed: number[];
}

export interface HostAddress {
  host: string;
  port: number;
}

export type HostKeyState = 'known' | 'unknown' | 'changed' | 'revoked';

export interface HostKeyAnswer {
  state: HostKeyState;
  /** The lines that say so. */
  lines: number[];
}

const MARKERS = { '@cert-authority': 'cert-authority', '@revoked': 'revoked' } as const;
const DEFAULT_PORT = 22;

export function parseKnownHosts(text: string): KnownHosts {
  const found: KnownHosts = { lines: [], malformed: [] };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '').replace(/^[ \t]+/, '');
    if (line === '' || line.startsWith('#')) continue;
    const read = parseLine(line, index + 1);
    if (read === undefined) found.malformed.push(index + 1);
    else found.lines.push(read);
  }
  return found;
}

function parseLine(line: string, number: number): KnownHostLine | undefined {
  const fields = line.split(/[ \t]+/);
  const marked = fields[0]?.startsWith('@') ?? false;
  const marker = marked ? MARKERS[fields.shift() as keyof typeof MARKERS] : 'plain';
  const [hosts, keyType, encoded] = fields;
  if (marker === undefined || !hosts || !keyType || !encoded || !/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) return;
  const key = Buffer.from(encoded, 'base64');
  return typeInside(key) === keyType ? { number, marker, hosts, keyType, key } : undefined;
}

/** The name that a public key begins with (RFC 4253, 6.6). */
function typeInside(key: Buffer): string | undefined {
  if (key.length < 4) return;
  const length = key.readUInt32BE(0);
  return length > key.length - 4 ? undefined : key.toString('latin1', 4, 4 + length);
}

/** The lines that name a host as ssh looks for it: `name`, or `[name]:port` beside port 22. Case does not matter. */
export function linesNaming(known: KnownHosts, name: string): KnownHostLine[] {
  const lower = name.toLowerCase();
  return known.lines.filter(({ hosts }) =>
    hosts.startsWith('|') ? matchesHash(hosts, lower) : matchesPatterns(hosts.toLowerCase(), lower),
  );
}

function matchesHash(field: string, name: string): boolean {
  const [, version, salt, hash, ...rest] = field.split('|');
  if (version !== '1' || !salt || !hash || rest.length > 0) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** One negated pattern that matches outweighs all others. */
function matchesPatterns(list: string, name: string): boolean {
  let matched = false;
  for (const entry of list.split(',')) {
    const negated = entry.startsWith('!');
    if (!matchesPattern(negated ? entry.slice(1) : entry, name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

/** `*` and `?`, without going back over more than one star: a hostile pattern must not take for ever. */
function matchesPattern(pattern: string, name: string): boolean {
  let [at, inName, star, resume] = [0, 0, -1, 0];
  while (inName < name.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = inName;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[inName])) {
      at++;
      inName++;
    } else if (star !== -1) {
      at = star + 1;
      inName = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

function namesOf({ host, port }: HostAddress): string[] {
  return port === DEFAULT_PORT ? [host] : [`[${host}]:${port}`, host];
}

/**
 * What the file says of the key that a host presents. A revoked key is revoked under either name. The name with the port is
 * asked first, and any plain line there decides; under the bare name a key can be known, but another one there is
 * no change: it may be that of the server at port 22. A certificate authority's line vouches for no plain key.
 */
export function judgeHostKey(known: KnownHosts, address: HostAddress, key: Buffer): HostKeyAnswer {
  const passes = namesOf(address).map((name) => linesNaming(known, name));
  const numbers = (lines: readonly KnownHostLine[]): number[] => lines.map(({ number }) => number);
  const same = passes.flat().filter((line) => line.key.equals(key));
  const revoked = same.filter(({ marker }) => marker === 'revoked');
  if (revoked.length > 0) return { state: 'revoked', lines: numbers(revoked) };
  for (const [index, pass] of passes.entries()) {
    const plain = pass.filter(({ marker }) => marker === 'plain');
    const equal = plain.filter((line) => line.key.equals(key));
    if (equal.length > 0) return { state: 'known', lines: numbers(equal) };
    if (plain.length > 0) return index === 0 ? { state: 'changed', lines: numbers(plain) } : UNKNOWN;
  }
  return UNKNOWN;
}

const UNKNOWN: HostKeyAnswer = { state: 'unknown', lines: [] };

/** Types of the host's plain keys on file, in the file's order. Without them first in the offer, a known host can look changed. */
export function keyTypesOnFile(known: KnownHosts, address: HostAddress): string[] {
  const passes = namesOf(address).map((name) => linesNaming(known, name).filter(({ marker }) => marker === 'plain'));
  return [...new Set((passes.find((lines) => lines.length > 0) ?? []).map(({ keyType }) => keyType))];
}

/** The signature algorithms of a key type, best first; RSA keys sign with more than one (RFC 8332). */
const algorithmsOf = (type: string): string[] =>
  type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'] : [type];

/** `supported` with those for the types on file first. Nothing is added: a name that the client does not know would throw there. */
export function orderHostKeyAlgorithms(types: readonly string[], supported: readonly string[]): string[] {
  const first = types.flatMap(algorithmsOf).filter((name) => supported.includes(name));
  return [...new Set([...first, ...supported])];
}
