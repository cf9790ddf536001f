import { initConfig, type InitOutcome } from '../../config/init-config';
import { readProject } from '../../config/read-project';
import { CliError } from '../cli-error';
import type { Command } from '../command';
import { EXIT, EXIT_OF_INIT } from '../exit-codes';
import { line } from '../line';
import { texts } from '../texts';

/** Writes a first interlock.json and says what was chosen and why. Needs neither ledger nor a commit. */
export const init: Command = async ({ cwd }) => {
  const { root, facts } = await readProject(cwd);
  const outcome = await initConfig(root, facts);
  if (!outcome.ok) throw refused(outcome);
  const { file, kind, text, why } = outcome;
  return {
    exit: EXIT.fine,
    json: { file, kind, why, text },
    lines: [
      line(texts.wrote(file), kind === null ? 'warning' : 'good'),
      ...why.map((sentence) => line(texts.because(sentence))),
    ],
  };
};

function refused({ code, detail, remedy }: InitOutcome & { ok: false }): CliError {
  return new CliError({ code: `config-${code}`, message: detail, remedy, exit: EXIT_OF_INIT[code] });
}
