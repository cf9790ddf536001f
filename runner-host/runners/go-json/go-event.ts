import * as z from 'zod/mini';
import { ReportError } from '../report-error';

/** One line of `go test -json` (`go doc test2json`). */
const GoEvent = z.looseObject({
  Action: z.enum([
    'start',
    'run',
    'pause',
    'cont',
    'output',
    'bench',
    'pass',
    'fail',
    'skip',
    'attr',
    'artifacts',
    'build-output',
    'build-fail',
  ]),
  Package: z.optional(z.string()),
  Test: z.optional(z.string()),
  /** In seconds. */
  Elapsed: z.optional(z.number()),
  Output: z.optional(z.string()),
  /** Of `build-output` and `build-fail`; `FailedBuild` of the package names it. */
  ImportPath: z.optional(z.string()),
  FailedBuild: z.optional(z.string()),
});
export type GoEvent = z.infer<typeof GoEvent>;

/** What stands on one line of the report. */
export type GoLine =
  | { kind: 'event'; event: GoEvent }
  /** Before version 1.24, go says in plain text that a package could not be built. */
  | { kind: 'not-built'; package: string; why: string }
  | { kind: 'exit'; code: number };

/** Throws `ReportError` for a line that is none of these. */
export function goLine(text: string, number: number): GoLine {
  const exit = /^exit (\d{1,3})$/.exec(text);
  if (exit !== null) return { kind: 'exit', code: Number(exit[1]) };
  const [, name, why] = /^FAIL\t(\S+) \[((?:build|setup) failed)\]$/.exec(text) ?? [];
  if (name !== undefined && why !== undefined) return { kind: 'not-built', package: name, why };
  const parsed = GoEvent.safeParse(parse(text));
  if (!parsed.success) throw new ReportError(`line ${number} is not an event of go test -json: ${text.slice(0, 200)}`);
  return { kind: 'event', event: parsed.data };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
