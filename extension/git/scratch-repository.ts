import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { notWritten } from './file-problems';
import type { GitContext } from './repository-paths';
import { lineOf } from './run-git';

/** Where a git call in the scratch repository runs, and its variables. */
export interface Scratch {
  cwd: string;
  env: Record<string, string>;
}

/**
 * Calls `use` with an empty bare repository that sees this one's objects and nothing else of it: no attributes (git reads
 * .gitattributes and info/attributes even for trees of other commits), no merge drivers, no configuration of anybody's.
 * The objects of a partial clone are not fetched on demand there: what is missing is an error.
 */
export async function withScratchRepository<T>(git: GitContext, use: (scratch: Scratch) => Promise<T>): Promise<T> {
  const parent = join(git.repository.stateDir, 'tmp');
  let cwd: string;
  try {
    await mkdir(parent, { recursive: true });
    cwd = await mkdtemp(join(parent, 'scratch-'));
  } catch (cause) {
    throw notWritten(parent, cause);
  }
  try {
    const own = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1' };
    const format = lineOf(await git.run(['rev-parse', '--show-object-format']));
    await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, cwd], { cwd, env: own });
    const objects = join(git.repository.commonDir, 'objects');
    return await use({ cwd, env: { ...own, GIT_DIR: cwd, GIT_OBJECT_DIRECTORY: objects } });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}
