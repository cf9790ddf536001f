import { GitError } from '../../git/git-error';
import type { ProjectConfig } from '../../config/project-config';
import type { AdvanceContext, PipelinePorts } from '../context';
import type { AdvanceReport } from '../outcome';
import type { CommandOutcome } from '../person-commands';
import { recordAndReport, refuseVisibly } from '../record';
import { reserveNumber } from './reserve-number';

/**
 * Stage `architecture` begins with a number in each series: whoever writes the document has to know it. Returns the report of an advance
 * that must not go on; a remote that does not answer is never the item's fault.
 */
export async function reserveForStage(context: AdvanceContext): Promise<AdvanceReport | undefined> {
  const { ports, loaded, item, actor, onProgress } = context;
  for (const series of lacking(ports, loaded.config, item.id)) {
    try {
      const reserved = await reserveNumber(ports, loaded.config, { item: item.id, series, actor });
      if (!reserved.ok) return await refuseVisibly(context, reserved.reason);
      onProgress({ kind: 'note', item: item.id, text: reserved.text });
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      const { code, remedy, detail } = error;
      const reason = { code, text: `no number of ${series} could be reserved: ${detail}`, remedy };
      const lasting = code === 'no-such-remote' || code === 'no-such-branch';
      return recordAndReport(context, { type: lasting ? 'permanent' : 'transient', run: null, reason });
    }
  }
  return undefined;
}

/** The same for an item that a person has just brought to `architecture`. What they did stands; what could not be reserved is said. */
export async function reserveOnArrival(
  ports: Pick<PipelinePorts, 'ledger' | 'git' | 'clock'>,
  config: Pick<ProjectConfig, 'base' | 'remote' | 'merge'>,
  outcome: CommandOutcome,
  actor: string,
): Promise<CommandOutcome> {
  if (!outcome.ok || outcome.item.stage !== 'architecture') return outcome;
  const { item } = outcome;
  const said = [outcome.text];
  for (const series of lacking(ports, config, item.id)) {
    try {
      const reserved = await reserveNumber(ports, config, { item: item.id, series, actor });
      said.push(reserved.ok ? reserved.text : `${reserved.reason.text}: ${reserved.reason.remedy}`);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      said.push(`no number of ${series} could be reserved (${error.detail}): interlock reserve ${item.id} "${series}"`);
    }
  }
  return { ...outcome, text: said.join('; ') };
}

function lacking(
  { ledger }: Pick<PipelinePorts, 'ledger'>,
  { merge }: Pick<ProjectConfig, 'merge'>,
  item: string,
): string[] {
  const known = ledger.read.reservations().filter((row) => row.item === item);
  return (merge?.numbered ?? []).filter((pattern) => !known.some(({ series }) => series === pattern));
}
