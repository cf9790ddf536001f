import * as vscode from 'vscode';
import { waitingFindings } from '../../pipeline/findings/waiting-findings';
import { oneLine } from '../format';
import * as messages from '../messages';
import type { CommandWorld } from './command-world';
import { targetOf } from './target';
import { tell, tellRefusal } from './tell';

const SHOWN = 15;

/** Shows the findings that an item is held for and takes the person's word on exactly those. */
export async function acknowledgeFindings(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(
    world,
    argument,
    messages.chooseToAcknowledge(),
    (condition, id, read) => condition === 'held' && waitingFindings(read, id) !== undefined,
  );
  if (!ref) return;
  const { engine } = ref.repository;
  const waiting = waitingFindings(engine.read, ref.item);
  if (!waiting) return tell('information', messages.noFindings(ref.item), [], ref);
  const lines = waiting.findings.slice(0, SHOWN).map(({ path, detail }) => oneLine(`${path}: ${detail}`, 200));
  const button = messages.acknowledgeButton();
  const answer = await vscode.window.showWarningMessage(
    messages.acknowledgeTitle(ref.item, waiting.count),
    { modal: true, detail: messages.acknowledgeDetail(lines, waiting.count - lines.length) },
    button,
  );
  if (answer !== button) return;
  const outcome = await engine.acknowledge(ref.item, await world.actor(ref.repository), '', waiting.hash);
  if (!outcome.ok) tellRefusal(outcome.reason, ref);
}
