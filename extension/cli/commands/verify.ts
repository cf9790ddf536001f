import type { Command } from '../command';
import { EXIT } from '../exit-codes';
import { line } from '../line';
import { table } from '../table';
import { texts } from '../texts';

/** Reads the whole ledger afresh and says whether it can be trusted. */
export const verify: Command = async (context) => {
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
