import { constants } from 'node:os';
import * as z from 'zod/mini';
import { Survivor } from '../protocol/result';

/** What can hold the processes of a run together. */
export const CONTAINMENTS = ['subreaper', 'cgroup'] as const;
export type ContainmentName = (typeof CONTAINMENTS)[number];

/** What one shim runs. Times in ms. It travels through a pipe: the environment may hold secrets and is on no command line. */
export const ShimSpec = z.strictObject({
  /** Absolute program first. */
  command: z.array(z.string()).check(z.minLength(1)),
  cwd: z.string().check(z.minLength(1)),
  env: z.record(z.string(), z.string()),
  /** 32 hex digits, or empty: then no process is looked for by its environment. */
  cookie: z.string().check(z.regex(/^([0-9a-f]{32})?$/)),
  timeoutMs: z.int().check(z.positive()),
  graceMs: z.int().check(z.nonnegative()),
});
export type ShimSpec = z.infer<typeof ShimSpec>;

/** Host to shim, one JSON value a line on descriptor 0. `run` comes once. The end of the stream means that the host is gone. */
export const ToShim = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), spec: ShimSpec }),
  z.strictObject({ type: z.literal('stop'), reason: z.string() }),
]);
export type ToShim = z.infer<typeof ToShim>;

const Signal = z.custom<NodeJS.Signals>((name) => typeof name === 'string' && Object.hasOwn(constants.signals, name));

/** As `EndCause` of the supervisor, without the loss of output, which only the host can see. */
export const ShimCause = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('exit'), code: z.int() }),
  z.strictObject({ kind: z.literal('signal'), signal: Signal }),
  z.strictObject({ kind: z.literal('out-of-memory'), detail: z.string() }),
  z.strictObject({ kind: z.literal('timeout') }),
  z.strictObject({ kind: z.literal('cancel'), reason: z.string() }),
  z.strictObject({ kind: z.literal('spawn-failed'), code: z.string(), detail: z.string() }),
]);
export type ShimCause = z.infer<typeof ShimCause>;

const KnownProcess = z.strictObject({ pid: z.int(), startTime: z.string() });

/** Shim to host, one JSON value a line on descriptor 3: ready, then of a run started (if it was), ending, ended. */
export const FromShim = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    shim: KnownProcess,
    /** What holds the run together; empty: nothing but looking at the process table. */
    means: z.array(z.enum(CONTAINMENTS)),
    /** The run's own cgroup, for whoever has to clear up after a dead shim. */
    cgroup: z.nullable(z.string()),
    /** Why each stronger containment is not used. */
    notes: z.array(z.string()),
  }),
  z.strictObject({
    type: z.literal('started'),
    leader: KnownProcess,
    /** Comparable age of the leader, as the process table gives it. */
    age: z.number(),
    outputEnds: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal('ending'), cause: ShimCause }),
  z.strictObject({
    type: z.literal('ended'),
    cause: ShimCause,
    pid: z.nullable(z.int()),
    exitCode: z.nullable(z.int()),
    signal: z.nullable(z.string()),
    startedAt: z.int(),
    durationMs: z.number(),
    containment: z.enum(['subreaper', 'cgroup', 'sweep', 'none']),
    cleanliness: z.enum(['clean', 'swept', 'dirty', 'unchecked']),
    leaked: z.int(),
    survivors: z.array(Survivor),
  }),
]);
export type FromShim = z.infer<typeof FromShim>;
export type FromShimOf<T extends FromShim['type']> = Extract<FromShim, { type: T }>;

/** Where the shim finds what the host gives it; 1 is empty, 2 takes what the shim has to say to people. */
export const DESCRIPTORS = { control: 0, log: 2, events: 3, stdout: 4, stderr: 5 } as const;
