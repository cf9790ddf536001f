import type { Command } from '../command';
import { EXIT, type ExitCode } from '../exit-codes';
import { line, type Line } from '../line';
import { texts } from '../texts';
import { diagnose, type Finding } from '../doctor/diagnose';

/** Whether Interlock can work here: tools, ledger, configuration, runner host, staging host. Asks for what that one needs. */
export const doctor: Command = async (context) => {
  const { findings, staging } = await diagnose(context);
  const exit = findings.reduce<ExitCode>(
    (worst, { exit: each }) => (RANK[each] > RANK[worst] ? each : worst),
    EXIT.fine,
  );
  return {
    exit,
    json: { ok: exit === EXIT.fine, checks: findings.map(({ exit: _, ...finding }) => finding), staging },
    lines: [
      ...findings.flatMap(lines),
      line(texts.doctor.verdict(exit === EXIT.fine), exit === EXIT.fine ? 'good' : 'bad'),
    ],
  };
};

/** Of several things that are wrong, the one that is to be mended first gives the exit code. */
const RANK: Readonly<Record<ExitCode, number>> = {
  [EXIT.fine]: 0,
  [EXIT.standing]: 1,
  [EXIT.rolledBack]: 2,
  [EXIT.refused]: 3,
  [EXIT.usage]: 4,
  [EXIT.internal]: 5,
};

const TONE = { yes: 'good', no: 'bad', unknown: 'warning' } as const;

function lines({ name, ok, text, remedy }: Finding): Line[] {
  const head = line(texts.doctor.fact(name, ok, text), TONE[ok]);
  return remedy === '' || ok === 'yes' ? [head] : [head, line(texts.remedyLine(remedy))];
}
