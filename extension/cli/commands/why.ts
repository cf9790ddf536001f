import { age, stamp } from '../age';
import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { facts } from '../facts';
import { line } from '../line';
import { requireItem } from '../require';
import { cliError } from '../cli-error';
import { texts } from '../texts';
import { toneOf } from '../tones';

/** What blocks the item, since when, whose turn it is, what happens next, the command that helps, and the evidence. */
export const why: Command = async (context) => {
  const engine = await context.engine();
  const { id } = requireItem(engine, context.args.positionals[0] ?? '');
  const answer = await engine.why(id);
  if (!answer) throw cliError('no-such-item', texts.noSuchItem(id, undefined, engine.read.items().length));
  const now = context.world.now();
  const { reason } = answer;
  return {
    exit: EXIT.fine,
    json: answer,
    lines: [
      line(`${answer.item}  ${answer.stage}  ${answer.condition}`, toneOf(answer.condition) ?? 'title'),
      ...facts([
        [texts.label.reason, `${reason.text} [${reason.code}]`],
        [texts.label.since, `${age(answer.since, now)} (${stamp(answer.since)})`],
        [texts.label.turn, texts.whoseTurn(answer.turn)],
        [texts.label.next, answer.nextAction],
        [texts.label.nextAt, answer.nextAt === null ? null : `${age(answer.nextAt, now)} (${stamp(answer.nextAt)})`],
        [texts.label.helps, reason.remedy === answer.nextAction ? null : reason.remedy],
        ...answer.evidence.map((text, at) => [at === 0 ? texts.label.evidence : '', text] as const),
      ]),
    ],
  };
};
