import type { FrontMatterFailure } from '../artifacts/front-matter';
import { sha256 } from '../artifacts/hash';
import { readStagingLog, STAGING_LOG, type StagingLogFields } from '../artifacts/staging-log';
import { readTestReport, TEST_REPORT, type TestReportFields } from '../artifacts/test-report';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import type { DocumentEvidence } from './gates/check-provenance';

/** What a runner's stage leaves on the branch: the file's name, and how its machine keys are read. */
export interface ArtifactKind<F> {
  file: string;
  read(content: Uint8Array): { ok: true; fields: F } | FrontMatterFailure;
}

export const TEST_ARTIFACT: ArtifactKind<TestReportFields> = { file: TEST_REPORT, read: readTestReport };
export const STAGING_ARTIFACT: ArtifactKind<StagingLogFields> = { file: STAGING_LOG, read: readStagingLog };

/** The artifact as it stands: in the branch's last commit, or in the worktree with whatever was done to it since. */
export async function reportOnBranch<F>(
  context: AdvanceContext,
  kind: ArtifactKind<F>,
  where: 'branch' | 'worktree',
): Promise<DocumentEvidence<F> | null> {
  const { git } = context.ports;
  const { item, loaded } = context;
  const path = `${artifactsFolder(loaded.config, item.id)}/${kind.file}`;
  const tip = await git.commitOf(`refs/heads/${item.branch}`);
  const onDisk = where === 'worktree' ? await git.readWorktreeFile(item.worktree, path) : null;
  const bytes = onDisk ?? (tip === null ? null : await git.readFile(tip, path));
  if (bytes === null) return null;
  const read = kind.read(bytes);
  return { path, sha256: sha256(bytes), fields: read.ok ? read.fields : { unreadable: read.reason } };
}
