import type { Ledger, LedgerReads } from '../../ledger/ledger';
import type { Reason } from '../outcome';

/** The ledger's row of the gate's last proof: state `sighted` or `blind`. */
export const GATE_PROOF = 'gate-proof';

/** Why nothing may pass at present: the last proof found the gate blind. Undefined: it did not, or there was none. */
export function blindGate(read: Pick<LedgerReads, 'switches'>): Reason | undefined {
  const proof = read.switches().find((row) => row.name === GATE_PROOF);
  if (!proof || proof.state === 'sighted') return undefined;
  return {
    code: 'gate-blind',
    text: `the gate was found blind: ${proof.reason}`,
    remedy: 'Make the suite fail when a test fails, then: interlock prove. After that:',
  };
}

/** Keeps what a proof found, until the next one; throws `LedgerError` if it cannot be kept. */
export async function recordProof(
  ledger: Ledger,
  proof: { state: 'sighted' | 'blind'; actor: string; reason: string; at: number },
): Promise<void> {
  for (;;) {
    await ledger.refresh();
    const before = ledger.read.switches().find((row) => row.name === GATE_PROOF);
    const written = await ledger.commit({
      actor: proof.actor,
      event: 'gate-proof',
      pre: [['switches', GATE_PROOF, before ? { state: before.state, at: before.at } : null]],
      put: [['switches', { name: GATE_PROOF, ...proof }]],
    });
    if (written.ok) return;
  }
}
