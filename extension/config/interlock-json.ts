import * as z from 'zod/mini';
import { ReportFormat } from '../../runner-host/protocol/run-spec';
import { isPlainPath } from '../git/plain-path';
import { isBranchName } from '../git/ref-name';
import { parseDuration } from './duration';
import { mergeKey } from './merge-key';
import { NetworkKey, smokeKey } from './outside-keys';
import { STAGE_NAMES } from './project-config';
import { stagingKey } from './staging-key';

// The one description of interlock.json: what is accepted, and its defaults. The JSON schema for editors is made from it.

/** Longer timers than this fire at once in Node (2^31 ms); no stage needs a day. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

const duration = (least: number) =>
  z.pipe(
    z.string().check(
      z.regex(/^[0-9]+(ms|s|m|h)$/),
      z.refine((text) => {
        const ms = parseDuration(text);
        return ms === null || (ms >= least && ms <= LONGEST_MS);
      }),
    ),
    z.transform((text) => parseDuration(text) ?? 0),
  );
const inside = z.string().check(z.refine(isPlainPath));
/** A path or glob, perhaps with the JSON pointer of a part of the file. */
const pattern = z.string().check(
  z.regex(/^\/?[^/#\\\s][^#\\]*(#\/.*)?$/),
  z.refine((glob) => !glob.split(/[/#]/).includes('..')),
);
const variableName = z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/));
const retries = z.int().check(z.nonnegative(), z.maximum(100));
const text = z.string().check(
  z.minLength(1),
  z.refine((value) => !value.includes('\0')),
);

const command = z.union([z.array(text).check(z.minLength(1)), text.check(z.refine((value) => value.trim() !== ''))]);
const environment = z._default(
  z.record(variableName, z.string().check(z.refine((value) => !value.includes('\0')))),
  {},
);
const grace = z.prefault(duration(0), '3s');

const TestSection = z.strictObject({
  command,
  cwd: z._default(z.union([z.literal('.'), inside]), '.'),
  timeout: z.prefault(duration(1), '15m'),
  grace,
  env: environment,
  passEnv: z._default(z.array(variableName), []),
  report: z.optional(
    z.discriminatedUnion('format', [
      z.strictObject({ format: ReportFormat, path: inside }),
      z.strictObject({ format: z.literal('none') }),
    ]),
  ),
  floor: z._default(z.union([z.enum(['base', 'off']), z.int().check(z.positive(), z.maximum(10_000_000))]), 'base'),
  redOnBase: z._default(z.boolean(), true),
  biteMatrix: z._default(z.enum(['off', 'advisory', 'required']), 'off'),
  rerunFailed: z._default(z.int().check(z.nonnegative(), z.maximum(1)), 0),
  flaky: z._default(
    z.array(z.strictObject({ test: text, suite: z.optional(text), reason: text, until: z.iso.date() })),
    [],
  ),
  protected: z.optional(z.array(pattern)),
  files: z.optional(z.array(pattern)),
  smoke: z._default(z.array(smokeKey(z.prefault(duration(1), '2s'))).check(z.maxLength(50)), []),
  network: z.prefault(NetworkKey, {}),
  prove: z.optional(
    z.strictObject({ file: inside, text: text.check(z.refine((value) => /interlock[\W_]*prove/i.test(value))) }),
  ),
});

export const InterlockJson = z.strictObject({
  $schema: z.optional(z.string()),
  base: z.optional(z.string().check(z.refine(isBranchName))),
  remote: z._default(z.string().check(z.refine((name) => name === '' || isBranchName(name))), 'origin'),
  artifacts: z._default(inside, 'docs/work-items'),
  worktrees: z._default(
    z.string().check(
      z.minLength(1),
      z.refine((path) => !/[\0\r\n]|\$\{(?!repo\})/.test(path)),
    ),
    '../${repo}.worktrees',
  ),
  stages: z._default(z.array(z.enum(STAGE_NAMES)), [...STAGE_NAMES]),
  budgets: z.prefault(
    z.strictObject({ developerRetries: z._default(retries, 3), infraRetries: z._default(retries, 3) }),
    {},
  ),
  test: z.optional(TestSection),
  staging: z.optional(stagingKey({ command, timeout: z.prefault(duration(1), '20m'), grace, env: environment, text })),
  merge: z.optional(mergeKey({ command, timeout: duration(1) })),
});
export type InterlockJson = z.infer<typeof InterlockJson>;
