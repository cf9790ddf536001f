import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { GitFailure } from '../git/run-git';
import { GateGit } from './gate-git';
import { GateStop, infra } from './gate-stop';
import { refuseOldGit } from './git-version';
import type { MergeContext } from './merge-context';

const CLONE_BOUND_MS = 30 * 60_000;

export interface UserRepository {
  /** Its git folder, shared by all worktrees. */
  commonDir: string;
  shallow: boolean;
}

export interface Target {
  /** What is fetched from and pushed to: an address, or the user's own git folder. */
  url: string;
  /** There is no remote: the target is the user's own repository. */
  local: boolean;
  /** The repository's own settings for reaching the remote, as variables: never on a command line. */
  variables: Readonly<Record<string, string>>;
}

export interface Mirror {
  git: GateGit;
  user: UserRepository;
  target: Target;
}

/**
 * Opens the gate's own bare repository, and makes it of the user's when there is none. Only reads the user's. Throws `GateStop`:
 * git too old, repository unreadable, no such remote, several push addresses.
 */
export async function openMirror(
  context: Pick<MergeContext, 'folder' | 'env' | 'stop'>,
  { repository, remote }: { repository: string; remote: string },
): Promise<Mirror> {
  const path = join(context.folder, 'mirror.git');
  const { env, stop: signal } = context;
  const outside = new GateGit({ folder: existsSync(repository) ? repository : dirname(path), env, signal });
  const old = await refuseOldGit(outside);
  if (old !== null) throw new GateStop(infra('git-too-old', 'CLAIM', old));
  const user = await readUser(outside, repository);
  const target = await readTarget(outside, user, remote);
  if (!existsSync(path)) await makeMirror(outside, user, path);
  return { git: new GateGit({ folder: path, env, signal }), user, target };
}

async function readUser(git: GateGit, repository: string): Promise<UserRepository> {
  try {
    const answer = await git.text(
      ['rev-parse', '--path-format=absolute', '--git-common-dir', '--is-shallow-repository'],
      { folder: repository, settings: 'user' },
    );
    const lines = answer.split('\n');
    const shallow = lines.pop() === 'true';
    return { commonDir: lines.join('\n'), shallow };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    throw new GateStop(infra('repository-unreadable', 'CLAIM', `${repository}: ${error.detail}`));
  }
}

async function readTarget(git: GateGit, user: UserRepository, remote: string): Promise<Target> {
  if (remote === '') return { url: user.commonDir, local: true, variables: {} };
  const folder = user.commonDir;
  const answer = await git.ask(['remote', 'get-url', '--push', '--all', '--', remote], { folder, settings: 'user' });
  const urls = answer.stdout.toString('utf8').split('\n').filter(Boolean);
  const [url] = urls;
  if (answer.code !== 0 || url === undefined)
    throw new GateStop(infra('no-such-remote', 'CLAIM', `the repository has no remote ${remote}`));
  if (urls.length > 1)
    throw new GateStop({
      outcome: 'POLICY',
      rule: 'several-push-addresses',
      detail: `${remote} pushes to ${urls.length} addresses, and one landing can't be atomic over all of them`,
      remedy: 'Name a remote with one push address as "remote" in interlock.json',
    });
  const settings = await git.ask(
    ['config', '--local', '-z', '--get-regexp', '^(http\\.|credential\\.|core\\.sshcommand$)'],
    { folder, settings: 'user' },
  );
  return {
    url: /^\.\.?\//.test(url) ? resolve(dirname(folder), url) : url,
    local: false,
    variables: asVariables(settings.stdout.toString('utf8')),
  };
}

/** git(1), GIT_CONFIG_COUNT: settings handed over where no other user can read them. */
function asVariables(listing: string): Record<string, string> {
  const settings = listing
    .split('\0')
    .filter(Boolean)
    .map((entry) => {
      const end = entry.indexOf('\n');
      return end === -1 ? ([entry, 'true'] as const) : ([entry.slice(0, end), entry.slice(end + 1)] as const);
    });
  if (settings.length === 0) return {};
  const pairs = settings.flatMap(([key, value], n) => [
    [`GIT_CONFIG_KEY_${n}`, key],
    [`GIT_CONFIG_VALUE_${n}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(pairs) };
}

/**
 * Objects of its own (hard links where the file system allows): what the user's repository prunes must stay here. Made under
 * another name, so that one that is half made is never taken for it.
 */
async function makeMirror(git: GateGit, user: UserRepository, path: string): Promise<void> {
  const fresh = `${path}.${randomBytes(4).toString('hex')}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const folder = dirname(path);
  if (user.shallow) {
    // A copy would be as shallow: everything is fetched.
    const format = await git.text(['rev-parse', '--show-object-format'], { folder: user.commonDir, settings: 'user' });
    await git.run(['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, fresh], { folder });
  } else {
    const args = ['clone', '--quiet', '--bare', '--local', '--no-tags', '--template='];
    await git.run([...args, '--', user.commonDir, fresh], { folder, settings: 'user', timeoutMs: CLONE_BOUND_MS });
    await git.run(['config', '--remove-section', 'remote.origin'], { folder: fresh, accept: [0, 128] });
    for (const name of await readdir(join(fresh, 'refs'))) await rm(join(fresh, 'refs', name), { recursive: true });
    await rm(join(fresh, 'packed-refs'), { force: true });
  }
  await git.run(['symbolic-ref', 'HEAD', 'refs/heads/none'], { folder: fresh });
  await rename(fresh, path);
}
