import type { ItemRow, TransitionRow } from '../../ledger/rows';
import { oneLine } from '../format';
import * as messages from '../messages';
import { inPalette } from '../palette-words';
import { itemMark } from '../tree/item-row';

export interface PickRow {
  item: string;
  label: string;
  description: string;
  detail: string;
}

export interface PickGroup {
  label: string;
  rows: PickRow[];
}

export interface PickSource {
  items: readonly ItemRow[];
  moveOf(item: string): TransitionRow | undefined;
}

const ORDER = ['ready', 'waiting', 'held', 'deferred', 'running', 'done'] as const;

/** Items for a QuickPick, grouped by how they stand, each with its stage and why it does or does not move. */
export function pickGroups({ items, moveOf }: PickSource): PickGroup[] {
  const byId = new Intl.Collator('en', { numeric: true });
  return ORDER.map((condition) => ({
    label: messages.pickGroup(condition),
    rows: items
      .filter((item) => item.condition === condition)
      .sort((a, b) => byId.compare(a.id, b.id))
      .map((item) => {
        const mark = itemMark({ item, move: moveOf(item.id), activity: undefined });
        return {
          item: item.id,
          label: `$(${mark.icon}) ${item.id} ${oneLine(item.title, 80)}`,
          description: item.stage,
          detail: inPalette(oneLine(item.reason || item.next_action, 150)),
        };
      }),
  })).filter((group) => group.rows.length > 0);
}
