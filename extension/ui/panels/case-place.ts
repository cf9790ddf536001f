import type { CaseResult } from '../../../runner-host/protocol/result';
import { linkFrames } from './link-frames';
import { insideWorktree } from './worktree-path';

export interface Place {
  /** Relative to the worktree. */
  file: string;
  /** From 1. */
  line: number | null;
}

/**
 * Where a case is: as the report says, else the first line of the failure's trace that lies in the worktree and is not a
 * package's. Not every reporter names files (Node's own does not).
 */
export function casePlace({ file, line, message, details }: CaseResult, worktree: string): Place | null {
  const named = file === null ? null : insideWorktree(worktree, file);
  if (named !== null && line !== null) return { file: named, line };
  const frames = linkFrames(`${details ?? ''}\n${message ?? ''}`.slice(0, 20_000), worktree);
  const frame = frames.find((piece) => piece.file !== undefined && !/(^|\/)node_modules\//.test(piece.file));
  if (named !== null) return { file: named, line: frame?.file === named ? (frame.line ?? null) : null };
  return frame?.file === undefined ? null : { file: frame.file, line: frame.line ?? null };
}
