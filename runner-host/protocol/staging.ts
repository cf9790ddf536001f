import * as z from 'zod/mini';
import { ReportReading } from './result';
import { CommandLine, ReportPlace, RunId } from './run-spec';

/** Where and how a staging host is reached: all that a person configured, nothing secret. */
export const StagingTarget = z.strictObject({
  transport: z.enum(['ssh2', 'openssh', 'demo']),
  /** As a person writes it: a name that the user's ssh configuration may know. */
  host: z.string().check(z.minLength(1)),
  port: z.nullable(z.int().check(z.gte(1), z.lte(65535))),
  user: z.nullable(z.string().check(z.minLength(1))),
});
export type StagingTarget = z.infer<typeof StagingTarget>;

export const StagingContainer = z.strictObject({
  engine: z.enum(['docker', 'podman']),
  name: z.string().check(z.minLength(1)),
});
export type StagingContainer = z.infer<typeof StagingContainer>;

/** A suite on a staging host. Times in ms. */
export const StagingRunSpec = z.strictObject({
  kind: z.literal('staging'),
  run: RunId,
  item: z.string().check(z.minLength(1)),
  target: StagingTarget,
  /** Array: every word as it is. String: through the host's /bin/sh. */
  command: CommandLine,
  /** Absolute folder on the host. */
  cwd: z.string().check(z.minLength(1)),
  timeoutMs: z.int().check(z.positive()),
  graceMs: z.int().check(z.nonnegative()),
  env: z.record(z.string(), z.string()),
  /** The suite runs in this container of the host, which must be running. */
  container: z.nullable(StagingContainer),
  /** Prints the commit that the host serves; null: not proven. */
  servedCommit: z.nullable(CommandLine),
  /** The commit that the host must serve. */
  head: z.string(),
  /** Commits that differ from it in the folder of the artifacts alone: the host may serve one of them as well. */
  sameContent: z.optional(z.array(z.string())),
  /** `path` is on the host, absolute or relative to `cwd`. */
  report: z.nullable(ReportPlace),
});
export type StagingRunSpec = z.infer<typeof StagingRunSpec>;

/** What is known of the run on the host once it is over. Null is what the host could not tell. */
export const RemoteSupervision = z.strictObject({
  /** `user@host:port` as it was resolved, for people. */
  host: z.string(),
  transport: StagingTarget.shape.transport,
  bootId: z.nullable(z.string()),
  exitCode: z.nullable(z.int()),
  startedAt: z.int(),
  durationMs: z.number(),
  /** Connections that the run took: 1 if none was lost. */
  connections: z.int(),
  survivors: z.nullable(z.int()),
  leaked: z.nullable(z.int()),
  oomKills: z.nullable(z.int()),
  /** KiB. */
  freeBefore: z.nullable(z.int()),
  freeAfter: z.nullable(z.int()),
  outputBytes: z.int(),
  outputDropped: z.int(),
});
export type RemoteSupervision = z.infer<typeof RemoteSupervision>;

/** What the host said it serves, before and after the suite. */
export const ServedCommit = z.strictObject({ before: z.string(), after: z.nullable(z.string()) });
export type ServedCommit = z.infer<typeof ServedCommit>;

/**
 * `held`: something happened that is neither the code's fault for sure nor sure to pass. The causes are words of a fixed
 * list: see runner-host/ssh.
 */
export const StagingClass = z.enum(['transient-infra', 'permanent-env', 'held', 'cancelled']);
export type StagingClass = z.infer<typeof StagingClass>;

const common = {
  run: RunId,
  item: z.string(),
  kind: z.literal('staging'),
  remote: RemoteSupervision,
  /** Null where none is configured, or the run did not come that far. */
  served: z.nullable(ServedCommit),
};

export const StagingRunResult = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('suite-ran'), ...common, report: ReportReading }),
  z.strictObject({
    status: z.literal('infra'),
    ...common,
    class: StagingClass,
    cause: z.string().check(z.regex(/^[a-z][a-z-]*$/)),
    detail: z.string(),
  }),
]);
export type StagingRunResult = z.infer<typeof StagingRunResult>;

/** What a person must give before the host can be reached; asked for, never guessed. */
export const StagingNeed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('passphrase'), identity: z.string() }),
  z.strictObject({ kind: z.literal('password') }),
  z.strictObject({
    kind: z.literal('trust'),
    host: z.string(),
    port: z.int(),
    type: z.string(),
    fingerprint: z.string(),
  }),
]);
export type StagingNeed = z.infer<typeof StagingNeed>;

/** Kept in the host's memory for its life, never on disk. */
export const StagingSecret = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('passphrase'), identity: z.string(), value: z.string() }),
  z.strictObject({ kind: z.literal('password'), value: z.string() }),
]);
export type StagingSecret = z.infer<typeof StagingSecret>;

/** A look at the staging host: best effort, it runs no suite and changes nothing there. */
export const StagingCheckSpec = z.strictObject({
  target: StagingTarget,
  command: CommandLine,
  cwd: z.string().check(z.minLength(1)),
  container: z.nullable(StagingContainer),
  servedCommit: z.nullable(CommandLine),
});
export type StagingCheckSpec = z.infer<typeof StagingCheckSpec>;

export const StagingCheck = z.strictObject({
  /** `ready`: a run could start now. */
  state: z.enum(['ready', 'transient-infra', 'permanent-env', 'held']),
  cause: z.string(),
  /** For people: `user@host:port`. */
  host: z.string(),
  need: z.nullable(StagingNeed),
  /** One line each, good or bad: host key, login, work directory, command, container, disk, served commit, lock. */
  facts: z.array(z.strictObject({ ok: z.nullable(z.boolean()), text: z.string() })),
});
export type StagingCheck = z.infer<typeof StagingCheck>;
