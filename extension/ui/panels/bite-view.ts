import type { BiteView } from '../../../webview/protocol';
import type { BiteCell, BiteEvidence } from '../../artifacts/evidence';
import { oneLine } from '../format';
import * as messages from '../messages';

/** The four cells, each with whether it is what lets the new tests prove something; null where nobody asked. */
export function biteView(bite: BiteEvidence | undefined): BiteView | null {
  if (!bite) return null;
  const { mode, testFiles, baseOnBase, baseOnItem, itemOnBase, itemOnItem } = bite;
  return {
    note: messages.biteNote(mode, testFiles),
    cells:
      testFiles === 0
        ? null
        : {
            baseOnBase: cell(baseOnBase, 'green'),
            baseOnItem: cell(baseOnItem, 'green'),
            itemOnBase: cell(itemOnBase, 'red'),
            itemOnItem: cell(itemOnItem, 'green'),
          },
  };
}

function cell({ end, detail }: BiteCell, wanted: 'green' | 'red'): NonNullable<BiteView['cells']>['baseOnBase'] {
  if (end === 'unknown') return { word: messages.biteUnknown(), state: 'unknown', note: oneLine(detail, 200) };
  const state = end === wanted ? 'agrees' : 'disagrees';
  return { word: messages.biteEnd(end), state, note: messages.biteCellNote(wanted, state === 'agrees') };
}
