import { lstat, mkdir, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { runGit } from '../git/run-git';

const PACKAGES = 'node_modules';

/**
 * Links what is installed in one worktree's `node_modules` folders into another worktree, package by package. A link among
 * them that leads to the worktree's own code (a workspace) leads to the other's own code there: what is tested must be its
 * commit. Folders that stand already, or whose place does not exist there, are left alone.
 */
export async function borrowPackages(from: string, to: string, env: NodeJS.ProcessEnv): Promise<void> {
  const listing = await runGit(['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z'], {
    folder: from,
    env,
  });
  const root = await realpath(from);
  for (const entry of listing.split('\0')) {
    const folder = entry.replace(/\/$/, '');
    // It may be a link itself: some share one folder among their worktrees.
    if (basename(folder) !== PACKAGES || !(await isFolder(join(from, folder)))) continue;
    const target = join(to, folder);
    if (!(await isFolder(dirname(target))) || (await lstat(target).catch(() => null)) !== null) continue;
    await mirror(join(from, folder), target, { root, to });
  }
}

async function mirror(source: string, target: string, worktrees: { root: string; to: string }): Promise<void> {
  await mkdir(target);
  for (const entry of await readdir(source, { withFileTypes: true })) {
    const { name } = entry;
    // What tools keep here for themselves (`.vite`, `.cache`) is written to: each worktree has its own.
    if (name.startsWith('.') && name !== '.bin') continue;
    if (name.startsWith('@') && entry.isDirectory()) await mirror(join(source, name), join(target, name), worktrees);
    else await symlink(await leadsTo(join(source, name), worktrees), join(target, name));
  }
}

async function leadsTo(path: string, { root, to }: { root: string; to: string }): Promise<string> {
  const real = await realpath(path).catch(() => path);
  const way = relative(root, real).split(sep);
  const ownCode = way[0] !== '..' && !way.includes(PACKAGES);
  return ownCode ? join(to, ...way) : path;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() === true;
}
