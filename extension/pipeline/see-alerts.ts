import type { AlertRow } from '../ledger/rows';
import type { PipelinePorts } from './context';

/**
 * Marks alerts as seen by a person: they are shown no more, in any window.
 * @returns those that this call has marked; one that somebody else marked meanwhile is not among them
 */
export async function seeAlerts(
  { ledger, clock }: Pick<PipelinePorts, 'ledger' | 'clock'>,
  alerts: readonly AlertRow[],
  actor: string,
): Promise<AlertRow[]> {
  const at = clock.now();
  const marked = await Promise.all(
    alerts.map(async (alert) => {
      const written = await ledger.commit({
        actor,
        event: 'alert-seen',
        pre: [['alerts', alert.id, { acknowledged_at: null }]],
        put: [['alerts', { ...alert, acknowledged_at: at }]],
      });
      return written.ok ? alert : undefined;
    }),
  );
  return marked.filter((alert) => alert !== undefined);
}
