import { timingSafeEqual } from 'node:crypto';
import type { AuthContext, KeyboardAuthContext, ParsedKey } from 'ssh2';
import type { Ssh2Module } from '../connect/load-ssh2';
import type { DemoFaults } from './faults';

export interface Gatekeeper {
  hostPrivate: string;
  hostKey: Buffer;
  clientPrivate: string;
  judge(attempt: AuthContext, faults: DemoFaults): void;
}

/** Makes the keys of one demo host, and lets in who has the one for clients. */
export function makeGatekeeper(ssh2: Ssh2Module): Gatekeeper {
  const host = makeKeys(ssh2);
  const client = makeKeys(ssh2);
  const allowed = client.public;
  return {
    hostPrivate: host.private,
    hostKey: host.public.getPublicSSH(),
    clientPrivate: client.private,
    judge(attempt, { rejectAuth, password }) {
      if (rejectAuth) return attempt.reject(['publickey']);
      if (password !== null) return judgePassword(attempt, password);
      if (attempt.method !== 'publickey' || !equal(attempt.key.data, allowed.getPublicSSH())) {
        return attempt.reject(['publickey']);
      }
      // The first question is only whether the key would do.
      if (attempt.signature === undefined) return attempt.accept();
      const { blob, signature, hashAlgo } = attempt;
      if (blob !== undefined && allowed.verify(blob, signature, hashAlgo) === true) attempt.accept();
      else attempt.reject(['publickey']);
    },
  };
}

/** One pair in 256 comes out of the generator malformed, and could not be read again. */
export function makeKeys({ utils }: Ssh2Module, generate = utils.generateKeyPairSync): Keys {
  for (let tries = 0; tries < 20; tries++) {
    const made = generate('ed25519');
    const key = utils.parseKey(made.private);
    if (!(key instanceof Error)) return { private: made.private, public: key };
  }
  throw new Error('no usable key came out of the generator');
}

interface Keys {
  private: string;
  /** Has the public part of the private one. */
  public: ParsedKey;
}

function judgePassword(
  attempt: AuthContext,
  { method, value, prompts = 1 }: NonNullable<DemoFaults['password']>,
): void {
  if (attempt.method !== method) return attempt.reject([method]);
  if (attempt.method === 'password') return attempt.password === value ? attempt.accept() : attempt.reject([method]);
  const asked = Array.from({ length: prompts }, (_, index) => ({ prompt: `Question ${index}: `, echo: false }));
  (attempt as KeyboardAuthContext).prompt(asked, (answers) => {
    if (answers.length === prompts && answers[0] === value && prompts === 1) attempt.accept();
    else attempt.reject([method]);
  });
}

const equal = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
