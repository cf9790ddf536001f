import type { ProofReport } from '../../pipeline/prove/prove-gate';
import { PROOF_ITEM } from '../../pipeline/prove/prove-gate';
import { colourOf } from '../colour';
import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exit-codes';
import { facts } from '../facts';
import { watchInterrupts } from '../interrupt';
import { line } from '../line';
import { openProgress } from '../progress-view';
import { requireConfig, requireWritable } from '../require';
import { texts } from '../texts';
import { toneOf } from '../tones';

const EXIT_OF_PROOF: Readonly<Record<ProofReport['outcome'], ExitCode>> = {
  sighted: EXIT.fine,
  blind: EXIT.refused,
  unproven: EXIT.standing,
};

/** Plants a failing test on a scratch copy of base and demands that the gate goes red. */
export const prove: Command = async (context) => {
  const engine = await context.engine();
  requireWritable(engine);
  await requireConfig(engine);
  const actor = await context.actor();
  const { world, verbose } = context;
  const colour = colourOf(world.stderr, world.env);
  const progress = openProgress({ world, item: PROOF_ITEM, stage: 'prove', colour, verbose });
  const leave = (): void => world.leave(EXIT.standing);
  const interrupts = watchInterrupts({ world, item: PROOF_ITEM, say: progress.say, leave });
  let proof: ProofReport;
  try {
    proof = await engine.prove({ actor, signal: interrupts.signal, onProgress: (event) => progress.report(event) });
  } finally {
    progress.close();
    interrupts.close();
  }
  const { outcome, reason, base, planted, baseStanding } = proof;
  return {
    exit: EXIT_OF_PROOF[outcome],
    json: proof,
    lines: [
      line(texts.proofHead(outcome), toneOf(outcome) ?? 'title'),
      line(`  ${reason.text}`),
      ...facts([
        [texts.label.base, `${base.slice(0, 8)}${baseStanding === null ? '' : `, ${baseStanding.word}`}`],
        [texts.label.planted, planted === null ? null : `${planted.path} (${planted.framework})`],
        [texts.label.helps, reason.remedy],
      ]),
    ],
  };
};
