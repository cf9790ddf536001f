import type { Command, CommandContext, CommandResult } from '../command';
import { EXIT } from '../exit-codes';
import { BLANK, line, type Line } from '../line';
import { requireConfig } from '../require';
import { table } from '../table';
import { texts } from '../texts';

/** Reads the whole ledger afresh and says whether it can be trusted; with a commit, compares that with its receipt instead. */
export const verify: Command = async (context) => {
  const [commit] = context.args.positionals;
  if (commit !== undefined) return verifyLanded(context, commit);
  const findings = await (await context.engine()).verify();
  const ok = findings.length === 0;
  const rows = findings.map(({ code, where, text }) => ({ cells: [code, where, text] }));
  return {
    exit: ok ? EXIT.fine : EXIT.internal,
    json: { ok, findings },
    lines: ok
      ? [line(texts.verified, 'good')]
      : [line(texts.findings(findings.length), 'bad'), ...table(texts.columns.findings, rows)],
  };
};

const verifyLanded = async (context: CommandContext, commit: string): Promise<CommandResult> => {
  const engine = await context.engine();
  await requireConfig(engine);
  const { ok, receipt, log, problems } = await engine.verifyCommit(commit);
  return {
    exit: ok ? EXIT.fine : EXIT.refused,
    json: { ok, receipt: receipt === null ? null : (JSON.parse(receipt) as unknown), log, problems },
    lines: ok
      ? [line(texts.receiptHolds(commit), 'good'), ...logLines(log)]
      : [line(texts.receiptFails(commit), 'bad'), ...problems.map((problem) => line(`  ${problem}`)), ...logLines(log)],
  };
};

/** The merge log as it stands in the note. */
const logLines = (log: string | null): Line[] =>
  log === null ? [] : [BLANK, ...log.split('\n').map((text) => line(`  ${text}`))];
