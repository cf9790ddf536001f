import type { GateGit, GateGitAnswer } from './gate-git';
import type { Target } from './open-mirror';

const PUSH_BOUND_MS = 300_000;
export const RECEIPTS_REF = 'refs/notes/interlock';

/** A branch on the target, and the commit that it must stand on. */
export interface BranchAt {
  ref: string;
  at: string;
}

/** What the gate ever pushes. `landing` is the only one that writes base. */
export type PushJob =
  | { kind: 'landing'; base: BranchAt; to: string; drop: readonly BranchAt[] }
  /** A deletion that the server lost after it had moved base. */
  | { kind: 'late-deletion'; base: string; drop: readonly BranchAt[] }
  /** `at` null: there is no receipt yet. */
  | { kind: 'receipt'; at: string | null; to: string };

export type PushAnswer =
  | { state: 'done' }
  /** The target refused: a lost race, or a lock of its own. Which of them, only the refs tell. */
  | { state: 'moved'; said: string }
  | { state: 'policy'; rule: 'hook-declined' | 'protected-branch' | 'base-checked-out'; said: string }
  /** The target could not take it: no space, a damaged object. */
  | { state: 'refused'; said: string }
  /** No answer: it may have happened. */
  | { state: 'unknown'; said: string };

/** The one place that pushes: atomic, and every ref with the value that it must have. */
export async function push(git: GateGit, target: Target, job: PushJob): Promise<PushAnswer> {
  const { leases, refspecs } = planOf(job);
  const args = ['push', '--porcelain', '--atomic', '--no-verify', '--no-follow-tags', '--recurse-submodules=no'];
  // The user's own repository: nobody's hooks, and never a branch that somebody has checked out, whatever it is set to.
  if (target.local) {
    const settings = ['core.hooksPath=/dev/null', 'receive.denyCurrentBranch=refuse', 'receive.autogc=false'];
    args.push(`--receive-pack=git ${settings.map((setting) => `-c ${setting}`).join(' ')} receive-pack`);
  }
  const answer = await git.ask([...args, ...leases, '--', target.url, ...refspecs], {
    settings: 'user',
    variables: target.variables,
    timeoutMs: PUSH_BOUND_MS,
  });
  return classifyPush(answer);
}

function planOf(job: PushJob): { leases: string[]; refspecs: string[] } {
  const lease = ({ ref, at }: BranchAt): string => `--force-with-lease=${ref}:${at}`;
  switch (job.kind) {
    case 'landing':
      refuseBase(job.drop, job.base.ref);
      return {
        leases: [job.base, ...job.drop].map(lease),
        refspecs: [`${job.to}:${job.base.ref}`, ...job.drop.map(({ ref }) => `:${ref}`)],
      };
    case 'late-deletion':
      refuseBase(job.drop, job.base);
      return { leases: job.drop.map(lease), refspecs: job.drop.map(({ ref }) => `:${ref}`) };
    case 'receipt':
      return {
        leases: [lease({ ref: RECEIPTS_REF, at: job.at ?? '' })],
        refspecs: [`${job.to}:${RECEIPTS_REF}`],
      };
  }
}

function refuseBase(drop: readonly BranchAt[], base: string): void {
  if (drop.some(({ ref }) => ref === base)) throw new Error(`${base} is never deleted`);
}

/**
 * Reads `git push --porcelain`. Words are all that git gives for the reason of a refusal, so an unknown refusal is `moved`: the
 * refs are read afterwards, and unchanged ones make it infra.
 */
export function classifyPush({ code, stdout, stderr }: Pick<GateGitAnswer, 'code' | 'stdout' | 'stderr'>): PushAnswer {
  if (code === 0) return { state: 'done' };
  const lines = stdout.toString('utf8').split('\n');
  const refused = lines.filter((line) => line.startsWith('!'));
  const said = [...refused, ...stderr.split('\n').filter((line) => line.startsWith('remote:'))]
    .join('\n')
    .slice(0, 2000);
  const all = refused.join('\n');
  if (refused.length === 0) return { state: 'unknown', said: stderr.trim().slice(-2000) };
  if (/\[rejected\]/.test(all)) return { state: 'moved', said };
  if (/branch is currently checked out/.test(all)) return { state: 'policy', rule: 'base-checked-out', said };
  if (/GH006|GH013|protected branch|not allowed to push|deletion (of .* )?prohibited|deny/i.test(`${all}\n${stderr}`))
    return { state: 'policy', rule: 'protected-branch', said };
  if (/hook declined|pre-receive|update hook/.test(all)) return { state: 'policy', rule: 'hook-declined', said };
  if (/unpack|missing necessary objects/.test(all)) return { state: 'refused', said };
  return { state: 'moved', said };
}
