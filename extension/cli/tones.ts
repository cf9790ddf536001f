import type { Tone } from './line';

const TONES: Readonly<Record<string, Tone>> = {
  advanced: 'good',
  PASS: 'good',
  done: 'good',
  sighted: 'good',
  blind: 'bad',
  'rolled-back': 'bad',
  FAIL: 'bad',
  refused: 'bad',
  held: 'warning',
  deferred: 'warning',
  'lease-broken': 'warning',
  landed: 'good',
  waived: 'warning',
  'queue-frozen': 'bad',
  'queue-unfrozen': 'good',
  'queue-lease-released': 'warning',
  'queue-lease-taken-over': 'warning',
  INCONCLUSIVE: 'warning',
  infra: 'warning',
};

/** The tone of a word of the pipeline: a help for the eye, the word itself is always there. */
export const toneOf = (word: string | null): Tone | undefined => (word === null ? undefined : TONES[word]);
