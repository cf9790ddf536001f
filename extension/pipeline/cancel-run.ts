import type { PipelinePorts } from './context';
import { unknownItem, type CommandOutcome, type PersonCommand } from './person-commands';

/**
 * Stops the item's running run. Resolves when the host says that its processes are dead; the process that waits for the
 * run then records the cancellation, whoever that is.
 */
export async function cancelRun(
  ports: PipelinePorts,
  command: PersonCommand,
): Promise<CommandOutcome & { run?: string }> {
  const { ledger, host } = ports;
  await ledger.refresh();
  const item = ledger.read.item(command.item);
  if (!item) return { ok: false, reason: unknownItem(command.item) };
  // The newest is the one that goes: a run that waits for a control run is over itself.
  const job = ledger.read.openJobs(item.id).at(-1);
  if (!job) {
    const reason = {
      code: 'nothing-running',
      text: `${item.id} has no run that is going`,
      remedy: `interlock why ${item.id}`,
    };
    return { ok: false, reason };
  }
  const said = command.reason ? `: ${command.reason}` : '';
  await host.request('run/cancel', { run: job.id, reason: `cancelled by ${command.actor}${said}` });
  return { ok: true, item, run: job.id, text: `run ${job.id} is stopped; every process of it is dead` };
}
