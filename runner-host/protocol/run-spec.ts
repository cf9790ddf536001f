import * as z from 'zod/mini';

/** `r` + milliseconds in base 36 + 8 random hex digits: sorts by time, safe as a folder name. */
export const RunId = z.string().check(z.regex(/^r[0-9a-z]{8,12}-[0-9a-f]{8}$/));
export type RunId = z.infer<typeof RunId>;

const absolutePath = z.string().check(z.minLength(1), z.regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path is needed'));

/** Array: no shell. String: through `/bin/sh -c`. */
export const CommandLine = z.union([z.array(z.string()).check(z.minLength(1)), z.string().check(z.minLength(1))]);
export type CommandLine = z.infer<typeof CommandLine>;

/** What every run on this machine has. Times in ms. */
const supervised = {
  run: RunId,
  item: z.string().check(z.minLength(1)),
  /** The folder that the command may change: the item's worktree. */
  worktree: absolutePath,
  /** Folder of the item's artifacts, relative to the worktree with `/`: not part of the tested tree. */
  artifacts: z.string(),
  command: CommandLine,
  /** Working directory relative to the worktree. */
  cwd: z.string(),
  timeoutMs: z.int().check(z.positive()),
  graceMs: z.int().check(z.nonnegative()),
  /** Variables set for the command, on top of the allow-list. */
  env: z.record(z.string(), z.string()),
  /** Names passed on from the host's own environment, besides the allow-list. */
  passEnv: z.array(z.string()),
};

/** What a report is written in. All are read strictly: what contradicts itself, or is not whole, counts for nothing. */
export const ReportFormat = z.enum(['junit', 'tap', 'ctrf', 'go-json']);
export type ReportFormat = z.infer<typeof ReportFormat>;

/** What the project says of the report: its format, and a path or glob in the folder where the command runs. */
export const ReportPlace = z.strictObject({ format: ReportFormat, path: z.string().check(z.minLength(1)) });
export type ReportPlace = z.infer<typeof ReportPlace>;

/** What a run's processes may reach outside of this machine. Left out: nothing but reads. */
export const NetworkPolicy = z.strictObject({
  /** `host`, `host:port`, `*.host`. */
  sandbox: z.array(z.string()),
  allowSandboxWrites: z.boolean(),
  read: z.array(z.string()),
});
export type NetworkPolicy = z.infer<typeof NetworkPolicy>;

/** One read-only request after a green suite. */
export const SmokeRequest = z.strictObject({
  url: z.string(),
  status: z.int(),
  /** JSON pointer -> the value that must stand there. */
  json: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  timeoutMs: z.int().check(z.positive()),
});
export type SmokeRequest = z.infer<typeof SmokeRequest>;

export const TestRunSpec = z.strictObject({
  kind: z.literal('test'),
  ...supervised,
  report: z.nullable(ReportPlace),
  network: z.optional(NetworkPolicy),
  smoke: z.optional(z.array(SmokeRequest)),
  /** The commit whose tree is to be tested. The runner refuses (infra) a worktree that stands elsewhere. */
  head: z.string(),
  /**
   * With it the runner makes `worktree` for this run, standing on `head`, and removes it afterwards. `from`: a worktree of
   * the same repository, whose installed packages it borrows.
   */
  scratch: z.optional(
    z.strictObject({
      from: absolutePath,
      /** A file that is written there before the run; it must not be in the commit. */
      plant: z.optional(z.strictObject({ path: z.string().check(z.minLength(1)), text: z.string() })),
    }),
  ),
});
export type TestRunSpec = z.infer<typeof TestRunSpec>;
