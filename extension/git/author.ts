import type { GitContext } from './repository-paths';

/** Somebody without user.name and user.email still gets reports: they are Interlock's own commits. */
export async function authorFor(git: GitContext): Promise<Record<string, string>> {
  const answer = await git.run(['config', '-z', '--get-regexp', '^user\\.(name|email)$'], { accept: [0, 1] });
  const set = new Set<string>();
  for (const entry of answer.stdout.toString('utf8').split('\0')) {
    const [name, ...value] = entry.split('\n');
    if (name !== undefined && value.join('\n').trim() !== '') set.add(name);
  }
  if (set.has('user.name') && set.has('user.email')) return {};
  const name = 'Interlock';
  const email = 'interlock@localhost';
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
