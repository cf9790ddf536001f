import type { MergeRenumberPlan } from '../../../runner-host/protocol/merge-outcome';
import type { FileChange } from '../ports';

/** Why a plan cannot be applied to a commit: it was made for another one. */
export class StalePlan extends Error {}

/** Paths of a plan are bytes, one character each. */
const named = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

/**
 * The changes that a plan makes in a commit. Lines are found by their text: the plan was made for the candidate, where they may stand
 * elsewhere. With `lacking` a document that is not there is passed over, as in the head of before a bounce.
 * @throws StalePlan where a document is not there, its new name is taken, or no line is as the plan has it
 */
export async function applyPlan(
  plan: MergeRenumberPlan,
  read: (path: string) => Promise<Buffer | null>,
  { lacking }: { lacking: boolean },
): Promise<FileChange[]> {
  const moves = new Map(plan.yields.map(({ from, to }) => [from, to]));
  const paths = new Set([...moves.keys(), ...plan.replacements.map(({ path }) => path)]);
  const changes: FileChange[] = [];
  for (const path of paths) {
    const to = moves.get(path);
    if (to !== undefined && (await read(named(to))) !== null) throw new StalePlan(`${named(to)} exists already`);
    const bytes = await read(named(path));
    if (bytes === null) {
      if (lacking) continue;
      throw new StalePlan(`${named(path)} is not on the branch`);
    }
    const after = replaced(bytes.toString('latin1'), path, plan);
    if (to === undefined && after === bytes.toString('latin1')) {
      if (lacking) continue;
      throw new StalePlan(`the lines of ${named(path)} have changed`);
    }
    changes.push({ from: named(path), to: named(to ?? path), bytes: Buffer.from(after, 'latin1') });
  }
  return changes;
}

function replaced(text: string, path: string, plan: MergeRenumberPlan): string {
  const after = new Map(
    plan.replacements.filter((one) => one.path === path).map(({ before, after: line }) => [before, line]),
  );
  return text
    .split('\n')
    .map((line) => after.get(line) ?? line)
    .join('\n');
}
