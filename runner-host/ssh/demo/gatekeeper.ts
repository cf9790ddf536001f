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
  const host = ssh2.utils.generateKeyPairSync('ed25519');
  const client = ssh2.utils.generateKeyPairSync('ed25519');
  const allowed = ssh2.utils.parseKey(client.public) as ParsedKey;
  return {
    hostPrivate: host.private,
    hostKey: (ssh2.utils.parseKey(host.public) as ParsedKey).getPublicSSH(),
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
