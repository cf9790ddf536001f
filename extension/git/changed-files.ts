import { mustBeCommit } from './read-objects';
import { gitFailed } from './problems';
import type { GitContext } from './repository-paths';

/** A path that differs between two commits, with the object on either side (its mode before it, unless a plain file). */
export interface ChangedPath {
  path: string;
  before: string | null;
  after: string | null;
}

/** Said on the command line, for configuration, attributes and .gitmodules may say otherwise. */
const STEADY = ['--no-renames', '--no-abbrev', '--ignore-submodules=none', '-O/dev/null'];

const RECORD = /^:(\d{6}) (\d{6}) ([0-9a-f]+) ([0-9a-f]+) [A-Z]$/;

/** Every path that differs, renames as one gone and one new; no configuration, driver or attribute changes the answer. */
export async function changedFiles(git: GitContext, from: string, to: string): Promise<ChangedPath[]> {
  const commits = [await mustBeCommit(git, from), await mustBeCommit(git, to)];
  const answer = await git.run(['diff-tree', '-r', '--raw', '-z', ...STEADY, ...commits]);
  const parts = answer.stdout.toString('utf8').split('\0');
  const changed: ChangedPath[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [, oldMode = '', newMode = '', oldObject = '', newObject = ''] = RECORD.exec(parts[at] ?? '') ?? [];
    if (oldMode === '') throw gitFailed('diff-tree', 0, null, `an answer that is not understood: ${parts[at]}`);
    changed.push({ path: parts[at + 1] ?? '', before: side(oldMode, oldObject), after: side(newMode, newObject) });
  }
  return changed;
}

function side(mode: string, object: string): string | null {
  if (mode === '000000') return null;
  return mode === '100644' ? object : `${mode}:${object}`;
}
