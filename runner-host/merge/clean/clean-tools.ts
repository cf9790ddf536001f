import type { ProcessTable } from '../../processes/process-table';
import type { CleanObstacle } from '../../protocol/merge-clean';
import type { GateGit } from '../gate-git';

/** What removing something from the user's repository works with. */
export interface CleanTools {
  git: GateGit;
  /** The git folder of the user's repository. */
  commonDir: string;
  table: ProcessTable;
  env: NodeJS.ProcessEnv;
  stop: AbortSignal;
  /** Told between two steps, by name: where a crash is tried out. */
  reach?: ((point: string) => Promise<void>) | undefined;
}

export function obstacle(code: CleanObstacle['code'], text: string, remedy: string): CleanObstacle {
  return { code, text, remedy };
}

/** A path as it would be typed. */
export function typed(path: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
