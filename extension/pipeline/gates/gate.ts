import type { Reason } from '../outcome';

/** A gate's answer: a pure function of artifact and ledger evidence. Closed always says why. */
export type GateAnswer = { open: true; reason: Reason } | { open: false; reason: Reason };
