import * as z from 'zod/mini';

/** Error codes of the JSON-RPC replies; `data` carries the facts. Texts for people are made by the client. */
export const HOST_ERROR = {
  invalidParams: -32602,
  unauthorized: 1,
  versionMismatch: 2,
  unknownRun: 3,
  runConflict: 4,
  draining: 5,
  notFinished: 6,
  io: 7,
} as const;

export const HostErrorData = z.strictObject({
  code: z.enum([
    'invalidParams',
    'unauthorized',
    'versionMismatch',
    'unknownRun',
    'runConflict',
    'draining',
    'notFinished',
    'io',
  ]),
  detail: z.string(),
});
export type HostErrorData = z.infer<typeof HostErrorData>;
export type HostErrorCode = HostErrorData['code'];
