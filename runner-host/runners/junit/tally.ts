import { ReportError } from '../report-error';

/** What stands in a suite. */
export interface Tally {
  cases: number;
  failed: number;
  errored: number;
  skipped: number;
  /** `failure` and `error` elements: some suites write several into one case. */
  negativeElements: number;
  /** Cases that were run again (`flakyFailure`, `rerunFailure`). */
  rerun: number;
}

export function emptyTally(): Tally {
  return { cases: 0, failed: 0, errored: 0, skipped: 0, negativeElements: 0, rerun: 0 };
}

export function addTally(to: Tally, more: Tally): void {
  to.cases += more.cases;
  to.failed += more.failed;
  to.errored += more.errored;
  to.skipped += more.skipped;
  to.negativeElements += more.negativeElements;
  to.rerun += more.rerun;
}

/** What the attributes of a suite say; null where they say nothing. */
export interface Claim {
  tests: number | null;
  failures: number | null;
  errors: number | null;
  skipped: number | null;
  disabled: number | null;
}

export interface Count {
  /** Cases that stand directly in the suite. */
  own: Tally;
  /** With those of the suites inside it. */
  total: Tally;
  /** Direct children, each suite counted as one: how node:test fills the attributes. */
  children: { count: number; negative: number; skipped: number };
}

/**
 * Compares the attributes of one suite with what stands in it. Emitters count in three ways (own cases, all cases, direct
 * children), so a figure must fit one of them. Throws `ReportError` where it fits none.
 *
 * Deviations that are let through need failing cases, so that none of them can make a red report green: pytest counts a
 * test that fails in its teardown twice, mocha and jest write cases for failed hooks and files that they don't count (and mocha
 * takes them off its skipped ones), and some count a case with several failures once. The exception is Surefire, which after a rerun counts the tests of the last
 * round alone, while it writes all of them.
 */
export function checkClaim(name: string, claim: Claim, { own, total, children }: Count): void {
  const negative = total.failed + total.errored;
  if (claim.tests !== null && ![own.cases, total.cases, children.count].includes(claim.tests)) {
    const explained = claim.tests >= total.cases - negative && claim.tests <= total.cases + total.errored;
    const lastRun = total.rerun > 0 && claim.tests >= total.rerun && claim.tests < total.cases;
    if (!explained && !lastRun) throw mismatch(name, 'tests', claim.tests, total.cases);
  }
  checkNegative(name, claim, own, total, children.negative);
  if (claim.skipped !== null) {
    // gtest counts disabled tests apart; both are written as not run.
    const apart = claim.skipped + (claim.disabled ?? 0);
    const fits = [own.skipped, total.skipped, children.skipped];
    const explained = (negative > 0 || total.rerun > 0) && claim.skipped < total.skipped;
    if (!fits.includes(claim.skipped) && !fits.includes(apart) && !explained) {
      throw mismatch(name, 'skipped', claim.skipped, total.skipped);
    }
  }
}

function checkNegative(name: string, claim: Claim, own: Tally, total: Tally, children: number): void {
  if (claim.failures === null && claim.errors === null) return;
  const failures = claim.failures ?? 0;
  const errors = claim.errors ?? 0;
  const found = total.failed + total.errored;
  const said = failures + errors;
  const fits = [own.failed + own.errored, found, children, total.negativeElements];
  if (fits.includes(said) || fits.includes(Math.max(failures, errors))) return;
  // More than it says is sloppy counting and red all the same; none said and some found, or fewer found than said, is not.
  if (said > 0 && said < found) return;
  throw mismatch(name, 'failures and errors', said, found);
}

function mismatch(name: string, what: string, said: number, found: number): ReportError {
  return new ReportError(`suite "${name.slice(0, 200)}" says ${what}=${said}, but ${found} stand in it`);
}
