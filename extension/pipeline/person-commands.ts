import type { ProjectConfig } from '../config/project-config';
import type { ItemRow } from '../ledger/rows';
import type { PipelinePorts } from './context';
import type { Reason } from './outcome';
import { lostRace, rowsOf } from './record';
import { transition, type ItemEvent } from './transition';

export interface PersonCommand {
  item: string;
  actor: string;
  /** What the person says; may be empty. */
  reason: string;
}

export type CommandOutcome = { ok: true; item: ItemRow; text: string } | { ok: false; reason: Reason };

type Config = Pick<ProjectConfig, 'stages' | 'budgets' | 'merge'>;

/** A person stops the item where it stands. A run that is going ends, its verdict waits for the release. */
export async function holdItem(ports: PipelinePorts, config: Config, command: PersonCommand): Promise<CommandOutcome> {
  const text = command.reason || `held by ${command.actor}`;
  return apply(ports, config, command, () => ({
    type: 'hold',
    reason: { code: 'held-by-person', text, remedy: `interlock release ${command.item}` },
  }));
}

/** Lifts a hold and gives fresh budgets, or moves a stage that no exit code decides on as the person's own decision. */
export async function releaseItem(
  ports: PipelinePorts,
  config: Config,
  command: PersonCommand,
): Promise<CommandOutcome> {
  const said = command.reason ? `: ${command.reason}` : '';
  return apply(ports, config, command, (item) => ({
    type: 'release',
    reason:
      item.condition === 'held'
        ? { code: 'released', text: `released by ${command.actor}${said}`, remedy: '' }
        : {
            code: 'moved-on-by-person',
            text: `${item.stage} moved on by ${command.actor}, without a gate${said}`,
            remedy: '',
          },
  }));
}

/** Sends the item to development, at no cost to its budgets. */
export async function sendBackItem(
  ports: PipelinePorts,
  config: Config,
  command: PersonCommand,
): Promise<CommandOutcome> {
  const said = command.reason ? `: ${command.reason}` : '';
  return apply(ports, config, command, () => ({
    type: 'send-back',
    reason: { code: 'sent-back', text: `sent back by ${command.actor}${said}`, remedy: '' },
  }));
}

async function apply(
  ports: PipelinePorts,
  config: Config,
  command: PersonCommand,
  eventFor: (item: ItemRow) => ItemEvent,
): Promise<CommandOutcome> {
  const { ledger } = ports;
  await ledger.refresh();
  const item = ledger.read.item(command.item);
  if (!item) return { ok: false, reason: unknownItem(command.item) };
  const rules = { ...config, now: ports.clock.now(), random: 0, actor: command.actor };
  const event = eventFor(item);
  const step = transition(item, event, rules);
  if (!step.ok) return step;
  const written = await ledger.commit({ actor: command.actor, event: event.type, ...rowsOf(item, step) });
  if (!written.ok) return { ok: false, reason: lostRace(item, written) };
  return { ok: true, item: step.item, text: step.transition.reason };
}

export function unknownItem(id: string): Reason {
  return { code: 'unknown-item', text: `there is no work item ${id}`, remedy: 'interlock list' };
}
