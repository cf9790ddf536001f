import type { Finding, FindingEvidence } from '../../artifacts/evidence';
import { GitError } from '../../git/git-error';
import type { AdvanceContext } from '../context';
import type { TestRules } from './test-rules';
import { findChanges, findingsHash, needsText, type ChangedFile } from './find-changes';

const MOST_SHOWN = 200;
/** Longer files are judged by their object alone. */
const MOST_CHARACTERS = 1024 * 1024;

/** Findings as a verdict keeps them: those that need a person first. */
export function findingEvidence(findings: readonly Finding[]): FindingEvidence {
  const grave = findings.filter((one) => one.needsPerson);
  return {
    hash: findingsHash(findings),
    count: findings.length,
    needPerson: grave.length,
    first: [...grave, ...findings.filter((one) => !one.needsPerson)].slice(0, MOST_SHOWN),
  };
}

/** What the item changed between two commits of that by which it is judged. Throws `GitError` when git could not say. */
export async function gatherFindings(
  context: AdvanceContext,
  fork: string,
  head: string,
  rules: TestRules,
): Promise<Finding[]> {
  const { git } = context.ports;
  const files: ChangedFile[] = [];
  for (const { path, before, after } of await git.changedFiles(fork, head)) {
    const wanted = needsText(path, rules);
    const side = async (commit: string, object: string | null) =>
      object === null ? null : { object, text: wanted ? await textOf(context, commit, path) : null };
    files.push({ path, before: await side(fork, before), after: await side(head, after) });
  }
  return findChanges(files, rules);
}

async function textOf({ ports }: AdvanceContext, commit: string, path: string): Promise<string | null> {
  try {
    const text = (await ports.git.readFile(commit, path))?.toString('utf8') ?? null;
    return text !== null && text.length <= MOST_CHARACTERS ? text : null;
  } catch (error) {
    // A link or a submodule is no text; its object still shows the change.
    if (error instanceof GitError && error.code === 'not-a-file') return null;
    throw error;
  }
}
