/**
 * A model of commit and lease, small enough to visit every state that it can reach.
 *
 * Two or three processes run scripts on one hot row (an item's stage and revision), one history row for each revision, and one
 * lease row, all in one journal. The steps are those of docs/ledger-format.md:
 *   1 read the tail to its end        2 check the preconditions in the view; who has lost is told so at once
 *   3 append the line with one write  4 flush
 *   5 read the tail through the own line      6 answer with what the line's place in the file decided
 * Between any two steps of one process the others may do theirs. Others see a line appear in parts, nobody appends in the
 * middle of it (the kernel's lock of the file), a process may die anywhere, also in the middle of a write, and start again.
 * A power cut ends all of them at once and leaves of what was not flushed any subset, the file ending anywhere.
 *
 * What must hold in every state, in words (invariants.ts has each of them):
 *   - Acknowledged is kept: a transaction whose caller was told that it won is applied, whatever dies or loses power after.
 *   - One winner: no two transactions are told, or taken, to have made the same revision.
 *   - Nothing is half applied: the rows of a transaction are there together or not at all.
 *   - No means no: a transaction whose caller was told that it lost, or that it is surely not kept, is never applied.
 *   - Readers agree: what a process has read is what the file says up to there, so any two that read as far see the same.
 *   - Fencing: nothing that was written under a lease is applied where the lease has another token.
 *   - One owner: no two living processes hold the lease, unless a person took it away from one of them.
 *   - Nobody acts late: an act outside the ledger happens only under the present token (same exception, see the test).
 *   - A crash is nobody else's: who made no mistake is told that it won or lost, not that its line is missing.
 *   - A crash or power cut is never taken for damage.
 *   - Nothing stalls: whatever happened, each process that lives can go on to the end of its script.
 *
 * Taken as given: the disk keeps what a flush that succeeded covers; whether a process lives is known (an owner for whom it is
 * not known is never dead); one segment. A flush that fails is modelled as Linux has it: every descriptor open at that time
 * reports it once, one opened later reports nothing and reads what will be lost. Then "acknowledged is kept" means: kept, or
 * damage that every reader sees. A flush that fails after somebody was killed in the middle of a write is not explored: the torn
 * line may be completed by the next writer and yet be lost, and nobody is told.
 */
import type { Model } from './explorer';
import { invariantsOf } from './invariants';
import { EMPTY } from './journal';
import { mishapsOf } from './mishaps';
import { canonicalizer } from './canonical';
import { stepsOf } from './commit-steps';
import { STARTED, type Scenario, type State } from './state';

export function commitModel(scenario: Scenario): Model<State> {
  const { scripts, mishaps } = scenario;
  return {
    initial: {
      journal: EMPTY,
      writers: scripts.map(() => STARTED),
      left: mishaps,
      answers: [],
      lateActs: [],
    },
    canonical: canonicalizer(scripts),
    *next(state) {
      for (const index of scripts.keys()) yield* stepsOf(state, index, scenario);
      yield* mishapsOf(state, scenario);
    },
    invariants: invariantsOf(scenario),
    finished: ({ writers }) =>
      writers.every(
        ({ phase, at }, index) => phase === 'dead' || phase === 'read-only' || at >= (scripts[index]?.length ?? 0),
      ),
  };
}
