import { join } from 'node:path';
import { livenessOf } from '../processes/own-identity';
import type { ProcessTable } from '../processes/process-table';
import type { ProcessIdentity } from '../protocol/methods';
import type { Handlers } from '../server/methods';
import { claim } from './claim';
import { outcomeOf } from './gate-stop';
import { openMirror } from './open-mirror';
import { verifyCommit } from './receipts';

export interface MergeTools {
  stateDir: string;
  me: ProcessIdentity;
  table: ProcessTable;
  env: NodeJS.ProcessEnv;
}

/** The calls about what the gate has landed. None rejects for what a remote says. */
export function mergeHandlers({ stateDir, me, table, env }: MergeTools): Pick<Handlers, 'merge/verify'> {
  const folder = join(stateDir, 'merge');
  return {
    'merge/verify': async ({ repository, remote, base, commit }) => {
      const bad = (...problems: string[]) => ({ ok: false, receipt: null, problems });
      const stop = AbortSignal.timeout(120_000);
      try {
        // The mirror is the gate's: not while one is at work.
        const lock = await claim(join(folder, 'lock'), me, 'verify', (owner) => livenessOf(table, me, owner));
        if (lock.state === 'busy') return bad('a merge gate is at work: ask again when it has ended');
        try {
          const mirror = await openMirror({ folder, env, stop }, { repository, remote });
          const { ok, receipt, problems } = await verifyCommit(mirror.git, mirror.target, base, commit);
          return { ok, receipt: receipt === null ? null : JSON.stringify(receipt), problems };
        } finally {
          await lock.release();
        }
      } catch (error) {
        const outcome = outcomeOf(error, 'VERIFY', stop);
        return bad('detail' in outcome ? outcome.detail : outcome.outcome);
      }
    },
  };
}
