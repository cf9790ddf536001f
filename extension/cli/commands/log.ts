import type { TransitionRow } from '../../ledger/rows';
import { stamp } from '../age';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { transitionView } from '../json-views';
import { line } from '../line';
import { requireItem } from '../require';
import { table } from '../table';
import { texts } from '../texts';
import { toneOf } from '../tones';

/** The audit trail, oldest first: when, who, what, from -> to, and the evidence for it. */
export const log: Command = async (context) => {
  const engine = await context.engine();
  const id = context.args.positionals[0];
  if (id !== undefined) requireItem(engine, id);
  const transitions = await engine.history(id);
  const rows = transitions.map((row) => ({
    cells: [stamp(row.at), row.item, row.actor, row.outcome, move(row), evidence(row)],
    tone: toneOf(row.outcome),
  }));
  return {
    exit: EXIT.fine,
    json: { transitions: transitions.map(transitionView) },
    lines: rows.length === 0 ? [line(texts.noHistory)] : table(texts.columns.log, rows),
  };
};

const move = ({ from_stage: from, to_stage: to }: TransitionRow): string =>
  from === to || from === '' ? to : `${from} -> ${to}`;

const evidence = (row: TransitionRow): string => [row.verdict, row.run, row.reason].filter(Boolean).join('  ');
