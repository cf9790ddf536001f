import { ConfigError } from '../config/config-error';
import { GitError } from '../git/git-error';
import { HostError } from '../host/host-error';
import { LedgerError } from '../ledger/errors';
import { CliError, cliError, type Problem } from './cli-error';
import { EXIT_OF_GIT_ERROR, EXIT_OF_HOST_ERROR, EXIT_OF_LEDGER_ERROR } from './exit-codes';
import { texts } from './texts';

/** System errors about a file that a person can do something about. */
const FILE_ERRORS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO']);

/** The one place where a thrown error becomes what the terminal says and the code it ends with. */
export function describeError(error: unknown): Problem {
  if (error instanceof CliError) return error.problem;
  if (error instanceof ConfigError) {
    return cliError('config-invalid', texts.configInvalid(error.problems), { problems: error.problems }).problem;
  }
  if (error instanceof LedgerError) {
    return { ...typed('ledger', error), exit: EXIT_OF_LEDGER_ERROR[error.code] };
  }
  if (error instanceof GitError) {
    return { ...typed('git', error), exit: EXIT_OF_GIT_ERROR[error.code] };
  }
  if (error instanceof HostError) {
    return { ...typed('host', error), exit: EXIT_OF_HOST_ERROR[error.code] };
  }
  if (!(error instanceof Error)) return cliError('unexpected', texts.unexpected(String(error))).problem;
  const stack = error.stack ?? error.message;
  if ('code' in error && typeof error.code === 'string' && FILE_ERRORS.has(error.code)) {
    const path = 'path' in error && typeof error.path === 'string' ? error.path : '';
    return { ...cliError('file-not-writable', texts.fileNotWritable(path, error.code)).problem, stack };
  }
  const [first = error.name] = error.message.split('\n');
  return { ...cliError('unexpected', texts.unexpected(first)).problem, stack };
}

/** The code says whose error it is: several sides have a `timeout`. */
function typed(side: string, error: Error & { code: string; detail: string; remedy: string }): Omit<Problem, 'exit'> {
  const own = error.code.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const code = own.startsWith(`${side}-`) ? own : `${side}-${own}`;
  return { code, message: error.detail, remedy: error.remedy, stack: error.stack ?? error.message };
}
