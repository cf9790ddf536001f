import { execFileSync } from 'node:child_process';

/** What main's last commit is, in a line for people; `origin` is a bare repository. */
export function lastLanding(origin) {
  const read = (...args) => execFileSync('git', args, { cwd: origin, encoding: 'utf8' }).trim();
  const shown = read('log', '-1', '--first-parent', '-m', '--name-only', '--format=%h%n%s', 'main');
  const [commit, subject, ...files] = shown.split('\n').filter((line) => line !== '');
  return `main on origin.git is now ${commit} "${subject}": ${files.join(', ')}`;
}
