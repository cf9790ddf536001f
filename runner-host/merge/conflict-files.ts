import type { ConflictFile } from '../protocol/merge-outcome';
import type { Trees } from './checks/trees';
import type { MergedTree } from './merge-tree';

const MOST_FILES = 50;
const MOST_HUNKS = 20;
const MOST_HUNK_LINES = 60;
const MOST_FILE_BYTES = 1024 * 1024;

/** The conflicted paths with both sides of their lines, at most 50 files. */
export async function conflictFiles(
  trees: Trees,
  { tree, entries }: MergedTree,
): Promise<{ files: ConflictFile[]; more: number }> {
  const stages = new Map<string, number[]>();
  for (const { path, stage } of entries) stages.set(path, [...(stages.get(path) ?? []), stage]);
  const paths = [...stages.keys()];
  const shown = paths.slice(0, MOST_FILES);
  const contents = await trees.readPaths(tree, shown, MOST_FILE_BYTES);
  const files = shown.map((path, n) => {
    const content = contents[n];
    return {
      path: shownPath(path),
      stages: stages.get(path) ?? [],
      hunks: content?.state === 'read' ? hunksOf(content.bytes) : [],
    };
  });
  return { files, more: paths.length - shown.length };
}

function hunksOf(bytes: string): ConflictFile['hunks'] {
  // A file with a zero byte is binary to git: it has no lines to show.
  if (bytes.includes('\0')) return [];
  const lines = bytes.split('\n');
  const hunks: ConflictFile['hunks'] = [];
  for (let at = 0; at < lines.length && hunks.length < MOST_HUNKS; at++) {
    if (!(lines[at] ?? '').startsWith('<<<<<<< ')) continue;
    const end = lines.findIndex((line, n) => n > at && line.startsWith('>>>>>>> '));
    const last = end === -1 ? lines.length - 1 : end;
    const text = lines.slice(at, Math.min(last + 1, at + MOST_HUNK_LINES)).join('\n');
    hunks.push({ line: at + 1, text: Buffer.from(text, 'latin1').toString('utf8') });
    at = last;
  }
  return hunks;
}

/** For people: bytes that are no UTF-8 are shown as \xNN. */
export function shownPath(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  if (!text.includes('\uFFFD')) return text;
  return [...bytes].map((one) => (one > '~' ? `\\x${one.charCodeAt(0).toString(16)}` : one)).join('');
}
