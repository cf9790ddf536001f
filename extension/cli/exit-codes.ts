import type { InitOutcome } from '../config/init-config';
import type { GitErrorCode } from '../git/git-error';
import type { HostError } from '../host/host-error';
import type { LedgerErrorCode } from '../ledger/ledger';
import type { AdvanceReport, Outcome } from '../pipeline/outcome';

/** The exit codes of every command; docs/cli.md says the same to people. */
export const EXIT = {
  /** Advanced, or fine. */
  fine: 0,
  /** A FAIL verdict sent the item back. */
  rolledBack: 1,
  /** Wrong usage, wrong configuration, or a place where Interlock cannot work. */
  usage: 2,
  /** Deferred, held or waiting: the item stands, and `why` says for whom. */
  standing: 3,
  /** Somebody else has the lease, the stage is another one by now, the move is illegal, the evidence is forged. */
  refused: 4,
  /** Interlock itself could not do its work: damaged ledger, full disk, no runner host, a bug. */
  internal: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_OF_OUTCOME: Readonly<Record<Outcome, ExitCode>> = {
  advanced: EXIT.fine,
  'rolled-back': EXIT.rolledBack,
  deferred: EXIT.standing,
  held: EXIT.standing,
  waiting: EXIT.standing,
  refused: EXIT.refused,
};

export const EXIT_OF_LEDGER_ERROR: Readonly<Record<LedgerErrorCode, ExitCode>> = {
  damaged: EXIT.internal,
  'newer-format': EXIT.internal,
  'unsupported-file-system': EXIT.internal,
  'not-writable': EXIT.internal,
  'disk-full': EXIT.internal,
  io: EXIT.internal,
  closed: EXIT.internal,
};

/** A ledger that is read-only for one of these may not show everything: an answer from it never ends with 0. */
export const MAYBE_INCOMPLETE: ReadonlySet<LedgerErrorCode> = new Set(['damaged', 'newer-format', 'io', 'closed']);

/** A place or a name that git does not accept is for the person to correct; a moved head is a lost race; the rest is trouble. */
export const EXIT_OF_GIT_ERROR: Readonly<Record<GitErrorCode, ExitCode>> = {
  'git-missing': EXIT.usage,
  'git-too-old': EXIT.usage,
  'not-a-repository': EXIT.usage,
  refused: EXIT.usage,
  bare: EXIT.usage,
  'no-commits': EXIT.usage,
  'bad-name': EXIT.usage,
  'missing-commit': EXIT.usage,
  shallow: EXIT.usage,
  'not-a-file': EXIT.usage,
  'not-a-worktree': EXIT.usage,
  'worktree-missing': EXIT.usage,
  'worktree-half-made': EXIT.usage,
  'worktree-on-other-branch': EXIT.usage,
  'worktree-registered-elsewhere': EXIT.usage,
  'branch-checked-out': EXIT.usage,
  'folder-in-use': EXIT.usage,
  detached: EXIT.usage,
  'path-outside': EXIT.usage,
  'no-such-remote': EXIT.usage,
  'no-such-branch': EXIT.usage,
  'head-moved': EXIT.refused,
  locked: EXIT.internal,
  timeout: EXIT.internal,
  'output-too-large': EXIT.internal,
  failed: EXIT.internal,
  damaged: EXIT.internal,
  'not-readable': EXIT.internal,
  'not-writable': EXIT.internal,
  'disk-full': EXIT.internal,
  'remote-unreachable': EXIT.internal,
};

/** A host that serves somewhere else, or another run of the same name, is another owner; everything else is trouble. */
export const EXIT_OF_HOST_ERROR: Readonly<Record<HostError['code'], ExitCode>> = {
  elsewhere: EXIT.refused,
  runConflict: EXIT.refused,
  'start-failed': EXIT.internal,
  unreachable: EXIT.internal,
  'newer-host': EXIT.internal,
  'record-unreadable': EXIT.internal,
  'state-unwritable': EXIT.internal,
  'bad-reply': EXIT.internal,
  'no-answer': EXIT.internal,
  'connection-lost': EXIT.internal,
  closed: EXIT.internal,
  invalidParams: EXIT.internal,
  unauthorized: EXIT.internal,
  versionMismatch: EXIT.internal,
  unknownRun: EXIT.internal,
  draining: EXIT.internal,
  notFinished: EXIT.internal,
  io: EXIT.internal,
};

/** Why no interlock.json was written. */
export const EXIT_OF_INIT: Readonly<Record<(InitOutcome & { ok: false })['code'], ExitCode>> = {
  exists: EXIT.usage,
  'not-writable': EXIT.internal,
};

/** The terminal's own errors. */
export const EXIT_OF_CLI_ERROR = {
  'no-command': EXIT.usage,
  'unknown-command': EXIT.usage,
  'unknown-option': EXIT.usage,
  'missing-value': EXIT.usage,
  'unexpected-value': EXIT.usage,
  'missing-argument': EXIT.usage,
  'too-many-arguments': EXIT.usage,
  'no-such-folder': EXIT.usage,
  'bad-environment': EXIT.usage,
  'no-such-item': EXIT.usage,
  'no-such-stage': EXIT.usage,
  'no-such-run': EXIT.usage,
  'no-run-yet': EXIT.usage,
  'config-invalid': EXIT.usage,
  'file-not-writable': EXIT.internal,
  'output-failed': EXIT.internal,
  unexpected: EXIT.internal,
} as const satisfies Record<string, ExitCode>;
export type CliErrorCode = keyof typeof EXIT_OF_CLI_ERROR;

/** Where the answer "no" is about the words of the command line or the configuration, and not about a race, lease or gate. */
const USAGE_REASONS: ReadonlySet<string> = new Set([
  'unknown-item',
  'unknown-stage',
  'bad-id',
  'bad-title',
  'id-taken',
  'unrelated-branch',
  'no-test-command',
  'base-needed',
]);

/** Exit code for the reason of a refused command. */
export function exitOfRefusal(reasonCode: string): ExitCode {
  return USAGE_REASONS.has(reasonCode) ? EXIT.usage : EXIT.refused;
}

/** Exit code of an advance. */
export function exitOfAdvance({ outcome, reason }: Pick<AdvanceReport, 'outcome' | 'reason'>): ExitCode {
  return outcome === 'refused' ? exitOfRefusal(reason.code) : EXIT_OF_OUTCOME[outcome];
}
