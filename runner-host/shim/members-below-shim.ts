import type { ProcessTable } from '../processes/process-table';
import { Members } from '../supervisor/members';
import type { FromShimOf } from './messages';

/** What a shim has told so far. */
export interface Findings {
  ready: FromShimOf<'ready'> | null;
  started: FromShimOf<'started'> | null;
  ended: FromShimOf<'ended'> | null;
}

/**
 * The processes of a run as its host sees them, beside the shim: whatever hangs on the shim, or has the run's cookie or pipes.
 * Looked at from time to time, it still knows a process whose shim was killed.
 */
export function membersBelowShim(cookie: string, table: ProcessTable, { ready, started }: Findings): Members {
  return new Members(table, {
    cookie,
    leader: ready?.shim ?? null,
    // Nothing of the run is older than its shim, and without one nothing was started. A command can kill its shim before
    // that has told of it, so `started` decides nothing here.
    notBefore: ready === null ? Number.POSITIVE_INFINITY : table.ageOf(ready.shim.startTime),
    outputEnds: new Set(started?.outputEnds),
    watched: false,
  });
}
