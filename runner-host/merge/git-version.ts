import type { GateGit } from './gate-git';

/** merge-tree --write-tree and cat-file -z came with it. */
const OLDEST = [2, 38] as const;

/** Why this git can't be used, or null. Throws `GitFailure` where there is none. */
export async function refuseOldGit(git: GateGit): Promise<string | null> {
  return judgeVersion(await git.text(['version']));
}

export function judgeVersion(said: string): string | null {
  const found = /(\d+)\.(\d+)/.exec(said);
  if (found === null) return `git did not name its version: ${said.slice(0, 100)}`;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  const enough = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return enough ? null : `this is git ${major}.${minor}, and the merge gate needs ${OLDEST.join('.')}`;
}
