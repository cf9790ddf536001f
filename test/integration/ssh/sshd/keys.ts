import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface KeyFiles {
  /** The private key's path. */
  path: string;
  /** `type base64`, without the comment. */
  line: string;
  blob: Buffer;
}

/** A new key pair at `path`. */
export function makeKey(path: string, type: 'ed25519' | 'rsa' | 'ecdsa' = 'ed25519', passphrase = ''): KeyFiles {
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  // Few rounds: a passphrase is to be slow to guess, not slow to test.
  const rounds = passphrase === '' ? [] : ['-a', '1'];
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, ...rounds, '-N', passphrase, '-C', '', '-f', path]);
  return publicKey(path);
}

export function publicKey(path: string): KeyFiles {
  const line = readFileSync(`${path}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
  return { path, line, blob: Buffer.from(line.split(' ')[1] ?? '', 'base64') };
}
