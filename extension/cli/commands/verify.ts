import type { Command, CommandContext, CommandResult } from '../command';
import { EXIT } from '../exit-codes';
import { line } from '../line';
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
  const { ok, receipt, problems } = await engine.verifyCommit(commit);
  return {
    exit: ok ? EXIT.fine : EXIT.refused,
    json: { ok, receipt: receipt === null ? null : (JSON.parse(receipt) as unknown), problems },
    lines: ok
      ? [line(texts.receiptHolds(commit), 'good')]
      : [line(texts.receiptFails(commit), 'bad'), ...problems.map((problem) => line(`  ${problem}`))],
  };
};
