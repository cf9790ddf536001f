import * as vscode from 'vscode';
import type { ItemRef } from './commands/item-ref';
import { tell } from './commands/tell';
import * as messages from './messages';
import { noticesSince, type Notice } from './notices';
import { runsOnStaging } from './staging/known-secrets';
import { checkButton } from './staging-messages';
import type { ItemsChanged, OpenRepository } from './repositories';

/** Interrupts a person for a hold or for red after green, and for nothing else. */
export class Notifier {
  readonly #seen = new Map<string, number>();
  readonly #muted = new Map<string, number>();

  /** What happened before this window was open is in the tree, not in a message. */
  opened({ key, engine }: OpenRepository): void {
    for (const item of engine.read.items()) this.#seen.set(placeOf(key, item.id), item.rev);
  }

  /** While a person waits for a command's own answer, nothing else is said about the item. */
  mute({ repository, item }: Pick<ItemRef, 'repository' | 'item'>): vscode.Disposable {
    const place = placeOf(repository.key, item);
    this.#muted.set(place, (this.#muted.get(place) ?? 0) + 1);
    return new vscode.Disposable(() => {
      this.#look(repository, item);
      const left = (this.#muted.get(place) ?? 1) - 1;
      if (left > 0) this.#muted.set(place, left);
      else this.#muted.delete(place);
    });
  }

  changed({ repository, items }: ItemsChanged): void {
    for (const item of items) this.#look(repository, item);
  }

  #look(repository: OpenRepository, id: string): void {
    const { read } = repository.engine;
    const place = placeOf(repository.key, id);
    const notices = noticesSince(read, id, this.#seen.get(place) ?? 0);
    this.#seen.set(place, read.item(id)?.rev ?? 0);
    if (this.#muted.has(place) || !enabled()) return;
    for (const notice of notices) announce(repository, notice);
  }
}

function enabled(): boolean {
  return vscode.workspace.getConfiguration('interlock').get('notifications') !== 'off';
}

function announce(repository: OpenRepository, notice: Notice): void {
  const ref: ItemRef = { repository, item: notice.item, run: notice.run };
  const evidence = notice.run === null ? [] : [{ title: messages.openReport(), command: 'interlock.openReport' }];
  const silence = { title: messages.dontShowAgain(), command: 'interlock.silence' };
  switch (notice.kind) {
    case 'held':
      return tell(
        'warning',
        messages.heldNotice(notice.item, notice.stage, notice.reason),
        [...evidence, wayOut(notice), silence],
        ref,
      );
    case 'red-after-green':
      return tell('warning', messages.redAfterGreen(notice.item, notice.reason), [...evidence, silence], ref);
  }
}

/** What holds an item at the staging host is most often the way there. */
function wayOut({ stage }: Notice): { title: string; command: string } {
  return runsOnStaging(stage)
    ? { title: checkButton(), command: 'interlock.checkStagingHost' }
    : { title: messages.whyButton(), command: 'interlock.why' };
}

const placeOf = (repository: string, item: string): string => `${repository}\u0000${item}`;
