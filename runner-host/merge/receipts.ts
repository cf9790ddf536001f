import { GitFailure } from '../git/run-git';
import type { Gate, Link } from './gate';
import type { GateGit } from './gate-git';
import type { MergeContext } from './merge-context';
import { mergeLog } from './merge-log';
import type { Mirror, Target } from './open-mirror';
import { dropNote, keepNote, pendingNotes } from './pending-notes';
import { push, RECEIPTS_REF } from './push';
import { noteOf, readNote, receiptOf, type Receipt } from './receipt';
import { fetchInto, readTargetRefs } from './target-refs';

/** How often another writer of receipts may be faster. */
const MOST_TRIES = 5;
/** In the mirror; git takes notes from nowhere else than refs/notes. */
const FETCHED = RECEIPTS_REF;
const FETCHED_BASE = 'refs/interlock/fetched/base';
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Interlock',
  GIT_AUTHOR_EMAIL: 'interlock@localhost',
  GIT_COMMITTER_NAME: 'Interlock',
  GIT_COMMITTER_EMAIL: 'interlock@localhost',
};

/** What the note of a landing says, on disk before the push. */
export async function intendReceipt(gate: Gate, link: Link): Promise<void> {
  await keepNote(gate.context.folder, {
    url: gate.mirror.target.url,
    base: gate.spec.base,
    item: link.entry.item.item,
    commit: link.commit,
    note: noteOf(mergeLog(gate, link), receiptOf(gate, link)),
  });
}

/**
 * Puts the note on the landed commit and on the remote. One that can't be written does not undo a landing: it stays pending, and the next
 * gate or verification finishes it.
 */
export async function writeReceipt(gate: Gate, link: Link): Promise<'written' | 'failed'> {
  const { git, target } = gate.mirror;
  const { context } = gate;
  const { commit, entry } = link;
  try {
    const known = (await pendingNotes(context.folder, context.log)).find((one) => one.commit === commit);
    // Another gate's, which saw the test: nothing that this one could say is better.
    if (known === undefined && (await findReceipt(git, target, commit))?.candidate === commit) return 'written';
    if (known === undefined) await intendReceipt(gate, link);
    await putNote(git, target, commit, known?.note ?? noteOf(mergeLog(gate, link), receiptOf(gate, link)));
    await gate.reach('noted');
    await dropNote(context.folder, commit);
    return 'written';
  } catch (error) {
    const how = `the next landing, or interlock verify ${commit}, writes it`;
    entry.seen.cleanup.push(`the receipt was not written (${how}): ${(error as Error).message}`);
    return 'failed';
  }
}

/**
 * Writes the notes that earlier gates could not write, for commits that the target's base holds; what never landed is forgotten. Never
 * throws: what is not done stays pending.
 */
export async function finishReceipts(
  { git, target }: Pick<Mirror, 'git' | 'target'>,
  { folder, log }: Pick<MergeContext, 'folder' | 'log'>,
): Promise<void> {
  try {
    for (const pending of (await pendingNotes(folder, log)).filter(({ url }) => url === target.url)) {
      const { commit, base, note } = pending;
      await fetchBase(git, target, base);
      const landed = await git.ask(['merge-base', '--is-ancestor', commit, FETCHED_BASE]);
      // 128: the mirror does not have the commit, so no gate of it has pushed it.
      if (landed.code === 0) await putNote(git, target, commit, note);
      else if (landed.code !== 1 && landed.code !== 128) throw new GitFailure(['merge-base'], landed.stderr);
      await dropNote(folder, commit);
    }
  } catch (error) {
    log(`a receipt is still to be written: ${(error as Error).message}`);
  }
}

/** Throws `GitFailure` where other writers were faster each time, `GateStop` where the target can't be read. */
async function putNote(git: GateGit, target: Target, commit: string, note: string): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const at = await fetchReceipts(git, target);
    if ((await noteText(git, commit)) === note.trim()) return;
    await git.run(['notes', `--ref=${FETCHED}`, 'add', '-f', '-F', '-', commit], { input: note, variables: IDENTITY });
    const to = await git.text(['rev-parse', '--verify', FETCHED]);
    if ((await pushReceipts(git, target, at, to)) === 'done') return;
  }
  throw new GitFailure(['notes', RECEIPTS_REF], `other writers were faster ${MOST_TRIES} times`);
}

async function fetchBase(git: GateGit, target: Target, base: string): Promise<void> {
  const ref = `refs/heads/${base}`;
  const from = { url: target.url, variables: target.variables, own: target.local };
  const fetched = await fetchInto(git, from, [`+${ref}:${FETCHED_BASE}`]);
  if (!fetched.ok) throw new GitFailure(['fetch', ref], fetched.said);
}

/** The only write of the receipts' ref, with the value that it must have. */
async function pushReceipts(git: GateGit, target: Target, at: string | null, to: string): Promise<string> {
  const answer = await push(git, target, { kind: 'receipt', at, to });
  if (answer.state === 'policy') throw new GitFailure(['push', RECEIPTS_REF], answer.said);
  return answer.state;
}

/** Brings the target's receipts into the mirror. Returns their commit, null if there is none. */
async function fetchReceipts(git: GateGit, target: Target): Promise<string | null> {
  const at = (await readTargetRefs(git, target, [RECEIPTS_REF], 'CLEANUP')).get(RECEIPTS_REF) ?? null;
  if (at === null) {
    await git.run(['update-ref', '-d', FETCHED]);
    return null;
  }
  const from = { url: target.url, variables: target.variables, own: target.local };
  const fetched = await fetchInto(git, from, [`+${RECEIPTS_REF}:${FETCHED}`]);
  if (!fetched.ok) throw new GitFailure(['fetch', RECEIPTS_REF], fetched.said);
  return git.text(['rev-parse', '--verify', FETCHED]);
}

async function noteText(git: GateGit, commit: string): Promise<string | null> {
  const answer = await git.ask(['notes', `--ref=${FETCHED}`, 'show', commit]);
  return answer.code === 0 ? answer.stdout.toString('utf8').trim() : null;
}

/** The receipt of a commit as the target shows it; null: there is none that can be read. Throws `GateStop`, `GitFailure`. */
export async function findReceipt(git: GateGit, target: Target, commit: string): Promise<Receipt | null> {
  if ((await fetchReceipts(git, target)) === null) return null;
  const note = await noteText(git, commit);
  try {
    return note === null ? null : readNote(note).receipt;
  } catch {
    return null;
  }
}

export interface Verification {
  ok: boolean;
  receipt: Receipt | null;
  /** The merge log: text of the repository, hostile until shown as plain text. */
  log: string | null;
  /** What is wrong, one line each. */
  problems: string[];
}

/**
 * Whether a commit on base is what its receipt says: tree, parent, the tested commit behind it, and base's history. Throws `GateStop`
 * where the target can't be read, `GitFailure` where git can't say.
 */
export async function verifyCommit(git: GateGit, target: Target, base: string, commit: string): Promise<Verification> {
  await fetchBase(git, target, base);
  const bad = (...problems: string[]): Verification => ({ ok: false, receipt: null, log: null, problems });
  const asked = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`]);
  const id = asked.stdout.toString('utf8').trim();
  if (asked.code !== 0) return bad(`there is no commit ${commit}`);
  if ((await fetchReceipts(git, target)) === null) return bad('there are no receipts (refs/notes/interlock)');
  const note = await noteText(git, id);
  if (note === null) return bad(`${id} has no receipt: it was not landed by the gate`);
  let read: ReturnType<typeof readNote>;
  try {
    read = readNote(note);
  } catch (error) {
    return bad(`its receipt can't be read: ${(error as Error).message.slice(0, 300)}`);
  }
  const { receipt, log } = read;
  const problems = await compare(git, id, receipt);
  return { ok: problems.length === 0, receipt, log, problems };
}

async function compare(git: GateGit, id: string, receipt: Receipt): Promise<string[]> {
  const problems: string[] = [];
  const [tree = '', parent = ''] = (await git.text(['rev-parse', `${id}^{tree}`, `${id}^1`])).split('\n');
  const ancestor = async (older: string, newer: string): Promise<boolean> =>
    (await git.ask(['merge-base', '--is-ancestor', older, newer])).code === 0;
  if (receipt.candidate !== id) problems.push(`the receipt is of ${receipt.candidate}`);
  if (receipt.tree !== tree) problems.push(`its tree is ${tree}, the receipt says ${receipt.tree}`);
  if (receipt.base !== parent) problems.push(`its first parent is ${parent}, the receipt says ${receipt.base}`);
  const tested = await git.ask(['rev-parse', '--verify', '--quiet', `${receipt.testedCommit}^{tree}`]);
  if (tested.stdout.toString('utf8').trim() !== receipt.testedTree)
    problems.push(`the tested commit ${receipt.testedCommit} has not the tested tree ${receipt.testedTree}`);
  if (!(await ancestor(id, receipt.testedCommit))) problems.push('it is not in the tested commit’s history');
  if (!(await ancestor(id, FETCHED_BASE))) problems.push('it is not in the history of base');
  if (receipt.verdict === 'NOT-TESTED') problems.push('it was landed without a test: none was configured');
  return problems;
}
