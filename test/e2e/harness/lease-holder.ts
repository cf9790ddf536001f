import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../setup/step.mjs';

export interface LeaseHolder {
  pid: number;
  /** Kills it, and resolves when it is gone: its lease stays. */
  kill(): Promise<void>;
}

/** A process that has the item's lease and starts no run, so that no window has a reason to look after it. */
export async function leaseHolder(repository: string, item: string): Promise<LeaseHolder> {
  const hooks = join(root, 'test', 'setup', 'typescript-hooks.mjs');
  const script = join(root, 'test', 'e2e', 'harness', 'hold-lease.ts');
  const ledger = join(repository, '.git', 'interlock', 'ledger');
  const child = spawn(process.execPath, ['--import', hooks, script, ledger, item], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [said] = (await Promise.race([once(child.stdout, 'data'), ended.then(() => ['nothing'])])) as [unknown];
  if (String(said).trim() !== 'taken' || child.pid === undefined)
    throw new Error(`The lease of ${item} was not taken: the holder said ${String(said)}`);
  return {
    pid: child.pid,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
