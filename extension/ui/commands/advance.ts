import * as vscode from 'vscode';
import type { AdvanceReport } from '../../pipeline/outcome';
import type { Progress } from '../../pipeline/progress';
import { stageOf } from '../../pipeline/stages';
import * as messages from '../messages';
import { giveKnownSecrets, runsOnStaging } from '../staging/known-secrets';
import { checkButton } from '../staging-messages';
import { VIEW_ID, type CommandWorld } from './command-world';
import { refOf, type ItemRef } from './item-ref';
import { moveOn } from './move-on';
import { targetOf } from './target';
import { tell } from './tell';

/** `Interlock: Advance Stage`. From the tree the progress is in the tree; from the palette it can be cancelled where it is shown. */
export async function advance(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, messages.chooseToAdvance());
  if (!ref) return;
  const fromTree = refOf(argument, world.repositories) !== undefined;
  const quiet = world.notifier.mute(ref);
  try {
    const report = await vscode.window.withProgress(
      fromTree
        ? { location: { viewId: VIEW_ID } }
        : { location: vscode.ProgressLocation.Notification, cancellable: true, title: messages.advancing(ref.item) },
      (progress, token) => run(world, ref, progress, token),
    );
    await answer(world, ref, report);
  } finally {
    quiet.dispose();
  }
}

async function run(
  world: CommandWorld,
  ref: ItemRef,
  progress: vscode.Progress<{ message?: string }>,
  token: vscode.CancellationToken,
): Promise<AdvanceReport> {
  const { repository, item } = ref;
  const abort = new AbortController();
  // VS Code takes its message away at once. The tree says "stopping" until every process is dead; then the answer says so.
  token.onCancellationRequested(() => abort.abort());
  if (world.panels.reveals('onStart')) world.panels.showBeside(ref);
  const row = repository.engine.read.item(item);
  if (row && runsOnStaging(row.stage)) await giveKnownSecrets(repository, world.secrets);
  return repository.engine.advance(item, {
    actor: await world.actor(repository),
    signal: abort.signal,
    onProgress: (step) => {
      follow(world, ref, step);
      const message = messages.progress(step);
      if (message) progress.report({ message });
    },
  });
}

/** Takes what a run tells into the tree. */
export function follow(
  world: Pick<CommandWorld, 'repositories'>,
  { repository }: Pick<ItemRef, 'repository'>,
  step: Progress,
): void {
  if (repository.activity.take(step)) world.repositories.progressed(repository, new Set([step.item]));
}

/** The answer to the person who asked; everybody else sees the tree change. */
async function answer(world: CommandWorld, asked: ItemRef, report: AdvanceReport): Promise<void> {
  const ref = { ...asked, run: report.run };
  world.log.info(messages.logLine(report));
  const openReport = { title: messages.openReport(), command: 'interlock.openReport' };
  const showLog = { title: messages.showLog(), command: 'interlock.showLog' };
  const evidence = report.run === null ? [] : [openReport, showLog];
  const why = { title: messages.whyButton(), command: 'interlock.why' };
  switch (report.outcome) {
    case 'advanced':
      return;
    case 'rolled-back':
      if (world.panels.reveals('onFailure')) world.panels.showBeside({ ...ref, run: null });
      return tell('error', messages.rolledBack(report), evidence, ref);
    case 'held':
      if (report.run !== null && world.panels.reveals('onFailure')) world.panels.showBeside({ ...ref, run: null });
      return tell('error', messages.held(report), [...evidence, wayOut(report)], ref);
    case 'deferred':
      return tell('warning', messages.deferred(report), [...evidence, why], ref);
    case 'refused':
      return tell('error', messages.refusedAdvance(report), evidence.length > 0 ? evidence : [why], ref);
    case 'waiting':
      if (report.reason.code === 'cancelled') return tell('information', messages.cancelled(ref.item), [showLog], ref);
      if (stageOf(report.to)?.movableByPerson) return moveOn(world, ref, report);
      return tell('information', messages.waits(report), [why], ref);
  }
}

/** What lets a held item go on: a release opens neither the gate that waits for a person's eyes nor the way to a host. */
function wayOut({ to, verdict, reason }: AdvanceReport): { title: string; command: string } {
  if (runsOnStaging(to) && verdict === null) return { title: checkButton(), command: 'interlock.checkStagingHost' };
  return reason.code === 'findings'
    ? { title: messages.acknowledgeButton(), command: 'interlock.acknowledgeFindings' }
    : { title: messages.releaseButton(), command: 'interlock.release' };
}
