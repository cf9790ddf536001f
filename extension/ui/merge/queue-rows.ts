import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow } from '../../ledger/rows';
import { age, clock, oneLine } from '../format';
import { inPalette } from '../palette-words';
import { MARKS, type Mark, type TreeRow } from '../tree/row';
import { waitsForItsTurn, type MergeQueue } from './queue-model';
import * as words from './words';

/** The tree's line for the queue of one base branch. */
export function queueRow({ base, frozen, entries, leased }: MergeQueue, now: number): TreeRow {
  const landing = entries.find((entry) => entry.landing);
  const parts = [
    base,
    frozen && words.frozen(),
    landing && words.landing(landing.item),
    words.waiting(entries.filter(({ position, landing: lands }) => position !== null && !lands).length),
    words.aside(entries.filter(({ position }) => position === null).length),
  ];
  const description = parts.filter(Boolean).join(' · ');
  return {
    label: words.queueLabel(),
    description,
    tooltip: frozen
      ? words.frozenTip(oneLine(frozen.reason, 500), oneLine(frozen.actor, 60), clock(frozen.at, now))
      : words.queueTip(base),
    icon: frozen ? 'lock' : 'git-merge',
    colour: frozen ? 'testing.iconFailed' : null,
    spoken: `${words.queueLabel()}, ${description}`,
    context: ['queue', frozen && 'frozen', leased && 'hasLease'].filter(Boolean).join(' '),
    folding: 'expanded',
  };
}

function markOf(item: ItemRow): Mark {
  if (waitsForItsTurn(item)) return MARKS.queued;
  return item.condition === 'held' ? MARKS.held : MARKS.deferred;
}

/** The tree's line for an item in a queue, or undefined for one that has left it. */
export function queuedRow(queue: MergeQueue, item: string, read: LedgerReads, now: number): TreeRow | undefined {
  const entry = queue.entries.find((one) => one.item === item);
  const row = read.item(item);
  if (!entry || !row) return undefined;
  const mark = entry.landing ? MARKS.running : markOf(row);
  const state = entry.landing
    ? words.landsNow()
    : mark === MARKS.deferred && row.next_at !== null
      ? `${mark.word}, retry ${clock(row.next_at, now)}`
      : mark.word;
  const reason = entry.position === null || queue.frozen ? oneLine(row.reason) : '';
  const place = entry.position === null ? '' : words.position(entry.position);
  const description = [place, state, age(row.since, now), reason].filter(Boolean).join(' · ');
  return {
    label: item,
    description,
    tooltip: [
      `${item} ${oneLine(row.title, 300)}`,
      row.reason && words.whyLine(oneLine(row.reason, 500)),
      row.next_action && words.nextLine(inPalette(oneLine(row.next_action, 300))),
    ]
      .filter(Boolean)
      .join('\n'),
    icon: mark.icon,
    colour: mark.colour,
    spoken: `${item}, ${description}`,
    context: row.condition === 'held' || entry.landing ? 'queued' : 'queued canAdvance',
    folding: 'leaf',
  };
}
