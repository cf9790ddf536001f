import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TreeReader } from '../../git/tree-reader';
import type { CleanObstacle } from '../../protocol/merge-clean';
import { shownPath } from '../conflict-files';
import { processesInside } from '../processes-inside';
import { obstacle, typed, type CleanTools } from './clean-tools';
import { generatedBy } from './generated-files';
import { leftoverFiles, repositoryInside } from './leftover-files';
import { operationIn, type Place } from './places';

const SHOWN = 10;
const MOST_CHANGED = 50;

export interface WorktreeStanding {
  obstacles: CleanObstacle[];
  /** What a tool makes again and would go along. */
  generated: string[];
}

/**
 * What speaks against removing a worktree that should stand on `head`, for one landing as for a person's wish: it is the main one, locked,
 * in use, or holds what no commit holds. Throws `GitFailure` where git could not say.
 */
export async function worktreeStanding(
  tools: CleanTools,
  place: Place,
  head: string,
  globs: readonly string[],
): Promise<WorktreeStanding> {
  const { path } = place;
  const only = (found: CleanObstacle): WorktreeStanding => ({ obstacles: [found], generated: [] });
  if (place.main)
    return only(obstacle('main-worktree', `${path} is the main worktree`, 'git switch another branch there'));
  if (place.locked)
    return only(
      obstacle('worktree-locked', `${path} is locked`, `git worktree unlock ${typed(path)}, if it is not needed`),
    );
  if (!existsSync(path)) return { obstacles: unreachable(path), generated: [] };
  const operation = operationIn(place);
  if (operation !== null)
    return only(obstacle('worktree-busy', `${operation} is half done in ${path}`, 'Finish it, or abort it'));
  if ((await readdir(join(place.gitFolder, 'modules')).catch(() => [])).length > 0)
    return only(
      obstacle(
        'repository-inside',
        `${path} has repositories of submodules`,
        `git -C ${typed(path)} submodule deinit --all`,
      ),
    );
  const files = await filesStanding(tools, path, head, generatedBy(globs));
  return { ...files, obstacles: [...files.obstacles, ...(await processObstacles(tools, path))] };
}

/** A folder that is gone is nothing to lose; one whose parent is gone may be on a disk that is not there now. */
function unreachable(path: string): CleanObstacle[] {
  if (existsSync(dirname(path))) return [];
  return [
    obstacle('worktree-unreachable', `${dirname(path)} is not there`, 'Bring the disk back, or: git worktree prune'),
  ];
}

export async function processObstacles({ table }: Pick<CleanTools, 'table'>, path: string): Promise<CleanObstacle[]> {
  const inside = await processesInside(path, table, { openFiles: true });
  if (inside === undefined)
    return [
      obstacle(
        'not-checked',
        'it can’t be seen whether a process works in it',
        `When none does: git worktree remove ${typed(path)}, then clean up again`,
      ),
    ];
  const [first] = inside;
  if (first === undefined) return [];
  const list = inside.slice(0, SHOWN).map(({ pid, command }) => `process ${pid} (${command})`);
  return [obstacle('process-inside', `${list.join(', ')} works in ${path}`, 'Close what is open there, or end it')];
}

async function filesStanding(
  tools: CleanTools,
  path: string,
  head: string,
  isGenerated: (path: string) => boolean,
): Promise<WorktreeStanding> {
  const { env, stop: signal } = tools;
  const scratch = join(tmpdir(), `interlock-clean-${process.pid}-${randomBytes(4).toString('hex')}`);
  const reader = new TreeReader({ worktree: path, artifacts: '', scratch: join(scratch, 'tree'), env, signal });
  try {
    await mkdir(scratch, { recursive: true });
    const at = await reader.head();
    if (at !== head)
      return {
        obstacles: [
          obstacle('worktree-moved', `${path} stands on ${at}`, `git -C ${typed(path)} log, and bring it back`),
        ],
        generated: [],
      };
    const changed = await changedPaths(reader, head, isGenerated);
    const left = await leftoverFiles(tools, path, head, join(scratch, 'index'));
    const generated = left.filter(isGenerated);
    const ignored = left.filter(
      (file) => !isGenerated(file) && !changed.some((one) => one === file || one.startsWith(file)),
    );
    const obstacles: CleanObstacle[] = [];
    if (changed.length > 0)
      obstacles.push(
        obstacle('worktree-changed', `it has changes: ${some(changed)}`, `Commit them, or remove them, in ${path}`),
      );
    if (ignored.length > 0)
      obstacles.push(
        obstacle(
          'worktree-changed',
          `it has files that git ignores and no tool is known to make again: ${some(ignored)}`,
          'Keep them elsewhere or remove them, or name them in "generated" of "merge" in interlock.json',
        ),
      );
    const repository = await repositoryInside(
      path,
      generated.filter((file) => file.endsWith('/')),
    );
    if (repository !== null)
      obstacles.push(obstacle('repository-inside', `${repository} is a repository of its own`, 'Remove it by hand'));
    return { obstacles, generated: generated.slice(0, MOST_CHANGED).map(shownPath) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Not git status: bits in the worktree's index could hide a change. In bytes, one character each. */
async function changedPaths(
  reader: TreeReader,
  head: string,
  isGenerated: (path: string) => boolean,
): Promise<string[]> {
  const now = await reader.tree([]);
  const changed = await reader.changed(`${head}^{tree}`, now);
  const bytes = (path: string): string => Buffer.from(path).toString('latin1');
  // A list that was cut off may hold more than what is generated.
  if (changed.length >= MOST_CHANGED) return changed.map(bytes);
  const tracked = new Set(await reader.tracked(changed));
  return changed.filter((path) => tracked.has(path) || !isGenerated(bytes(path))).map(bytes);
}

function some(paths: readonly string[]): string {
  const more = paths.length > SHOWN ? `, and ${paths.length - SHOWN} more` : '';
  return `${paths.slice(0, SHOWN).map(shownPath).join(', ')}${more}`;
}
