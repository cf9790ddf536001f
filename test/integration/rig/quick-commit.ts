import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface QuickCommit {
  ref: string;
  /** A commit id; null: the commit is the first one. */
  parent: string | null;
  message: string;
  /** Null: the file is removed. */
  files: Readonly<Record<string, string | null>>;
}

let seconds = 1_700_000_000;

/**
 * Writes commits and moves their refs, each from its parent, with one process and without a worktree. Returns their ids. No two are alike: each is a
 * second later than the one before.
 */
export function quickCommits(gitDir: string, env: NodeJS.ProcessEnv, commits: readonly QuickCommit[]): string[] {
  const stream = commits.map(({ ref, parent, message, files }, n) => {
    const head = `commit ${ref}\nmark :${n + 1}\ncommitter Ann <ann@example.com> ${(seconds += 1)} +0000\n${data(message)}`;
    const changes = Object.entries(files).map(([path, text]) =>
      text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`,
    );
    return `${head}${parent === null ? '' : `from ${parent}\n`}${changes.join('')}\nget-mark :${n + 1}\n`;
  });
  // Packed, however few objects there are: unpacking them is a process of its own.
  const args = ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'];
  const said = execFileSync('git', args, { cwd: gitDir, env, input: stream.join(''), encoding: 'utf8', stdio: 'pipe' });
  return said.trim().split('\n');
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** The commit of a ref, null if there is none; read without a process. */
export function readRef(gitDir: string, ref: string): string | null {
  const loose = join(gitDir, ref);
  if (existsSync(loose)) return readFileSync(loose, 'utf8').trim();
  const packed = join(gitDir, 'packed-refs');
  const lines = existsSync(packed) ? readFileSync(packed, 'utf8').split('\n') : [];
  return lines.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0] ?? null;
}
