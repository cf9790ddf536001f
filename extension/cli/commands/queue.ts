import { age } from '../age';
import { refusedError } from '../cli-error';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { line } from '../line';
import { requireConfig, requireWritable } from '../require';
import { table } from '../table';
import { texts } from '../texts';
import { toneOf } from '../tones';

/** Who lands on base, who waits at merge in which order, and why. */
export const queue: Command = async (context) => {
  const engine = await context.engine();
  const base = context.args.text('base');
  if (base === undefined) await requireConfig(engine);
  const view = await engine.queue(base);
  const now = context.world.now();
  const rows = view.items.map(({ position, item, condition, landing, reason, since }) => ({
    cells: [String(position), item, landing ? texts.landing : condition, age(since, now), reason.text],
    tone: toneOf(landing ? 'running' : condition),
  }));
  return {
    exit: EXIT.fine,
    json: view,
    lines: [
      ...(view.frozen ? [line(texts.frozen(view.base, view.frozen.reason), 'bad')] : []),
      ...(view.lander ? [line(texts.lander(view.base, view.lander))] : []),
      ...(view.lander?.remedy ? [line(texts.notProvablyAlive(view.lander.remedy), 'warning')] : []),
      ...(rows.length === 0
        ? [line(texts.nobodyQueues(view.base))]
        : table(texts.columns.queue, rows, context.columns)),
      ...view.others.map((other) => line(texts.otherQueue(other), other.frozen ? 'bad' : undefined)),
    ],
  };
};

/** Opens a frozen queue again, as a person's word that base was looked at. */
export const unfreeze: Command = async (context) => {
  const engine = await context.engine();
  requireWritable(engine);
  const { args } = context;
  const outcome = await engine.unfreeze(await context.actor(), args.text('reason') ?? '', args.text('base'));
  if (!outcome.ok) throw refusedError(outcome.reason);
  return { exit: EXIT.fine, json: { text: outcome.text }, lines: [line(outcome.text, 'good')] };
};
