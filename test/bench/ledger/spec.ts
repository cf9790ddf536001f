import * as z from 'zod/mini';
import { STORES } from './store';

const Settings = z.object({
  store: z.enum(STORES),
  directory: z.string(),
  sqlJs: z.string(),
  lineBytes: z.int(),
});
const Load = z.extend(Settings, {
  mode: z.literal('load'),
  /** Names the process: part of each run's id. */
  name: z.string(),
  /** Items to choose from, evenly. */
  items: z.int(),
  durationMs: z.number(),
  /** Commits that are made even if they take longer than that. */
  atLeast: z.int(),
});
const Write = z.extend(Settings, { mode: z.literal('write'), commits: z.int(), everyMs: z.number() });
const Read = z.extend(Settings, { mode: z.literal('read'), commits: z.int() });
const Check = z.extend(Settings, { mode: z.literal('check'), items: z.int() });
const Seed = z.extend(Settings, { mode: z.literal('seed'), items: z.int() });

/** What a process of the measurement is to do; it gets it as its one argument. */
export const WorkerSpec = z.discriminatedUnion('mode', [Load, Write, Read, Check, Seed]);
export type WorkerSpec = z.infer<typeof WorkerSpec>;
export type SpecOf<Mode extends WorkerSpec['mode']> = Extract<WorkerSpec, { mode: Mode }>;

/** Sent when the store is open and everything waits for the start. Times in ms, memory in bytes. */
export const Ready = z.object({
  kind: z.literal('ready'),
  /** Loading the library: WASM, native module. */
  libraryMs: z.number(),
  openMs: z.number(),
  /** How much the process grew by opening. */
  rssOfOpening: z.number(),
});
export type Ready = z.infer<typeof Ready>;

/** What came out of `load`; latencies in ms, from the first attempt until the transition was this process's. */
export const LoadResult = z.object({
  kind: z.literal('load'),
  latencies: z.array(z.number()),
  /** Commits that were answered, with those of the warm-up. */
  answered: z.int(),
  elapsedMs: z.number(),
  lostRaces: z.int(),
  /** Calls that the store refused, opening too, and that were made again. */
  failures: z.int(),
  /** Of the first commits in the process, before the others were timed. */
  firstLatencies: z.array(z.number()),
  /** The event loop's busy time, ms. */
  busyMs: z.number(),
  /** `write_bytes` of /proc/self/io; null where there is none. */
  diskBytes: z.nullable(z.number()),
  /** How much the process grew since before it opened the store, bytes. */
  rssGrowth: z.number(),
});
export type LoadResult = z.infer<typeof LoadResult>;

/** When a writer was answered, or a reader first saw it: revision and microseconds of the system's monotonic clock. */
export const Sightings = z.object({ kind: z.literal('sightings'), seen: z.array(z.tuple([z.number(), z.number()])) });
export const Checked = z.object({ kind: z.literal('checked'), revisions: z.array(z.number()) });
export const Seeded = z.object({ kind: z.literal('seeded'), bytes: z.number() });

export const WorkerResult = z.discriminatedUnion('kind', [LoadResult, Sightings, Checked, Seeded]);
export type WorkerResult = z.infer<typeof WorkerResult>;
