import * as z from 'zod/mini';
import type { JobRow } from '../../ledger/rows';
import type { FloorRule } from './cross-check';

const Rules = z.object({ floor: z.nullable(z.int()), floorSource: z.string() });

/** The floor that was fixed when the run was started; null where the job is gone or an older version wrote it otherwise. */
export function floorRule(job: JobRow | undefined): FloorRule | null {
  if (!job) return null;
  try {
    return Rules.parse(JSON.parse(job.rules));
  } catch {
    return null;
  }
}
