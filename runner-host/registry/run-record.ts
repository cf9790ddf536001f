import * as z from 'zod/mini';
import { ProcessIdentity } from '../protocol/methods';

/** `processes.json` of a run: who runs it and by what its processes are found if that one dies. Its first form is written before anything is started. */
export const RunRecord = z.strictObject({
  host: ProcessIdentity,
  cookie: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  /** The command's folder for temporary files. */
  tmp: z.string(),
  /** The process that supervises the command, and its cgroup; null before there is one. Written before the command starts. */
  shim: z._default(
    z.nullable(z.strictObject({ pid: z.int(), startTime: z.string(), cgroup: z.nullable(z.string()) })),
    null,
  ),
  /** Null until the command has started. */
  leader: z.nullable(z.strictObject({ pid: z.int(), startTime: z.string() })),
  /** The staging host has been asked to start the suite: it may go on there without us. */
  asked: z.optional(z.boolean()),
  startedAt: z.int(),
});
export type RunRecord = z.infer<typeof RunRecord>;
