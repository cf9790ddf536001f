import type { HostKeyAnswer } from './known-hosts';

/** What the verifier found, kept for the classification: the client's own error does not say why. */
export interface VerifierRecord {
  answer: HostKeyAnswer['state'] | 'none';
}

/**
 * A verifier for clients that take every answer but `false` for yes, a promise too: it answers at once, with a boolean, and with
 * `true` only for a key that is known. `judge` must be synchronous; if it throws or answers anything else, the key is refused.
 */
export function makeVerifier(
  judge: (key: Buffer) => HostKeyAnswer,
  onAnswer: (record: VerifierRecord) => void,
): (key: Buffer) => boolean {
  return (key) => {
    const answer = answerOf(judge, key);
    onAnswer({ answer });
    return answer === 'known';
  };
}

function answerOf(judge: (key: Buffer) => HostKeyAnswer, key: Buffer): VerifierRecord['answer'] {
  try {
    // Types end where a caller casts: a promise has no state.
    const { state } = judge(key) as Partial<HostKeyAnswer>;
    return state === 'known' || state === 'unknown' || state === 'changed' || state === 'revoked' ? state : 'none';
  } catch {
    return 'none';
  }
}
