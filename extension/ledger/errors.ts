import type { LedgerErrorCode } from './ledger';

/** Thrown when the ledger cannot say what is true or cannot keep what it was told. Texts for people come from `code`. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  /** A segment file and byte offset, where the fault has one. */
  readonly where: string | undefined;

  constructor(
    readonly code: LedgerErrorCode,
    /** The facts: file, offset, system error. */
    readonly detail: string,
    /** What a person can do. */
    readonly remedy: string,
    options: { cause?: unknown; where?: string } = {},
  ) {
    super(`${detail}. ${remedy}`, 'cause' in options ? { cause: options.cause } : undefined);
    this.where = options.where;
  }

  /** By name, not by class: the window and the engine are bundles of their own, each with its copy of the class. */
  static is(error: unknown): error is LedgerError {
    return error instanceof Error && error.name === 'LedgerError';
  }
}
