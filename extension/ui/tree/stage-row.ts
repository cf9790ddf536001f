import type { ItemRow, TransitionRow } from '../../ledger/rows';
import { age, oneLine } from '../format';
import { MARKS, type Mark, type TreeRow } from './row';

export interface StageFacts {
  item: ItemRow;
  stage: string;
  /** The project's stages in order. */
  stages: readonly string[];
  /** All of the item, oldest first. */
  transitions: readonly TransitionRow[];
  /** The item's own mark, for the stage where it stands. */
  current: Mark;
  hasChildren: boolean;
  now: number;
}

/** The project's stages, with the one where the item stands added where interlock.json no longer has it. */
export function stagesShown(stages: readonly string[], current: string): string[] {
  return stages.includes(current) ? [...stages] : [...stages.slice(0, -1), current, ...stages.slice(-1)];
}

/** The tree's line for one stage of an item. */
export function stageRow(facts: StageFacts): TreeRow {
  const { stage, item, now } = facts;
  const left = lastDeparture(facts);
  const mark = stageMark(facts, left);
  const when = stage === item.stage ? age(item.since, now) : left && mark !== MARKS.upcoming ? age(left.at, now) : '';
  const who = mark === MARKS.movedOn && left ? `by ${oneLine(left.actor, 60)}` : '';
  const description = [[mark.word, who].filter(Boolean).join(' '), when].filter(Boolean).join(' · ');
  const reason = stage === item.stage ? item.reason : mark === MARKS.upcoming ? '' : (left?.reason ?? '');
  return {
    label: stage,
    description,
    tooltip: [`${stage}: ${mark.word}`, oneLine(reason, 500)].filter(Boolean).join('\n'),
    icon: mark.icon,
    colour: mark.colour,
    spoken: `stage ${stage}, ${description}`,
    context: stage === item.stage ? 'stage current' : 'stage',
    folding: facts.hasChildren ? 'expanded' : 'leaf',
  };
}

/** The newest move out of this stage, forward or back. */
function lastDeparture({ transitions, stage }: StageFacts): TransitionRow | undefined {
  return transitions.findLast(
    (row) =>
      row.from_stage === stage &&
      row.to_stage !== stage &&
      (row.outcome === 'advanced' || row.outcome === 'rolled-back'),
  );
}

function stageMark({ item, stage, stages, current }: StageFacts, left: TransitionRow | undefined): Mark {
  // The FAIL was that of the stage which sent the item back here.
  if (stage === item.stage) return current === MARKS.failed ? MARKS.again : current;
  if (left?.outcome === 'rolled-back') return left.verdict === 'FAIL' ? MARKS.failed : MARKS.sentBack;
  const shown = stagesShown(stages, item.stage);
  if (shown.indexOf(stage) > shown.indexOf(item.stage)) return MARKS.upcoming;
  if (!left) return MARKS.skipped;
  return left.verdict === 'PASS' || left.reason_code === 'landed' ? MARKS.passed : MARKS.movedOn;
}
