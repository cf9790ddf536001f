import { existsSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import type { CaseResult } from '../protocol/result';

const LONGEST_PATH = 1024;
const DEEPEST_FOLDER = 16;

/**
 * Where a case's source is, relative to the worktree with `/`, as far as the report tells: its file, or a class or suite name
 * that is a file's (vitest) or a module's (pytest), or the file that a failure names in a folder that the suite ends with (go).
 * Paths that lead out of the worktree become null.
 */
export class CaseLocator {
  readonly #worktree: string;
  readonly #seen = new Map<string, boolean>();
  readonly #ways = new Map<string, string | null>();

  constructor(worktree: string) {
    this.#worktree = worktree;
  }

  locate(result: CaseResult): CaseResult {
    const file =
      result.file !== null
        ? this.#inside(result.file)
        : (this.#named(result.suite) ?? this.#module(result.suite) ?? this.#goFile(result));
    const line =
      file === null
        ? null
        : (result.line ??
          lineIn(result.details, file) ??
          (file.endsWith('.go') ? lineIn(result.details, nameOf(file)) : null));
    return { ...result, file, line: line !== null && line > 0 ? line : null };
  }

  #inside(path: string): string | null {
    let way = this.#ways.get(path);
    if (way === undefined) {
      way = this.#wayTo(path);
      this.#ways.set(path, way);
    }
    return way;
  }

  #wayTo(path: string): string | null {
    if (path === '' || path.length > LONGEST_PATH || path.includes('\0')) return null;
    const way = isAbsolute(path) ? relative(this.#worktree, path).split(sep).join('/') : posix.normalize(path);
    return way === '' || way === '.' || way === '..' || way.startsWith('../') || isAbsolute(way) ? null : way;
  }

  #named(suite: string): string | null {
    if (!/^[^\s<>|:"]+\.\w{1,5}$/.test(suite)) return null;
    return this.#existing(suite);
  }

  /** pytest names the module, and the class in it: `tests.test_cart.TestCart`. */
  #module(suite: string): string | null {
    if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(suite)) return null;
    const parts = suite.split('.').slice(0, DEEPEST_FOLDER);
    for (let length = parts.length; length > 0; length--) {
      const found = this.#existing(`${parts.slice(0, length).join('/')}.py`);
      if (found !== null) return found;
    }
    return null;
  }

  /** go names the package by the module's path, of which the end alone is a folder, and the file without one. */
  #goFile({ suite, details }: CaseResult): string | null {
    const name = /(?:^|\s)([\w.-]{1,200}_test\.go):\d/.exec(details ?? '')?.[1];
    if (name === undefined || !/^[\w./~-]+$/.test(suite)) return null;
    const parts = suite.split('/').slice(-DEEPEST_FOLDER);
    for (let at = 0; at <= parts.length; at++) {
      const found = this.#existing([...parts.slice(at), name].join('/'));
      if (found !== null) return found;
    }
    return null;
  }

  #existing(path: string): string | null {
    const way = this.#inside(path);
    if (way === null) return null;
    let there = this.#seen.get(way);
    if (there === undefined) {
      there = existsSync(join(this.#worktree, way));
      this.#seen.set(way, there);
    }
    return there ? way : null;
  }
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** The first `file:line` in a failure's text. */
function lineIn(details: string | null, file: string): number | null {
  const at = details?.indexOf(`${file}:`) ?? -1;
  if (details === null || at === -1) return null;
  const line = /^\d{1,7}/.exec(details.slice(at + file.length + 1, at + file.length + 9))?.[0];
  return line === undefined ? null : Number(line);
}
