import { LedgerError } from './errors';
import type { LedgerErrorCode } from './ledger';

/** The journal on disk is not what was written: nothing is guessed and nothing more is written. */
export function damaged(where: string, what: string): LedgerError {
  return new LedgerError(
    'damaged',
    `The ledger is damaged: ${where}: ${what}`,
    'Nothing is written to it any more. Keep the files as they are, run `interlock verify`, and restore the ledger folder from a backup',
    { where },
  );
}

export function newerFormat(where: string, what: string): LedgerError {
  return new LedgerError(
    'newer-format',
    `A newer version of Interlock wrote to the ledger: ${where}: ${what}`,
    'Update Interlock, then reload the window',
    { where },
  );
}

/** Reading stopped before the line of a commit was met: whoever can read on decides whether that is kept. */
export function undecided({ code, detail, remedy, where }: LedgerError): LedgerError {
  return new LedgerError(
    code,
    `${detail}. Whether the last change was kept is not known here`,
    `${remedy}, and look with \`interlock show\` before you do it again`,
    where === undefined ? {} : { where },
  );
}

export function unsupportedFileSystem(directory: string, type: string): LedgerError {
  return new LedgerError(
    'unsupported-file-system',
    `${directory} lies on ${type}, which cannot hold a ledger that several processes write`,
    'Move the repository to a local disk',
  );
}

export function notWritable(detail: string, cause?: unknown): LedgerError {
  return new LedgerError(
    'not-writable',
    `The ledger cannot be written: ${detail}`,
    'Give your user the right to write there, then reload the window',
    { cause },
  );
}

export function diskFull(detail: string, cause?: unknown): LedgerError {
  return new LedgerError('disk-full', `The ledger's disk is full: ${detail}`, 'Free some space, then do it again', {
    cause,
  });
}

export function ioFailure(detail: string, cause?: unknown): LedgerError {
  return new LedgerError(
    'io',
    `The ledger's disk failed: ${detail}`,
    'Check the disk and the system log, then look with `interlock show` what was kept before you do it again',
    { cause },
  );
}

/** sql.js threw where no data can make it throw: out of memory, or a mistake in here. */
export function viewFailure(detail: string, cause?: unknown): LedgerError {
  return new LedgerError(
    'io',
    `The view of the ledger failed: ${detail}`,
    'Reload the window: the journal itself is untouched',
    {
      cause,
    },
  );
}

export function closed(): LedgerError {
  return new LedgerError('closed', 'The ledger is closed', 'Reload the window');
}

const CODE_OF_ERRNO: Readonly<Record<string, LedgerErrorCode>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EACCES: 'not-writable',
  EPERM: 'not-writable',
  EROFS: 'not-writable',
};

/** What a failed file call means for the ledger. A `LedgerError` is passed through. */
export function fromSystemError(error: unknown, action: string): LedgerError {
  if (error instanceof LedgerError) return error;
  const errno = errnoOf(error);
  const detail = `${action}: ${error instanceof Error ? error.message : String(error)}`;
  switch (CODE_OF_ERRNO[errno ?? '']) {
    case 'disk-full':
      return diskFull(detail, error);
    case 'not-writable':
      return notWritable(detail, error);
    default:
      return ioFailure(detail, error);
  }
}

/** The `code` of a Node system error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
