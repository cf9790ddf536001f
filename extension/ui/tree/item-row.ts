import type { ItemRow, TransitionRow } from '../../ledger/rows';
import { stageOf } from '../../pipeline/stages';
import type { RunActivity } from '../activity';
import { age, clock, oneLine } from '../format';
import { inPalette } from '../palette-words';
import { MARKS, type Mark, type TreeRow } from './row';

export interface ItemFacts {
  item: ItemRow;
  /** The newest transition from one stage to another. */
  move: TransitionRow | undefined;
  /** What this window knows of the run that is going. */
  activity: RunActivity | undefined;
  hasRun: boolean;
  /** Some process has its lease, alive or not. */
  leased: boolean;
  /** The merge gate took it to base. */
  landed: boolean;
  now: number;
}

/** The newest move from one stage to another; transitions that stay (a run started, a wait) leave a colour as it is. */
export function lastMove(transitions: readonly TransitionRow[]): TransitionRow | undefined {
  return transitions.findLast((row) => row.from_stage !== row.to_stage);
}

/** True for what the badge counts: held, or sent back by a FAIL to whoever writes the code. */
export function needsPerson(item: ItemRow, move: TransitionRow | undefined): boolean {
  return item.condition === 'held' || (item.condition === 'waiting' && move?.verdict === 'FAIL');
}

/** How the item stands, in an icon, a colour and a word. */
export function itemMark({ item, move, activity }: Pick<ItemFacts, 'item' | 'move' | 'activity'>): Mark {
  switch (item.condition) {
    case 'done':
      return MARKS.done;
    case 'held':
      return MARKS.held;
    case 'deferred':
      return MARKS.deferred;
    case 'running':
      return MARKS[activity?.state ?? 'running'];
    default:
      if (move?.verdict === 'FAIL') return MARKS.failed;
      return item.condition === 'ready' ? MARKS.ready : MARKS.waiting;
  }
}

/** The tree's line for a work item. */
export function itemRow(facts: ItemFacts): TreeRow {
  const { item, activity, now } = facts;
  const mark = itemMark(facts);
  const title = oneLine(item.title, 120);
  const state = stateText(item, mark, activity, now);
  const reason = showsReason(item, mark) ? oneLine(item.reason) : '';
  const description = [item.stage === 'done' ? '' : item.stage, state, reason].filter(Boolean).join(' · ');
  return {
    label: `${item.id} ${title}`,
    description,
    tooltip: tooltip(item, mark, now),
    icon: mark.icon,
    colour: mark.colour,
    spoken: `${item.id}, ${title}, stage ${item.stage}, ${state}${reason ? `, ${reason}` : ''}`,
    context: tokens(facts).join(' '),
    folding: 'collapsed',
  };
}

function stateText(item: ItemRow, mark: Mark, activity: RunActivity | undefined, now: number): string {
  if (item.condition === 'deferred' && item.next_at !== null) return `${mark.word}, retry ${clock(item.next_at, now)}`;
  if (item.condition === 'running' && activity?.state === 'queued' && activity.position !== null) {
    return `${mark.word}, position ${activity.position}`;
  }
  if (item.condition === 'ready' && mark === MARKS.ready) return mark.word;
  return `${mark.word} ${age(item.since, now)}`;
}

/** A reason that explains a stop belongs in the line; one that explains how the item got here belongs in the tooltip. */
function showsReason(item: ItemRow, mark: Mark): boolean {
  return item.condition === 'held' || item.condition === 'deferred' || mark === MARKS.failed;
}

function tooltip(item: ItemRow, mark: Mark, now: number): string {
  return [
    `${item.id} ${oneLine(item.title, 300)}`,
    `${item.stage}: ${mark.word}, since ${clock(item.since, now)}`,
    item.reason && `Why: ${oneLine(item.reason, 500)}`,
    item.next_action && `Next: ${inPalette(oneLine(item.next_action, 300))}`,
    item.next_at !== null && `Tries again at ${clock(item.next_at, now)}`,
    `Branch ${item.branch} in ${item.worktree}`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** Why the merge gate sent an item back with findings. */
const WAIVABLE: ReadonlySet<string> = new Set(['carry-fail', 'number-collision', 'marker-lost', 'unchecked']);

/** What the menus may offer; the engine decides again. */
function tokens({ item, hasRun, leased, landed }: ItemFacts): string[] {
  const going = item.condition === 'running';
  const open = item.condition !== 'done';
  const held = item.condition === 'held';
  return [
    'item',
    open && !going && !held && 'canAdvance',
    (hasRun || going) && 'canReport hasLog',
    open && !held && 'canHold',
    (held || (open && !going && stageOf(item.stage)?.movableByPerson)) && 'canRelease',
    held && item.reason_code === 'findings' && 'hasFindings',
    !going && stageOf(item.stage)?.producer === 'staging-runner' && 'onStaging',
    !going && WAIVABLE.has(item.reason_code) && 'canWaive',
    !going && item.reason_code === 'number-collision' && 'canRenumber',
    landed && 'hasLanded',
    !open && 'canCleanUp',
    open && !going && (held || item.stage !== 'development') && 'canSendBack',
    going && 'canCancel',
    leased && 'hasLease',
  ].filter((token) => typeof token === 'string');
}
