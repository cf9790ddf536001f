import { constants, type Stats } from 'node:fs';
import { open, realpath, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { glob } from 'tinyglobby';

const MOST_FILES = 10_000;
/** Some file systems keep times to 2 s only (FAT). */
const CLOCK_MARGIN_MS = 2000;

/** The configured path can't be used as it is: it leads out of the worktree, or its files can't be removed or are committed. */
export class ReportPathUnusable extends Error {
  readonly detail: string;

  constructor(detail: string) {
    super(detail);
    this.name = 'ReportPathUnusable';
    this.detail = detail;
  }
}

/**
 * Plain files in the worktree that match, relative with `/`, sorted. A pattern that leads out of the worktree or through a
 * symbolic link throws `ReportPathUnusable`; a match that is a link is no match.
 */
export async function findReportFiles(worktree: string, pattern: string): Promise<string[]> {
  if (isAbsolute(pattern) || /(^|[/\\{,(|])\.\.($|[/\\},)|])/.test(pattern)) {
    throw new ReportPathUnusable(`"${pattern}" leads out of the worktree`);
  }
  const root = await realpath(worktree);
  await refuseLinks(root, staticFolder(pattern), pattern);
  const files = await glob([pattern], {
    cwd: worktree,
    dot: true,
    onlyFiles: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: ['**/.git/**', ...(pattern.includes('node_modules') ? [] : ['**/node_modules/**'])],
  });
  if (files.length > MOST_FILES) throw new ReportPathUnusable(`"${pattern}" matches more than ${MOST_FILES} files`);
  for (const folder of new Set(files.map((file) => dirname(file)))) await refuseLinks(root, folder, pattern);
  return files.sort();
}

/** Removes files of an earlier run, so that what is there afterwards was written by this one. */
export async function removeReportFiles(worktree: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    try {
      await unlink(join(worktree, file));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') throw new ReportPathUnusable(`a report of an earlier run can't be removed: ${message}`);
    }
  }
}

export type OpenedReport = { ok: true; handle: FileHandle } | { ok: false; reason: string };

/** Opens a report that was written since `startedAt` (ms): a plain file, not a link, in the worktree. The caller closes it. */
export async function openReport(worktree: string, file: string, startedAt: number): Promise<OpenedReport> {
  let handle: FileHandle;
  try {
    handle = await open(
      join(worktree, file),
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { ok: false, reason: code === 'ELOOP' ? 'it is a symbolic link' : `it can't be opened: ${message}` };
  }
  const reason = judgeFile(await handle.stat(), startedAt);
  if (reason === null) return { ok: true, handle };
  await handle.close();
  return { ok: false, reason };
}

function judgeFile(stats: Stats, startedAt: number): string | null {
  if (!stats.isFile()) return 'it is not a plain file';
  if (stats.mtimeMs < startedAt - CLOCK_MARGIN_MS)
    return `it is older than the run (written ${stats.mtime.toISOString()})`;
  return null;
}

/** The folders before the first part with a magic character, which is where the search begins. */
function staticFolder(pattern: string): string {
  const parts = pattern.split('/');
  const magic = parts.findIndex((part) => /[*?[\]{}()!+@\\]/.test(part));
  return parts.slice(0, magic === -1 ? parts.length - 1 : magic).join('/') || '.';
}

/**
 * The worktree is written by agents: a link in the way could lead the removal of old reports to other files, inside of the
 * worktree (`.git`) or outside of it. What is not there yet is judged by the part that is.
 */
async function refuseLinks(root: string, folder: string, pattern: string): Promise<void> {
  for (let at = join(root, folder); ; at = dirname(at)) {
    let real: string;
    try {
      real = await realpath(at);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT' || at === root)
        throw new ReportPathUnusable(`"${pattern}" can't be looked for: ${message}`);
      continue;
    }
    if (real !== at)
      throw new ReportPathUnusable(`"${pattern}" leads through a symbolic link: ${at} is really ${real}`);
    return;
  }
}
