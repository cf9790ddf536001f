import { GitFailure } from '../git/run-git';
import { MERGE_INFRA_CLASS, type MergeInfraCause, type MergeOutcome } from '../protocol/merge-outcome';
import type { InfraCause } from '../protocol/result';
import { isDiskFull } from '../runners/judge-end';

/** Ends the gate's work on what is not settled yet with one outcome. */
export class GateStop extends Error {
  readonly outcome: MergeOutcome;

  constructor(outcome: MergeOutcome) {
    super('detail' in outcome ? outcome.detail : outcome.outcome);
    this.name = 'GateStop';
    this.outcome = outcome;
  }
}

/** The remedy for each cause; where a bounded repetition is the remedy, what a person does if it does not help. */
const REMEDY: Record<MergeInfraCause, string> = {
  'remote-unreachable': 'It is tried again. If it lasts: check the network and the credentials with git ls-remote',
  'remote-refused':
    'It is tried again. If it lasts: the server may hold a stale lock (refs/heads/*.lock), which its administrator removes',
  'push-unknown': 'It is tried again, and begins by asking the remote what it shows',
  'git-failed': 'It is tried again. If it lasts: git said why, above',
  'leftover-process': 'It is tried again. If it lasts: end the named process',
  'disk-full': 'Free space on the disk that holds the repository',
  'git-too-old': 'Install git 2.38 or newer',
  'no-such-remote': 'Correct "remote" in interlock.json, or add it with git remote add',
  'no-such-base': 'Correct "base" in interlock.json, or push the branch',
  'repository-unreadable': 'Check that the repository can be read: git fsck',
  shallow: 'Fetch the whole history: git fetch --unshallow',
  'lfs-missing': 'Install git-lfs on this machine and run git lfs install',
  'commit-missing':
    'The named commit is in no repository that the gate reads: bring it back, or review the branch again',
  'command-infra': 'It is tried again; the run says what was wrong',
  cancelled: 'Advance the item again',
};

/** An INFRA outcome. `run`: the command's own cause, whose class then counts. */
export function infra(
  cause: MergeInfraCause,
  step: string,
  detail: string,
  run: { cause: InfraCause; class: 'transient-infra' | 'permanent-env' | 'cancelled' } | null = null,
): MergeOutcome {
  return {
    outcome: 'INFRA',
    class: run?.class ?? MERGE_INFRA_CLASS[cause],
    cause,
    run: run?.cause ?? null,
    step,
    detail,
    remedy: REMEDY[cause],
  };
}

/** What an error means that nobody expected where it was thrown. */
export function outcomeOf(error: unknown, step: string, stop: AbortSignal): MergeOutcome {
  if (stop.aborted) return infra('cancelled', step, String(stop.reason));
  if (error instanceof GateStop) return error.outcome;
  const { code, message } = error as NodeJS.ErrnoException;
  if (isDiskFull(code) || /No space left on device|Disk quota exceeded/.test(message))
    return infra('disk-full', step, message);
  return infra('git-failed', step, error instanceof GitFailure ? error.message : `${message}`);
}
