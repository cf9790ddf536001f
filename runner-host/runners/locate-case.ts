import { existsSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { CaseResult } from '../protocol/result';

const LONGEST_PATH = 1024;

/**
 * Where a case's source is, relative to the worktree with `/`, as far as the report tells: its file, or a class or suite name
 * that is a file's (vitest). Paths that lead out of the worktree become null.
 */
export class CaseLocator {
  readonly #worktree: string;
  readonly #seen = new Map<string, boolean>();

  constructor(worktree: string) {
    this.#worktree = worktree;
  }

  locate(result: CaseResult): CaseResult {
    const file = result.file !== null ? this.#inside(result.file) : this.#named(result.suite);
    const line = file === null ? null : (result.line ?? lineIn(result.details, file));
    return { ...result, file, line: line !== null && line > 0 ? line : null };
  }

  #inside(path: string): string | null {
    if (path === '' || path.length > LONGEST_PATH || path.includes('\0')) return null;
    const way = isAbsolute(path) ? relative(this.#worktree, path).split(sep).join('/') : posix.normalize(path);
    return way === '' || way === '.' || way === '..' || way.startsWith('../') || isAbsolute(way) ? null : way;
  }

  #named(suite: string): string | null {
    if (!/^[^\s<>|:"]+\.\w{1,5}$/.test(suite)) return null;
    const way = this.#inside(suite);
    if (way === null) return null;
    let there = this.#seen.get(way);
    if (there === undefined) {
      there = existsSync(join(this.#worktree, way));
      this.#seen.set(way, there);
    }
    return there ? way : null;
  }
}

/** The first `file:line` in a failure's text. */
function lineIn(details: string | null, file: string): number | null {
  const at = details?.indexOf(`${file}:`) ?? -1;
  if (details === null || at === -1) return null;
  const line = /^\d{1,7}/.exec(details.slice(at + file.length + 1, at + file.length + 9))?.[0];
  return line === undefined ? null : Number(line);
}
