import * as z from 'zod/mini';
import { ReportFormat } from '../../runner-host/protocol/run-spec';
import { StagingContainer, StagingTarget } from '../../runner-host/protocol/staging';

// The key "staging": where the staging host is and what runs there. Nothing secret: the file is in the repository.

const line = (text: string): boolean => !/[\0\r\n]/.test(text);
/** No word that a command line would take for an option. */
const hostName = z.string().check(z.regex(/^[A-Za-z0-9_.:%][A-Za-z0-9_.:%-]*$/));
const userName = z.string().check(z.regex(/^[A-Za-z0-9_.][A-Za-z0-9_.@\\+$-]*$/));
/** On the host, where this machine's rules of paths say nothing. */
const absolute = z.string().check(
  z.regex(/^\//),
  z.refine((path) => line(path) && !path.split('/').includes('..')),
);
/** One file: there is nobody on the host to look through folders. */
const reportFile = z.string().check(
  z.minLength(1),
  z.refine((path) => line(path) && !/[*?{}[\]\\]/.test(path) && !path.split('/').includes('..')),
);

/** What both suites are told alike. */
export interface SharedKeys<C extends z.ZodMiniType, D extends z.ZodMiniType, E extends z.ZodMiniType> {
  command: C;
  timeout: D;
  grace: D;
  env: E;
  text: z.ZodMiniString;
}

export const stagingKey = <C extends z.ZodMiniType, D extends z.ZodMiniType, E extends z.ZodMiniType>(
  shared: SharedKeys<C, D, E>,
) =>
  z.strictObject({
    host: z.optional(hostName),
    port: z.optional(z.int().check(z.gte(1), z.lte(65535))),
    user: z.optional(userName),
    transport: z._default(StagingTarget.shape.transport, 'ssh2'),
    command: shared.command,
    cwd: absolute,
    timeout: shared.timeout,
    grace: shared.grace,
    env: shared.env,
    container: z._default(
      z.nullable(
        z.strictObject({
          engine: StagingContainer.shape.engine,
          name: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)),
        }),
      ),
      null,
    ),
    servedCommit: z._default(z.nullable(shared.command), null),
    report: z.optional(
      z.discriminatedUnion('format', [
        z.strictObject({ format: ReportFormat, path: reportFile }),
        z.strictObject({ format: z.literal('none') }),
      ]),
    ),
    waivers: z._default(
      z
        .array(
          z.strictObject({
            check: shared.text,
            reason: shared.text,
            reference: shared.text,
            until: z.iso.date(),
          }),
        )
        .check(z.maxLength(200)),
      [],
    ),
  });
