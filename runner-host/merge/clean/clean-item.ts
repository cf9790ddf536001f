import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import type { CleanObstacle, CleanRequest, CleanResult } from '../../protocol/merge-clean';
import { GitFailure } from '../../git/run-git';
import { dropPrivateRefs } from '../fetch';
import { GateStop } from '../gate-stop';
import type { Mirror } from '../open-mirror';
import { backupRef, branchHead, deleteBranch, findBackup, writeBackup } from './backup-ref';
import { obstacle, typed, type CleanTools } from './clean-tools';
import { listPlaces, whereRebased, type Place } from './places';
import { proveOnBase } from './prove-on-base';
import { checkedOutIn, clearTrash, stillNowhere, takeAway, trashOf } from './take-away';
import { worktreeStanding } from './worktree-obstacles';

interface Standing {
  head: string | null;
  /** The worktree, as git knows it. */
  place: Place | null;
  proof: string | null;
  generated: string[];
  obstacles: CleanObstacle[];
}

/**
 * Removes the worktree and the branch of an item that is done with, or says all that is in the way. Nothing is removed unless everything
 * was looked at and nothing speaks against it; before that a backup ref keeps the branch's commit. Each step may be the last of this
 * process: a second call finds what is left, and removes it. Throws only what is nobody's expectation.
 */
export async function cleanItem(tools: CleanTools, mirror: Mirror, request: CleanRequest): Promise<CleanResult> {
  const { item, worktree } = request;
  const ref = `refs/heads/${request.branch}`;
  const standing = await look(tools, mirror, request, ref);
  const { head, place, proof, generated } = standing;
  const left = place !== null || existsSync(trashOf(worktree));
  const result = (state: CleanResult['state'], obstacles: CleanObstacle[], backup: CleanResult['backup']) => ({
    state,
    worktree: left ? worktree : null,
    branch: head === null ? null : request.branch,
    head,
    backup,
    proof,
    generated,
    obstacles,
  });
  if (standing.obstacles.length > 0) return result('refused', standing.obstacles, null);
  const planned = head === null ? await findBackup(tools, item) : { ref: backupRef(item, head), commit: head };
  if (!request.remove) return result('removable', [], planned);
  try {
    await tools.reach?.('proven');
    if (head !== null) await writeBackup(tools, item, ref, head);
    await tools.reach?.('backed-up');
    const found = place === null ? [] : await takeAway(tools, place.path);
    if (found.length > 0) return result('refused', found, planned);
    await clearTrash(tools, worktree);
    if (head !== null && planned !== null) {
      const taken = await stillNowhere(tools, ref);
      if (taken.length > 0) return result('refused', taken, planned);
      await deleteBranch(tools, ref, head, planned.ref);
    }
    await tools.reach?.('branch-removed');
    await dropPrivateRefs(mirror.git, [item]);
    await tools.reach?.('refs-dropped');
  } catch (error) {
    return result('refused', [unfinished(error)], planned);
  }
  return result('removed', [], planned);
}

async function look(tools: CleanTools, mirror: Mirror, request: CleanRequest, ref: string): Promise<Standing> {
  const standing: Standing = { head: null, place: null, proof: null, generated: [], obstacles: [] };
  const { obstacles } = standing;
  try {
    const places = await listPlaces(tools);
    standing.place = await placeOf(places, request.worktree);
    standing.head = await branchHead(tools, ref);
    obstacles.push(...(await branchObstacles(places, standing.place, request, ref)));
    const { head, place } = standing;
    if (head === null) {
      if (place !== null) obstacles.push(branchMissing(request));
      return standing;
    }
    const answer = await proveOnBase({ mirror, env: tools.env, stop: tools.stop }, request, head);
    if (answer.proven) standing.proof = answer.text;
    else obstacles.push(obstacle('not-on-base', answer.text, `git log ${request.base}..${request.branch}`));
    if (place?.branch !== ref) return standing;
    const files = await worktreeStanding(tools, place, head, request.generated);
    standing.generated = files.generated;
    obstacles.push(...files.obstacles);
  } catch (error) {
    obstacles.push(unchecked(error));
  }
  return standing;
}

async function placeOf(places: readonly Place[], worktree: string): Promise<Place | null> {
  const real = await realpath(worktree).catch(() => worktree);
  for (const place of places) {
    if (place.path === worktree || (await realpath(place.path).catch(() => place.path)) === real) return place;
  }
  return null;
}

async function branchObstacles(
  places: readonly Place[],
  own: Place | null,
  { base, branch, worktree }: CleanRequest,
  ref: string,
): Promise<CleanObstacle[]> {
  const found: CleanObstacle[] = [];
  if (branch === base) found.push(obstacle('is-base', `${branch} is the base branch`, 'It is never removed'));
  for (const place of places)
    if (place.branch === ref && place.path !== own?.path) found.push(checkedOutIn(place.path, ref));
  if (own !== null && own.branch !== ref) {
    const there = own.branch?.replace(/^refs\/heads\//, '') ?? 'no branch';
    found.push(
      obstacle(
        'worktree-elsewhere',
        `${worktree} has ${there} checked out, not ${branch}`,
        `git -C ${typed(worktree)} switch ${branch}`,
      ),
    );
  }
  const rebased = await whereRebased(places, ref);
  if (rebased !== undefined)
    found.push(obstacle('being-rebased', `${branch} is being rebased in ${rebased.path}`, 'Finish it, or abort it'));
  return found;
}

const branchMissing = ({ branch, worktree }: CleanRequest): CleanObstacle =>
  obstacle(
    'branch-missing',
    `${worktree} is there, its branch ${branch} is not: nothing says what it should hold`,
    `git for-each-ref refs/interlock/backup finds its commit; bring it back: git branch ${branch} COMMIT`,
  );

/** What could not be looked at is in the way. */
function unchecked(error: unknown): CleanObstacle {
  if (error instanceof GateStop) {
    const { outcome } = error;
    return obstacle(
      'not-checked',
      `it could not be checked: ${'detail' in outcome ? outcome.detail : outcome.outcome}`,
      'Try again',
    );
  }
  if (error instanceof GitFailure)
    return obstacle('not-checked', `it could not be checked: ${error.detail}`, 'Try again');
  return obstacle('not-checked', `it could not be checked: ${(error as Error).message}`, 'Try again');
}

function unfinished(error: unknown): CleanObstacle {
  const said = error instanceof GitFailure ? error.detail : (error as Error).message;
  return obstacle(
    'not-finished',
    `it was not finished: ${said}`,
    'Mend that, then clean up again: it goes on where it was',
  );
}
