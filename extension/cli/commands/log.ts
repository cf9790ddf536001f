import type { LedgerAct } from '../../ledger/ledger';
import type { TransitionRow } from '../../ledger/rows';
import { stamp } from '../age';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { actView, transitionView } from '../json-views';
import { line } from '../line';
import { requireItem } from '../require';
import { table } from '../table';
import { texts } from '../texts';
import { toneOf } from '../tones';

/** The audit trail, oldest first: when, who, what, from -> to, and the evidence for it; with what was done besides moving on. */
export const log: Command = async (context) => {
  const engine = await context.engine();
  const id = context.args.positionals[0];
  if (id !== undefined) requireItem(engine, id);
  const [transitions, acts] = [await engine.history(id), await engine.acts(id)];
  // Of one moment the step comes first: it is what the rest is evidence for.
  const rows = [...transitions.map(ofStep), ...acts.map(ofAct)]
    .map((row, place) => ({ ...row, place }))
    .sort((a, b) => a.at - b.at || a.place - b.place);
  return {
    exit: EXIT.fine,
    json: { transitions: transitions.map(transitionView), acts: acts.map(actView) },
    lines: rows.length === 0 ? [line(texts.noHistory)] : table(texts.columns.log, rows),
  };
};

const ofStep = (row: TransitionRow) => ({
  at: row.at,
  cells: [stamp(row.at), row.item, row.actor, row.outcome, move(row), evidence(row)],
  tone: toneOf(row.outcome),
});

const ofAct = ({ at, item, actor, act, base, run, reason, evidence: shown }: LedgerAct) => ({
  at,
  cells: [
    stamp(at),
    item ?? texts.queueOf(base ?? ''),
    actor,
    act,
    base ?? '',
    [run, reason, shown].filter(Boolean).join('  '),
  ],
  tone: toneOf(act),
});

const move = ({ from_stage: from, to_stage: to }: TransitionRow): string =>
  from === to || from === '' ? to : `${from} -> ${to}`;

const evidence = (row: TransitionRow): string => [row.verdict, row.run, row.reason].filter(Boolean).join('  ');
