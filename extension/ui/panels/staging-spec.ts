import * as z from 'zod/mini';
import { CommandLine } from '../../../runner-host/protocol/run-spec';
import { StagingTarget } from '../../../runner-host/protocol/staging';

const Spec = z.object({ kind: z.literal('staging'), command: CommandLine, target: StagingTarget });

const Rules = z.object({
  served: z.object({ asked: z.boolean(), commit: z.string(), sameContent: z.optional(z.array(z.string())) }),
});

/** What the host had to serve, as it was fixed when the run was started; null where that is not known. */
export function servedRule(rules: string | undefined): z.infer<typeof Rules>['served'] | null {
  try {
    return Rules.parse(JSON.parse(rules ?? '')).served;
  } catch {
    return null;
  }
}

/** What a run on a staging host was told; null for another runner's specification, or one of an older version. */
export function stagingSpec(spec: string | undefined): z.infer<typeof Spec> | null {
  try {
    return Spec.parse(JSON.parse(spec ?? ''));
  } catch {
    return null;
  }
}

export const stagingCommand = (spec: string | undefined): CommandLine | null => stagingSpec(spec)?.command ?? null;
