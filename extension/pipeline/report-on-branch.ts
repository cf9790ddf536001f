import { sha256 } from '../artifacts/hash';
import { readTestReport, TEST_REPORT } from '../artifacts/test-report';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import type { TestEvidence } from './gates/check-tests-passed';

/** The test report as it stands: in the branch's last commit, or in the worktree with whatever was done to it since. */
export async function reportOnBranch(
  context: AdvanceContext,
  where: 'branch' | 'worktree',
): Promise<TestEvidence['report']> {
  const { git } = context.ports;
  const { item, loaded } = context;
  const path = `${artifactsFolder(loaded.config, item.id)}/${TEST_REPORT}`;
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  const onDisk = where === 'worktree' ? await git.readWorktreeFile(item.worktree, path) : null;
  const bytes = onDisk ?? (tip === null ? null : await git.readFile(tip, path));
  if (bytes === null) return null;
  const read = readTestReport(bytes);
  return { path, sha256: sha256(bytes), fields: read.ok ? read.fields : { unreadable: read.reason } };
}
