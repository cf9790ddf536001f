import type { TextPiece } from '../../../webview/protocol';
import { insideWorktree } from './worktree-path';

/** `a/b.ts:12:3`, `file:///a/b.ts:12`, `File "a/b.py", line 12`. Lengths are bounded: the text is hostile. */
const FRAME =
  /(?<![\w:./\\-])(?:file:\/\/)?((?:[A-Za-z]:)?[^\s:()'"<>|*?,]{1,300}\.\w{1,8}):(\d{1,7})(?::\d{1,7})?|File "([^"\n]{1,300})", line (\d{1,7})/g;

/** Cuts a failure's text into plain pieces and links to places in the worktree; anything outside it stays text. */
export function linkFrames(text: string, worktree: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const found of text.matchAll(FRAME)) {
    const file = insideWorktree(worktree, found[1] ?? found[3] ?? '');
    const line = Number(found[2] ?? found[4]);
    if (file === null || line < 1) continue;
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) });
    pieces.push({ text: found[0], file, line });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
