import { GateStop } from './gate-stop';
import type { Gate } from './gate';

/**
 * Without a remote base is a branch of the user's own repository. Moving one that is checked out would leave that worktree with files
 * of before and an index that says everything was reverted: refused, before anything is tested. Throws `GateStop`.
 */
export async function refuseCheckedOut({ mirror, spec, baseRef }: Gate): Promise<void> {
  const { git, target, user } = mirror;
  if (!target.local) return;
  const listing = await git.text(['worktree', 'list', '--porcelain', '-z'], {
    folder: user.commonDir,
    settings: 'user',
  });
  const record = listing.split('\0\0').find((fields) => fields.split('\0').includes(`branch ${baseRef}`));
  if (record === undefined) return;
  const path = /^worktree ([^\0]+)/.exec(record)?.[1] ?? 'a worktree';
  throw new GateStop({
    outcome: 'POLICY',
    rule: 'base-checked-out',
    detail: `${path} has ${spec.base} checked out, and the gate never touches a checkout`,
    remedy: `git -C ${path} switch --detach, or name a remote as "remote" in interlock.json`,
  });
}
