import * as vscode from 'vscode';
import type { CommandWorld } from '../commands/command-world';
import { targetOf } from '../commands/target';
import { tell, tellRefusal } from '../commands/tell';
import * as words from './words';

/** `Interlock: Clean Up Item`: names what will be removed and why nothing is lost, and removes it once the person has said so. */
export async function cleanUpItem(world: CommandWorld, argument: unknown): Promise<void> {
  const ref = await targetOf(world, argument, words.chooseToClean(), (condition) => condition === 'done');
  if (!ref) return;
  const { item, repository } = ref;
  const actor = await world.actor(repository);
  const clean = (dryRun: boolean) =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: words.lookingAt(item, dryRun) },
      () => repository.engine.clean(item, actor, dryRun),
    );
  const planned = await clean(true);
  if (!planned.ok) return tellRefusal(planned.reason, ref);
  const { worktree, branch } = planned.clean;
  if (worktree !== null || branch !== null) {
    const button = words.cleanButton();
    const chosen = await vscode.window.showWarningMessage(
      words.cleanHeading(item),
      { modal: true, detail: words.cleanDetail(planned.clean) },
      button,
    );
    if (chosen !== button) return;
  }
  // What is gone already is asked for, too: it may not be on record yet.
  const outcome = await clean(false);
  if (!outcome.ok) return tellRefusal(outcome.reason, ref);
  world.tree.refresh();
  const { bringBack: back } = outcome;
  world.log.info([`${item}: ${outcome.text}`, ...back].join('\n'));
  tell('information', words.cleaned(item, back), [], ref);
}
