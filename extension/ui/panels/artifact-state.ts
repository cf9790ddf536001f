import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { RunReport } from '../../engine';
import type { LedgerReads } from '../../ledger/ledger';
import type { ArtifactState } from './cross-check';

/** A report artifact above this is refused by the gate as well. */
const LARGEST = 1024 * 1024;

/** Whether the report in the worktree is still, byte for byte, what Interlock wrote for this run. */
export async function artifactState(report: RunReport, read: Pick<LedgerReads, 'artifacts'>): Promise<ArtifactState> {
  const { artifact, item, run } = report;
  const written = read.artifacts(item.id).find((row) => row.run === run.id);
  if (artifact === null || !written) return { state: 'none' };
  try {
    const { size } = await stat(artifact);
    if (size > LARGEST) return { state: 'edited' };
    const hash = createHash('sha256')
      .update(await readFile(artifact))
      .digest('hex');
    return { state: hash === written.sha256 ? 'unchanged' : 'edited' };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { state: missing ? 'missing' : 'unreadable' };
  }
}
