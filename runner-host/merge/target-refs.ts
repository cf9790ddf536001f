import type { GateGit } from './gate-git';
import { GateStop, infra } from './gate-stop';
import type { Target } from './open-mirror';

export const NETWORK_BOUND_MS = 180_000;

/** Exactly these refs of the target, as it shows them now; one that is not there is left out. Throws `GateStop` (remote-unreachable). */
export async function readTargetRefs(
  git: GateGit,
  target: Target,
  refs: readonly string[],
  step: string,
): Promise<Map<string, string>> {
  const answer = await git.ask(['ls-remote', '--quiet', '--', target.url, ...refs], {
    settings: 'user',
    variables: target.variables,
    timeoutMs: NETWORK_BOUND_MS,
  });
  if (answer.code !== 0) {
    const said = answer.timedOut ? 'it did not answer in time' : answer.stderr.trim().slice(-1000);
    throw new GateStop(infra('remote-unreachable', step, said));
  }
  const wanted = new Set(refs);
  const lines = answer.stdout.toString('utf8').split('\n').filter(Boolean);
  const found = lines.map((line) => {
    const [id = '', ref = ''] = line.split('\t');
    return [ref, id] as const;
  });
  return new Map(found.filter(([ref]) => wanted.has(ref)));
}

/** Fetches into private refs. `from`: an address, or a git folder of this machine, of which any commit can be asked for. */
export async function fetchInto(
  git: GateGit,
  from: { url: string; variables: Readonly<Record<string, string>>; own: boolean },
  refspecs: readonly string[],
  options: readonly string[] = [],
): Promise<{ ok: true } | { ok: false; said: string }> {
  const args = ['fetch', '--quiet', '--refmap=', '--no-write-fetch-head', '--no-tags', '--no-recurse-submodules'];
  args.push('--no-auto-maintenance');
  if (from.own) args.push('--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack');
  const answer = await git.ask([...args, ...options, '--', from.url, ...refspecs], {
    settings: 'user',
    variables: from.variables,
    timeoutMs: NETWORK_BOUND_MS,
  });
  if (answer.code === 0) return { ok: true };
  return { ok: false, said: answer.timedOut ? 'it did not answer in time' : answer.stderr.trim().slice(-1000) };
}
