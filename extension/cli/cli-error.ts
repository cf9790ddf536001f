import type { ConfigProblem } from '../config/project-config';
import type { Reason } from '../pipeline/outcome';
import { EXIT_OF_CLI_ERROR, exitOfRefusal, type CliErrorCode, type ExitCode } from './exit-codes';

/** What a command that could not do its work says: one shape for people, `--json` and the exit code. */
export interface Problem {
  code: string;
  message: string;
  remedy: string;
  exit: ExitCode;
  /** Each place in interlock.json that is wrong. */
  problems?: readonly ConfigProblem[];
  /** Where the details are, for the one who repairs it; shown with --verbose. */
  stack?: string;
}

/** What a command that cannot go on throws; run-cli.ts prints it. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** One of the terminal's own errors; the text comes from texts.ts. */
export function cliError(
  code: CliErrorCode,
  text: { message: string; remedy: string },
  facts: { problems?: readonly ConfigProblem[] } = {},
): CliError {
  return new CliError({ code, ...text, exit: EXIT_OF_CLI_ERROR[code], ...facts });
}

/** A command that the pipeline answered with "no". */
export function refusedError(reason: Reason): CliError {
  return new CliError({
    code: reason.code,
    message: reason.text,
    remedy: reason.remedy,
    exit: exitOfRefusal(reason.code),
  });
}
