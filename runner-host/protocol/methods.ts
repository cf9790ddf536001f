import * as z from 'zod/mini';
import { CleanRequest, CleanResult } from './merge-clean';
import { RunId } from './run-spec';
import { RunKind, RunResult, RunSpec } from './runs';
import { StagingCheck, StagingCheckSpec, StagingSecret, StagingTarget } from './staging';

/** How a process is told apart from another one that later has the same pid. */
export const ProcessIdentity = z.strictObject({
  host: z.string(),
  bootId: z.string(),
  pidNamespace: z.string(),
  pid: z.int(),
  /** Field 22 of /proc/PID/stat on Linux; the start time as `ps -o lstart=` gives it elsewhere. */
  startTime: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

export const RunState = z.enum(['queued', 'running', 'stopping', 'finished']);
export type RunState = z.infer<typeof RunState>;

export const RunSummary = z.strictObject({
  run: RunId,
  item: z.string(),
  kind: RunKind,
  state: RunState,
  /** Position in the queue from 1, or null. */
  position: z.nullable(z.int()),
  startedAt: z.nullable(z.int()),
  outputBytes: z.int(),
  result: z.nullable(RunResult),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const HostStatus = z.strictObject({
  version: z.int(),
  identity: ProcessIdentity,
  startedAt: z.int(),
  draining: z.boolean(),
  clients: z.int(),
  memoryBytes: z.int(),
  containment: z.string(),
  runs: z.array(RunSummary),
});
export type HostStatus = z.infer<typeof HostStatus>;

const empty = z.strictObject({});

/**
 * The calls that a host answers: method name -> schemas of its parameters and of its result.
 * `run/start` is idempotent by run id: the same specification attaches, another one is `runConflict`.
 * `run/attach` replays output.log from `from` (a byte offset), then goes on live, by `run/output` events. On one connection
 * a run is attached once: attaching again starts over. `run/finished` comes after the last output event.
 * `initialize` and `host/drain` keep their form in every version: a newer client must be able to drain an older host.
 * `run/acknowledge` says that the ledger holds the result; before that no run directory is removed.
 */
export const METHODS = {
  initialize: {
    params: z.strictObject({ version: z.int(), token: z.string(), client: z.string() }),
    result: z.strictObject({ version: z.int(), identity: ProcessIdentity }),
  },
  'run/start': { params: z.strictObject({ spec: RunSpec }), result: RunSummary },
  'run/attach': { params: z.strictObject({ run: RunId, from: z.int().check(z.nonnegative()) }), result: RunSummary },
  /** Answers when every process of the run is dead and the result is written. */
  'run/cancel': { params: z.strictObject({ run: RunId, reason: z.string() }), result: RunSummary },
  'run/list': { params: empty, result: z.strictObject({ runs: z.array(RunSummary) }) },
  'run/acknowledge': { params: z.strictObject({ run: RunId }), result: empty },
  /** Looks at the staging host without running a suite there. Bounded; never rejects for what it finds. */
  'staging/check': { params: z.strictObject({ spec: StagingCheckSpec }), result: StagingCheck },
  /** Keeps a passphrase or password for the host in memory, until the runner host ends. */
  'staging/secret': { params: z.strictObject({ target: StagingTarget, secret: StagingSecret }), result: empty },
  /** A person has compared the fingerprint: keeps the key, unless another one of that host is on file or it is revoked. */
  'staging/trust': {
    params: z.strictObject({ target: StagingTarget, fingerprint: z.string() }),
    result: z.strictObject({ trusted: z.boolean(), detail: z.string() }),
  },
  /** Whether a commit on base is what its receipt says. Never rejects for what it finds. `receipt`: JSON. */
  'merge/verify': {
    params: z.strictObject({ repository: z.string(), remote: z.string(), base: z.string(), commit: z.string() }),
    result: z.strictObject({
      ok: z.boolean(),
      receipt: z.nullable(z.string()),
      /** `14-merge-log.md`. Text of the repository: hostile until shown as plain text. */
      log: z.nullable(z.string()),
      problems: z.array(z.string()),
    }),
  },
  /**
   * Removes a finished item's worktree and branch from the user's repository, with proof that nothing is lost, or says what is in the
   * way. Never rejects for what it finds. Killed in between it is finished by a second call.
   */
  'merge/clean': { params: CleanRequest, result: CleanResult },
  'host/status': { params: empty, result: HostStatus },
  /** Takes no new run, finishes the present ones, then exits; answers at once. With `cancel` it stops them and answers when they are dead. */
  'host/drain': { params: z.strictObject({ cancel: z.boolean() }), result: empty },
} as const;
export type Method = keyof typeof METHODS;
export type Params<M extends Method> = z.infer<(typeof METHODS)[M]['params']>;
export type Result<M extends Method> = z.infer<(typeof METHODS)[M]['result']>;

/** What a host tells its clients unasked. `run/output` goes to those who attached, the others to every client. */
export const EVENTS = {
  'run/output': z.strictObject({
    run: RunId,
    /** Offset of the first byte of `text` in all that the command wrote; where the middle was cut out, the next event jumps. */
    offset: z.int(),
    /** Byte offset after the last one. */
    next: z.int(),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string(),
  }),
  'run/step': z.strictObject({ run: RunId, state: RunState, position: z.nullable(z.int()), step: z.string() }),
  'run/finished': z.strictObject({ run: RunId, result: RunResult }),
} as const;
export type EventName = keyof typeof EVENTS;
export type EventOf<E extends EventName> = z.infer<(typeof EVENTS)[E]>;

/** The file that a running host leaves in the state folder for its clients (mode 0600). */
export const HostRecord = z.strictObject({
  version: z.int(),
  identity: ProcessIdentity,
  socket: z.string(),
  token: z.string(),
  startedAt: z.int(),
});
export type HostRecord = z.infer<typeof HostRecord>;
