import * as z from 'zod/mini';
import { GitFailure } from '../git/run-git';
import type { Gate, Link } from './gate';
import type { GateGit } from './gate-git';
import type { Target } from './open-mirror';
import { push, RECEIPTS_REF } from './push';
import { fetchInto, readTargetRefs } from './target-refs';

/** How often another writer of receipts may be faster. */
const MOST_TRIES = 5;
/** In the mirror; git takes notes from nowhere else than refs/notes. */
const FETCHED = RECEIPTS_REF;
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Interlock',
  GIT_AUTHOR_EMAIL: 'interlock@localhost',
  GIT_COMMITTER_NAME: 'Interlock',
  GIT_COMMITTER_EMAIL: 'interlock@localhost',
};

/** What stands in the git note of a landed commit. */
export const Receipt = z.strictObject({
  version: z.literal(1),
  run: z.string(),
  item: z.string(),
  branch: z.string(),
  head: z.string(),
  base: z.string(),
  candidate: z.string(),
  tree: z.string(),
  /** The commit that was tested: in a batch the tip, of which the candidate is an ancestor. */
  testedCommit: z.string(),
  testedTree: z.string(),
  verdict: z.enum(['PASS', 'PROVEN', 'NOT-TESTED']),
  testKey: z.string(),
  report: z.nullable(z.strictObject({ tests: z.int(), passed: z.int(), skipped: z.int() })),
  coverage: z.nullable(z.strictObject({ covered: z.int(), total: z.int() })),
});
export type Receipt = z.infer<typeof Receipt>;

/** Puts the receipt on the landed commit and on the remote. A receipt that can't be written does not undo a landing. */
export async function writeReceipt(gate: Gate, link: Link): Promise<'written' | 'failed'> {
  const { git, target } = gate.mirror;
  try {
    const text = JSON.stringify(receiptOf(gate, link));
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const at = await fetchReceipts(git, target);
      if ((await readNote(git, link.commit)) === text) return 'written';
      await git.run(['notes', `--ref=${FETCHED}`, 'add', '-f', '-F', '-', link.commit], {
        input: text,
        variables: IDENTITY,
      });
      const to = await git.text(['rev-parse', '--verify', FETCHED]);
      if ((await pushReceipts(git, target, at, to)) === 'done') return 'written';
    }
    link.entry.seen.cleanup.push(`the receipt was not written: other writers were faster ${MOST_TRIES} times`);
  } catch (error) {
    link.entry.seen.cleanup.push(`the receipt was not written: ${(error as Error).message}`);
  }
  return 'failed';
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

async function readNote(git: GateGit, commit: string): Promise<string | null> {
  const answer = await git.ask(['notes', `--ref=${FETCHED}`, 'show', commit]);
  return answer.code === 0 ? answer.stdout.toString('utf8').trim() : null;
}

function receiptOf({ spec }: Gate, { entry, onto, commit, tree, tip, tipTree }: Link): Receipt {
  const { item, seen } = entry;
  const ran = seen.test?.state === 'ran' && seen.test.result.status === 'suite-ran' ? seen.test.result : null;
  const report = ran?.report.state === 'read' ? ran.report : null;
  const proven = seen.test?.state === 'not-configured' || spec.test === null ? 'NOT-TESTED' : 'PROVEN';
  return {
    version: 1,
    run: spec.run,
    item: item.item,
    branch: item.branch,
    head: item.head,
    base: onto,
    candidate: commit,
    tree,
    testedCommit: tip,
    testedTree: tipTree,
    verdict: ran === null ? proven : 'PASS',
    testKey: spec.testKey,
    report: report && { tests: report.tests, passed: report.passed, skipped: report.skipped },
    coverage: seen.coverage,
  };
}

/** The receipt of a commit as the target shows it; null: there is none that can be read. Throws `GateStop`, `GitFailure`. */
export async function findReceipt(git: GateGit, target: Target, commit: string): Promise<Receipt | null> {
  if ((await fetchReceipts(git, target)) === null) return null;
  const note = await readNote(git, commit);
  try {
    return note === null ? null : Receipt.parse(JSON.parse(note));
  } catch {
    return null;
  }
}

export interface Verification {
  ok: boolean;
  receipt: Receipt | null;
  /** What is wrong, one line each. */
  problems: string[];
}

/**
 * Whether a commit on base is what its receipt says: tree, parent, the tested commit behind it, and base's history. Throws `GateStop`
 * where the target can't be read, `GitFailure` where git can't say.
 */
export async function verifyCommit(git: GateGit, target: Target, base: string, commit: string): Promise<Verification> {
  const ref = `refs/heads/${base}`;
  const from = { url: target.url, variables: target.variables, own: target.local };
  const fetched = await fetchInto(git, from, [`+${ref}:refs/interlock/fetched/base`]);
  if (!fetched.ok) throw new GitFailure(['fetch', ref], fetched.said);
  const bad = (...problems: string[]): Verification => ({ ok: false, receipt: null, problems });
  const asked = await git.ask(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`]);
  const id = asked.stdout.toString('utf8').trim();
  if (asked.code !== 0) return bad(`there is no commit ${commit}`);
  if ((await fetchReceipts(git, target)) === null) return bad('there are no receipts (refs/notes/interlock)');
  const note = await readNote(git, id);
  if (note === null) return bad(`${id} has no receipt: it was not landed by the gate`);
  let receipt: Receipt;
  try {
    receipt = Receipt.parse(JSON.parse(note));
  } catch (error) {
    return bad(`its receipt can't be read: ${(error as Error).message.slice(0, 300)}`);
  }
  const problems = await compare(git, id, receipt);
  return { ok: problems.length === 0, receipt, problems };
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
  if (!(await ancestor(id, 'refs/interlock/fetched/base'))) problems.push('it is not in the history of base');
  if (receipt.verdict === 'NOT-TESTED') problems.push('it was landed without a test: none was configured');
  return problems;
}
