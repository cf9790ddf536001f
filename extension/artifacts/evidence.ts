import * as z from 'zod/mini';

/** A test as people name it. Texts come from the suite. */
export const TestName = z.strictObject({ suite: z.string(), name: z.string() });
export type TestName = z.infer<typeof TestName>;

/** How the same command ended on the commit that the item forked from. */
export const BaseEvidence = z.strictObject({
  commit: z.string(),
  /** The run that says so; null where none could be had. */
  run: z.nullable(z.string()),
  /** An earlier run on the identical tree, command, configuration and environment. */
  reused: z.boolean(),
  /** `unknown`: base could not be asked, `detail` says why; the verdict is then what it is without the question. */
  end: z.enum(['green', 'red', 'timeout', 'unknown']),
  detail: z.string(),
  /** Tests of the item's run that failed there too. */
  alsoRed: z.array(TestName),
  /** Both ended with the same exit code, and neither names a failed test. */
  sameFailureOutside: z.boolean(),
});
export type BaseEvidence = z.infer<typeof BaseEvidence>;

/** Some of the tests of a list; `count` is of all of them. */
export const TestNames = z.strictObject({ count: z.int(), first: z.array(TestName) });
export type TestNames = z.infer<typeof TestNames>;

/** The report's tests by name, against those of the last item that passed and landed. */
export const NameEvidence = z.strictObject({
  /** sha256 of the list of this run's names, under which it is kept beside the ledger. */
  kept: z.nullable(z.string()),
  /** The run that it was held against; null: `detail` says why there was none. */
  against: z.nullable(z.strictObject({ item: z.string(), run: z.string() })),
  detail: z.string(),
  fresh: TestNames,
  gone: TestNames,
  newlySkipped: TestNames,
});
export type NameEvidence = z.infer<typeof NameEvidence>;

/** Something that the item changed of that by which it is judged. */
export const Finding = z.strictObject({
  kind: z.enum(['protected', 'test-file', 'skip-mark', 'base-tests']),
  path: z.string(),
  detail: z.string(),
  /** Of what stands there now. */
  content: z.string(),
  needsPerson: z.boolean(),
});
export type Finding = z.infer<typeof Finding>;

export const FindingEvidence = z.strictObject({
  /** Names the set of those that need a person; null: none does. */
  hash: z.nullable(z.string()),
  count: z.int(),
  needPerson: z.int(),
  first: z.array(Finding),
});
export type FindingEvidence = z.infer<typeof FindingEvidence>;

/** Red runs of the item on the identical tree, with identical command and environment, which a green one has against it. */
export const FlakyEvidence = z.strictObject({
  /** The newest of them; null: tests were red within the run itself, and green when the suite's own tool ran them again. */
  red: z.nullable(z.string()),
  failed: TestNames,
  /** Those that base's configuration does not have on record, or no longer. */
  unknown: TestNames,
  /** Failures that no listed test stands for: build, teardown, or more than were listed. */
  unnamed: z.int(),
  /** How often each was flaky so far, this time included. */
  seen: z.array(z.strictObject({ suite: z.string(), name: z.string(), times: z.int() })),
});
export type FlakyEvidence = z.infer<typeof FlakyEvidence>;

/** How the suite ended on one mix of tests and code. */
export const BiteCell = z.strictObject({
  end: z.enum(['green', 'red', 'timeout', 'unknown']),
  run: z.nullable(z.string()),
  reused: z.boolean(),
  detail: z.string(),
  failed: TestNames,
});
export type BiteCell = z.infer<typeof BiteCell>;

/** Whose tests on whose code. */
export const BiteEvidence = z.strictObject({
  mode: z.enum(['advisory', 'required']),
  /** Test files that the item changed; without any the matrix says nothing. */
  testFiles: z.int(),
  baseOnBase: BiteCell,
  baseOnItem: BiteCell,
  itemOnBase: BiteCell,
  itemOnItem: BiteCell,
});
export type BiteEvidence = z.infer<typeof BiteEvidence>;

/** What a verdict rests on besides the run itself; written with the verdict, so that whoever reads it later judges alike. */
export const Evidence = z.strictObject({
  base: z.optional(BaseEvidence),
  names: z.optional(NameEvidence),
  findings: z.optional(FindingEvidence),
  flaky: z.optional(FlakyEvidence),
  bite: z.optional(BiteEvidence),
});
export type Evidence = z.infer<typeof Evidence>;
