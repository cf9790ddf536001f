import * as vscode from 'vscode';
import type { CommandWorld } from '../commands/command-world';
import type { ItemRef } from '../commands/item-ref';
import { targetOf } from '../commands/target';
import { tell, tellRefusal } from '../commands/tell';
import * as messages from '../messages';
import type { OpenRepository } from '../repositories';
import { askReason } from './ask-reason';
import { openFindings, waivedBy } from './open-findings';
import { mergeQueues } from './queue-model';
import * as words from './words';

const advance = { title: messages.advanceButton(), command: 'interlock.advanceStage' };

/** `Interlock: Waive Finding`: shows the finding, and takes a person's reason for letting it pass. */
export async function waiveFinding(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, words.chooseToWaive());
  if (!ref) return;
  const { engine } = ref.repository;
  const findings = openFindings(await engine.report(ref.item));
  const named = waivedBy(argument);
  const finding =
    named === undefined ? await chooseFinding(ref, findings) : findings.find(({ hash }) => hash === named);
  if (!finding) return named === undefined ? undefined : tell('warning', words.findingGone(), [], ref);
  const button = words.waiveButton();
  const chosen = await vscode.window.showWarningMessage(
    words.waiveHeading(ref.item, finding.word),
    { modal: true, detail: words.waiveDetail(finding) },
    button,
  );
  if (chosen !== button) return;
  const reason = await askReason(words.waiveTitle(ref.item));
  if (reason === undefined) return;
  const outcome = await engine.waive(ref.item, await world.actor(ref.repository), reason, finding.hash);
  if (!outcome.ok) return tellRefusal(outcome.reason, ref);
  tell('information', words.waived(ref.item, findings.length - 1), [advance], ref);
}

async function chooseFinding(ref: ItemRef, findings: ReturnType<typeof openFindings>) {
  if (findings.length === 0) {
    tell('information', words.noFindings(ref.item), [], ref);
    return undefined;
  }
  const choices = findings.map((finding) => ({
    label: finding.word,
    description: finding.path,
    detail: finding.line || finding.why,
    finding,
  }));
  const options = { placeHolder: words.chooseFinding(), matchOnDescription: true, matchOnDetail: true };
  return (await vscode.window.showQuickPick(choices, options))?.finding;
}

/** `Interlock: Renumber`: the item's documents yield their numbers, in a commit on its branch. */
export async function renumber(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, words.chooseToRenumber());
  if (!ref) return;
  const outcome = await ref.repository.engine.renumber(ref.item, await world.actor(ref.repository));
  if (!outcome.ok) return tellRefusal(outcome.reason, ref);
  world.log.info(`${ref.item}: ${outcome.text}`);
  tell('information', messages.sentence(outcome.text), [advance], ref);
}

/** `Interlock: Reserve Document Number`: the next free number of a series is the item's. */
export async function reserveNumber(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, words.chooseToReserve());
  if (!ref) return;
  const { engine } = ref.repository;
  const reading = await engine.config();
  const numbered = reading.ok ? (reading.loaded.config.merge?.numbered ?? []) : [];
  const [first, second] = numbered;
  const series =
    second === undefined
      ? (first ?? null)
      : await vscode.window.showQuickPick(numbered, { placeHolder: words.chooseSeries() });
  if (series === undefined) return;
  const outcome = await engine.reserve(ref.item, series, await world.actor(ref.repository));
  if (!outcome.ok) return tellRefusal(outcome.reason, ref);
  world.log.info(`${ref.item}: ${outcome.text}`);
  tell('information', messages.sentence(outcome.text), [], ref);
}

/** `Interlock: Unfreeze Queue`: shows why nothing lands, and lets it go on once a person has said so. */
export async function unfreezeQueue(world: CommandWorld, argument: unknown): Promise<void> {
  await world.repositories.ready();
  const frozen = world.repositories.all.flatMap((repository) =>
    mergeQueues(repository.engine.read).flatMap(({ base, frozen: why }) => (why ? [{ repository, base, why }] : [])),
  );
  const chosen = placeOf(argument, frozen) ?? (await chooseQueue(frozen));
  if (!chosen) return frozen.length === 0 ? tell('information', words.nothingFrozen(), []) : undefined;
  const { repository, base, why } = chosen;
  const button = words.unfreezeButton();
  const said = await vscode.window.showWarningMessage(
    words.unfreezeHeading(base),
    { modal: true, detail: words.unfreezeDetail(why.reason) },
    button,
  );
  if (said !== button) return;
  const reason = await askReason(words.unfreezeTitle(base));
  if (reason === undefined) return;
  const outcome = await repository.engine.unfreeze(await world.actor(repository), reason, base);
  if (!outcome.ok) return tell('warning', messages.sentence(outcome.reason.text), []);
  world.tree.refresh();
  tell('information', words.unfrozen(base), []);
}

interface FrozenQueue {
  repository: OpenRepository;
  base: string;
  why: { reason: string };
}

/** The queue that a row of the tree or a report of the item means. */
function placeOf(argument: unknown, frozen: readonly FrozenQueue[]): FrozenQueue | undefined {
  if (typeof argument !== 'object' || argument === null || !('repository' in argument)) return undefined;
  const here = frozen.filter(({ repository }) => repository.key === argument.repository);
  return 'base' in argument ? here.find(({ base }) => base === argument.base) : here.length === 1 ? here[0] : undefined;
}

async function chooseQueue(frozen: readonly FrozenQueue[]): Promise<FrozenQueue | undefined> {
  const [only, second] = frozen;
  if (!second) return only;
  const choices = frozen.map((queue) => ({
    label: queue.base,
    description: queue.repository.name,
    detail: queue.why.reason,
    queue,
  }));
  return (await vscode.window.showQuickPick(choices, { placeHolder: words.chooseQueue() }))?.queue;
}

/** `Interlock: Verify Commit`: whether what stands on base is what its receipt says. */
export async function verifyCommit(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(
    world,
    argument,
    words.chooseToVerify(),
    (_condition, id, read) => read.landings(id).length > 0,
  );
  if (!ref) return;
  const { engine } = ref.repository;
  const commit = engine.read.landings(ref.item)[0]?.commit_id;
  if (commit === undefined) return tell('information', words.notLanded(ref.item), [], ref);
  const verified = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: words.verifying(commit) },
    () => engine.verifyCommit(commit),
  );
  if (verified.ok) return tell('information', words.verified(commit), [], ref);
  tell('warning', words.notVerified(commit, verified.problems), [], ref);
}
