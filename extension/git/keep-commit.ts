import type { GitContext } from './repository-paths';

/** Points a ref of Interlock's own at a commit. Throws for a ref outside of `refs/interlock/`. */
export async function keepCommit(git: GitContext, ref: string, commit: string): Promise<void> {
  if (!ref.startsWith('refs/interlock/')) throw new RangeError(`${ref} is no ref of Interlock's own`);
  await git.run(['update-ref', '-m', 'interlock: kept', ref, commit]);
}
