import type { Finding } from '../../artifacts/evidence';
import type { ProjectConfig } from '../../config/project-config';
import type { PipelinePorts } from '../context';
import type { Reason } from '../outcome';
import { unknownItem, type CommandOutcome, type PersonCommand } from '../person-commands';
import { lostRace, rowsOf } from '../record';
import { transition } from '../transition';
import { shortSet } from './acknowledged';
import { waitingFindings } from './waiting-findings';

export interface AcknowledgeCommand extends PersonCommand {
  /** The set that the person was shown, or the start of its name (12 digits at least). */
  set: string;
}

/** Digits of a set's name that are enough. */
const SHORTEST = 12;
const PERSON = /^(person|cli):/;

/**
 * A person has looked at what the item changed of its own judges. Bound to exactly that set of findings: another set, and a
 * word that no person gave, are refused. The next advance goes on with the verdict that waits.
 */
export async function acknowledgeFindings(
  ports: PipelinePorts,
  config: Pick<ProjectConfig, 'stages' | 'budgets'>,
  command: AcknowledgeCommand,
): Promise<CommandOutcome> {
  const { ledger, clock } = ports;
  const { actor } = command;
  await ledger.refresh();
  const item = ledger.read.item(command.item);
  if (!item) return { ok: false, reason: unknownItem(command.item) };
  const waiting = waitingFindings(ledger.read, item.id);
  if (!waiting) return refuse('no-findings', `${item.id} waits for nobody to look at findings`, item.id);
  if (!PERSON.test(actor))
    return refuse('not-a-person', `findings are acknowledged by a person, not by ${actor}`, item.id);
  const { run, hash } = waiting;
  if (command.set.length < SHORTEST || !hash.startsWith(command.set))
    return { ok: false, reason: otherSet(item.id, waiting) };
  const said = command.reason ? `: ${command.reason}` : '';
  const reason = {
    code: 'findings-acknowledged',
    text: `findings ${shortSet(hash)} seen by ${actor}${said}`,
    remedy: '',
  };
  const rules = { ...config, now: clock.now(), random: 0, actor };
  const step = transition(item, { type: 'acknowledge', run, reason }, rules);
  if (!step.ok) return step;
  const written = await ledger.commit({ actor, event: 'acknowledge', ...rowsOf(item, step) });
  if (!written.ok) return { ok: false, reason: lostRace(item, written) };
  return { ok: true, item: step.item, text: step.transition.reason };
}

function otherSet(
  item: string,
  { hash, findings, count }: { hash: string; findings: Finding[]; count: number },
): Reason {
  const named = findings.slice(0, 20).map(({ path, detail }) => `${path} (${detail})`);
  const more = count - named.length;
  return {
    code: 'other-findings',
    text: `what waits for a person at ${item} is set ${shortSet(hash)}: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    remedy: `Look at the changes, then: interlock acknowledge ${item} --set ${shortSet(hash)}`,
  };
}

function refuse(code: string, text: string, item: string): { ok: false; reason: Reason } {
  return { ok: false, reason: { code, text, remedy: `interlock why ${item}` } };
}
