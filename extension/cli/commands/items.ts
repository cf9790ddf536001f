import type { ItemRow } from '../../ledger/rows';
import { age, stamp } from '../age';
import { refusedError } from '../cli-error';
import { EXIT } from '../exit-codes';
import { facts } from '../facts';
import { holdView, itemView, leaseView, runView } from '../json-views';
import { BLANK, line, type Line } from '../line';
import type { Command } from '../command';
import { requireConfig, requireItem, requireStage, requireWritable } from '../require';
import { runEnd } from '../render-run';
import { table } from '../table';
import { texts } from '../texts';
import { toneOf } from '../tones';

export const add: Command = async (context) => {
  const engine = await context.engine();
  requireWritable(engine);
  requireStage(await requireConfig(engine), context.args.text('stage'));
  const [id, branch, stage] = [context.args.text('id'), context.args.text('branch'), context.args.text('stage')];
  const outcome = await engine.add({
    title: context.args.positionals[0] ?? '',
    actor: await context.actor(),
    ...(id === undefined ? {} : { id }),
    ...(branch === undefined ? {} : { branch }),
    ...(stage === undefined ? {} : { stage }),
  });
  if (!outcome.ok) throw refusedError(outcome.reason);
  const { item, text } = outcome;
  return {
    exit: EXIT.fine,
    json: { item: itemView(item), text },
    lines: [line(text, 'good'), line(texts.next(item.next_action))],
  };
};

export const list: Command = async (context) => {
  const items = (await context.engine()).read.items();
  const now = context.world.now();
  const rows = items.map((item) => ({
    cells: [item.id, item.stage, item.condition, age(item.since, now), item.title],
    tone: toneOf(item.condition),
  }));
  const lines = rows.length === 0 ? [line(texts.noItems)] : table(texts.columns.items, rows, context.columns);
  return { exit: EXIT.fine, json: { items: items.map(itemView) }, lines };
};

export const show: Command = async (context) => {
  const engine = await context.engine();
  const { read } = engine;
  const item = requireItem(engine, context.args.positionals[0] ?? '');
  const hold = read.hold(item.id);
  const lease = read.lease(item.id);
  const runs = read.runs(item.id);
  const artifacts = read.artifacts(item.id);
  const now = context.world.now();
  const runRows = runs.map((run) => {
    const verdict = read.verdict(run.id)?.verdict ?? null;
    return {
      cells: [run.id, run.stage, age(run.started_at, now), verdict ?? '-', runEnd(run)],
      tone: toneOf(verdict ?? run.status),
    };
  });
  return {
    exit: EXIT.fine,
    json: {
      item: itemView(item),
      hold: hold ? holdView(hold) : null,
      lease: lease ? leaseView(lease) : null,
      runs: runs.map((run) => runView(run, read.verdict(run.id))),
      artifacts: artifacts.map(({ run, stage, path, sha256, at }) => ({ run, stage, path, sha256, at })),
    },
    lines: [
      ...describeItem(item, now),
      ...facts([
        [
          texts.label.lease,
          lease ? `${lease.actor}, process ${lease.pid} on ${lease.host}, ${age(lease.at, now)}` : null,
        ],
        [texts.label.hold, hold ? `${hold.reason} (${hold.actor})` : null],
      ]),
      ...(runRows.length === 0 ? [] : [BLANK, ...table(texts.columns.runs, runRows, context.columns)]),
    ],
  };
};

function describeItem(item: ItemRow, now: number): Line[] {
  return [
    line(`${item.id}  ${item.title}`, 'title'),
    ...facts([
      [texts.label.stage, `${item.stage}, ${item.condition}`],
      [texts.label.since, `${age(item.since, now)} (${stamp(item.since)})`],
      [texts.label.reason, item.reason],
      [texts.label.turn, texts.whoseTurn(item.turn)],
      [texts.label.next, item.next_action],
      [texts.label.nextAt, item.next_at === null ? null : `${age(item.next_at, now)} (${stamp(item.next_at)})`],
      [texts.label.branch, `${item.branch}, from ${item.base} at ${item.base_commit.slice(0, 8)}`],
      [texts.label.worktree, item.worktree],
      [texts.label.retries, `developer ${item.developer_retries}, infra ${item.infra_retries}`],
    ]),
  ];
}
