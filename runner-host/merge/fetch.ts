import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { missingOf } from './commit-facts';
import { branchRef, settle, type Entry, type Gate } from './gate';
import type { GateGit } from './gate-git';
import { GateStop, infra } from './gate-stop';
import { slugOf } from './journal';
import { fetchInto, readTargetRefs } from './target-refs';

const FETCHED_BASE = 'refs/interlock/fetched/base';

/** What stands where, now. */
export interface Standing {
  /** Base's commit on the target. */
  base: string;
  /** The items' branches on the remote, by ref. */
  remote: Map<string, string>;
  /** The items' branches in the user's repository, by ref. */
  local: Map<string, string>;
}

/**
 * Reads where everything stands and brings the commits into the mirror. An item whose commits can't be had is settled. Throws
 * `GateStop`: remote-unreachable, no-such-base.
 */
export async function fetchStanding(gate: Gate, entries: readonly Entry[]): Promise<Standing> {
  const { mirror, spec } = gate;
  const { git, target, user } = mirror;
  const refs = entries.map(({ item }) => branchRef(item));
  const shown = await readTargetRefs(git, target, [gate.baseRef, ...refs], 'FETCH');
  const base = shown.get(gate.baseRef);
  if (base === undefined)
    throw new GateStop(infra('no-such-base', 'FETCH', `${spec.remote || 'the repository'} has no branch ${spec.base}`));
  shown.delete(gate.baseRef);
  const local = target.local ? new Map(shown) : await readLocalHeads(git, user.commonDir, refs);
  const standing = { base: await haveBase(gate, base), remote: shown, local };
  await haveCommits(gate, entries, standing);
  return standing;
}

export async function readLocalHeads(
  git: GateGit,
  commonDir: string,
  refs: readonly string[],
): Promise<Map<string, string>> {
  const wanted = new Set(refs);
  const listing = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', ...refs], {
    folder: commonDir,
    settings: 'user',
  });
  const pairs = listing
    .split('\n')
    .filter(Boolean)
    .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const);
  // A pattern is a prefix too: feature/x also finds feature/x/y.
  return new Map(pairs.filter(([ref]) => wanted.has(ref)));
}

/** The base's commit with its whole history in the mirror; it may have moved on while it was fetched. */
export async function haveBase(gate: Gate, base: string): Promise<string> {
  const { git, target, user } = gate.mirror;
  const needed = (await missingOf(git, [base])).size > 0;
  const shallow = existsSync(join(git.folder, 'shallow'));
  if (!needed && !shallow) return base;
  const refspec = `+${gate.baseRef}:${FETCHED_BASE}`;
  const from = { url: target.url, variables: target.variables, own: target.local };
  if (shallow) {
    const whole = await fetchInto(git, from, [refspec], ['--unshallow']);
    if (!whole.ok) throw new GateStop(infra('shallow', 'FETCH', whole.said));
  }
  const fetched = await fetchInto(git, from, [refspec]);
  if (!fetched.ok) {
    const cause = target.local && user.shallow ? 'shallow' : 'remote-unreachable';
    throw new GateStop(infra(cause, 'FETCH', fetched.said));
  }
  const now = await git.ask(['rev-parse', '--verify', '--quiet', `${FETCHED_BASE}^{commit}`]);
  // A shallow remote does not give its branches to a repository that is none: git leaves them out and says nothing.
  if (now.code !== 0)
    throw new GateStop(infra('shallow', 'FETCH', 'the remote has not the whole history of base either'));
  return now.stdout.toString('utf8').trim();
}

async function haveCommits(gate: Gate, entries: readonly Entry[], { remote, local }: Standing): Promise<void> {
  const { git, target, user } = gate.mirror;
  const needs = (entry: Entry): string[] => [entry.item.head, entry.item.fork, ...entry.item.anchors];
  const missing = await missingOf(git, entries.flatMap(needs));
  for (const entry of entries) {
    const wanted = [...new Set(needs(entry).filter((id) => missing.has(id)))];
    if (wanted.length === 0) continue;
    const { item } = entry;
    const name = (id: string): string => `+${id}:${gate.ref(item.item, `commits/${id}`)}`;
    const own = { url: user.commonDir, variables: {}, own: true };
    const here = await fetchInto(git, own, wanted.map(name));
    if (!here.ok && !target.local && remote.has(branchRef(item)))
      await fetchInto(git, { url: target.url, variables: target.variables, own: false }, [
        `+${branchRef(item)}:${gate.ref(item.item, 'remote')}`,
      ]);
    const still = await missingOf(git, wanted);
    if (still.size === 0) continue;
    const found = local.get(branchRef(item)) ?? remote.get(branchRef(item)) ?? null;
    if (still.has(item.head) && found !== item.head) settle(entry, headChanged('local', item.head, found));
    else
      settle(
        entry,
        user.shallow
          ? infra('shallow', 'FETCH', `the repository is shallow, and ${[...still].join(', ')} can't be fetched`)
          : infra('commit-missing', 'FETCH', [...still].join(', ')),
      );
  }
}

export function headChanged(where: 'local' | 'remote', expected: string, found: string | null) {
  const place = where === 'local' ? 'the branch' : 'the branch on the remote';
  return {
    outcome: 'HEAD_CHANGED' as const,
    where,
    expected,
    found,
    detail: found === null ? `${place} is gone` : `${place} stands on ${found}, reviewed was ${expected}`,
    remedy: 'Review and test what is there now, or set the branch back to the reviewed commit',
  };
}

/** The private refs of items that are done with. */
export async function dropPrivateRefs(git: GateGit, items: readonly string[]): Promise<void> {
  if (items.length === 0) return;
  const prefixes = items.map((item) => `refs/interlock/items/${slugOf(item)}/`);
  const listing = await git.text(['for-each-ref', '--format=delete %(refname)', ...prefixes]);
  if (listing !== '') await git.run(['update-ref', '--stdin'], { input: `${listing}\n` });
}
