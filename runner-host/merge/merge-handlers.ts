import { join } from 'node:path';
import { livenessOf } from '../processes/own-identity';
import type { ProcessTable } from '../processes/process-table';
import type { CleanRequest, CleanResult } from '../protocol/merge-clean';
import type { ProcessIdentity } from '../protocol/methods';
import type { Handlers } from '../server/methods';
import { claim } from './claim';
import { cleanItem } from './clean/clean-item';
import { obstacle } from './clean/clean-tools';
import { outcomeOf } from './gate-stop';
import { openMirror, type Mirror } from './open-mirror';
import { finishReceipts, verifyCommit } from './receipts';

const VERIFY_BOUND_MS = 120_000;
/** A clone for the mirror, the network, and a large worktree's removal. */
const CLEAN_BOUND_MS = 10 * 60_000;

export interface MergeTools {
  stateDir: string;
  me: ProcessIdentity;
  table: ProcessTable;
  env: NodeJS.ProcessEnv;
  /** Told between the steps of a clean-up, by name: where a crash is tried out. */
  reach?: (point: string) => Promise<void>;
}

/** The calls about what the gate has landed. None rejects for what a remote says. */
export function mergeHandlers(tools: MergeTools): Pick<Handlers, 'merge/verify' | 'merge/clean'> {
  const { table, env, reach } = tools;
  return {
    'merge/verify': async ({ base, commit, ...where }) => {
      const bad = (...problems: string[]) => ({ ok: false, receipt: null, log: null, problems });
      const stop = AbortSignal.timeout(VERIFY_BOUND_MS);
      return withMirror(tools, where, stop, bad, async ({ git, target }) => {
        // One that could not be written when the commit landed: whoever asks for it finishes it.
        await finishReceipts({ git, target }, { folder: join(tools.stateDir, 'merge'), log: () => undefined });
        const { ok, receipt, log, problems } = await verifyCommit(git, target, base, commit);
        return { ok, receipt: receipt === null ? null : JSON.stringify(receipt), log, problems };
      });
    },
    'merge/clean': async (request) => {
      const stop = AbortSignal.timeout(CLEAN_BOUND_MS);
      return withMirror(
        tools,
        request,
        stop,
        (detail) => notChecked(request, detail),
        (mirror) =>
          cleanItem({ git: mirror.git, commonDir: mirror.user.commonDir, table, env, stop, reach }, mirror, request),
      );
    },
  };
}

/** Works with the gate's mirror under the gate's lock: not while one is at work. Never throws; `failed` answers for what went wrong. */
async function withMirror<T>(
  { stateDir, me, table, env }: MergeTools,
  { repository, remote }: { repository: string; remote: string },
  stop: AbortSignal,
  failed: (detail: string) => T,
  work: (mirror: Mirror) => Promise<T>,
): Promise<T> {
  const folder = join(stateDir, 'merge');
  try {
    const lock = await claim(join(folder, 'lock'), me, 'verify', (owner) => livenessOf(table, me, owner));
    if (lock.state === 'busy') return failed('a merge gate is at work: ask again when it has ended');
    try {
      return await work(await openMirror({ folder, env, stop }, { repository, remote }));
    } finally {
      await lock.release();
    }
  } catch (error) {
    const outcome = outcomeOf(error, 'VERIFY', stop);
    return failed('detail' in outcome ? outcome.detail : outcome.outcome);
  }
}

function notChecked({ worktree, branch }: CleanRequest, detail: string): CleanResult {
  const nothing = { head: null, backup: null, proof: null, generated: [] };
  const obstacles = [obstacle('not-checked', `it could not be checked: ${detail}`, 'Try again')];
  return { state: 'refused', worktree, branch, ...nothing, obstacles };
}
