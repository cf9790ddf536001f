import * as vscode from 'vscode';
import type { LedgerReads } from '../../ledger/ledger';
import * as messages from '../messages';
import type { Repositories } from '../repositories';
import { lastMove } from '../tree/item-row';
import type { ItemRef } from './item-ref';
import { pickGroups } from './pick-model';

interface Choice extends vscode.QuickPickItem {
  ref?: ItemRef;
}

/** Whether a command has anything to do for the item. */
export type Fits = (condition: string, item: string, read: LedgerReads) => boolean;

/** Asks for an item of any repository; undefined when the person leaves the list or there is nothing to choose. */
export async function pickItem(
  repositories: Repositories,
  placeHolder: string,
  fits: Fits,
): Promise<ItemRef | undefined> {
  const several = repositories.all.length > 1;
  const choices = repositories.all.flatMap((repository): Choice[] => {
    const { read } = repository.engine;
    const items = read.items().filter((item) => fits(item.condition, item.id, read));
    return pickGroups({ items, moveOf: (id) => lastMove(read.transitions(id)) }).flatMap((group) => [
      {
        label: several ? `${repository.name}: ${group.label}` : group.label,
        kind: vscode.QuickPickItemKind.Separator,
      },
      ...group.rows.map(({ item, label, description, detail }) => ({
        label,
        description,
        detail,
        ref: { repository, item, run: null },
      })),
    ]);
  });
  if (choices.length === 0) {
    void vscode.window.showInformationMessage(messages.nothingToChoose());
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(choices, {
    placeHolder,
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.ref;
}
