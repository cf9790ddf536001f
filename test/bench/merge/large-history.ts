const MAIN_COMMITS = 10;
const ITEM_COMMITS = 5;
const FILES_A_COMMIT = 20;
const IN_A_FOLDER = 100;

/**
 * A stream for `git fast-import`: `files` files on the branch `fork`, ten commits on `main` and five on `item`. No file is
 * changed on both sides.
 */
export function largeHistory(files: number): string {
  const all = Array.from({ length: files }, (_, n) => fileChange(n, textOf(n, 'first')));
  const lines = [commit('fork', 'first', 0, null, all)];
  for (let n = 0; n < MAIN_COMMITS; n += 1)
    lines.push(commit('main', `main ${n}`, n + 1, n === 0 ? 'fork' : null, changes(files, n, 0)));
  for (let n = 0; n < ITEM_COMMITS; n += 1)
    lines.push(commit('item', `item ${n}`, n + 1, n === 0 ? 'fork' : null, changes(files, n, 1)));
  return lines.join('');
}

/** Every second file is main's to change, the others the item's. */
function changes(files: number, round: number, side: 0 | 1): string[] {
  return Array.from({ length: FILES_A_COMMIT }, (_, n) => {
    const file = ((round * FILES_A_COMMIT + n) * 2 * 37 + side) % files;
    return fileChange(file, textOf(file, `changed in ${round}`));
  });
}

function commit(branch: string, message: string, at: number, from: string | null, files: readonly string[]): string {
  const who = `Ann <ann@example.com> ${1_700_000_000 + at} +0000`;
  const parent = from === null ? '' : `from refs/heads/${from}\n`;
  return `commit refs/heads/${branch}\ncommitter ${who}\n${data(message)}${parent}${files.join('')}\n`;
}

function fileChange(n: number, text: string): string {
  const path = `part-${Math.floor(n / IN_A_FOLDER)}/file-${n}.txt`;
  return `M 100644 inline ${path}\n${data(text)}`;
}

function textOf(n: number, word: string): string {
  return `${Array.from({ length: 20 }, (_, line) => `line ${line} of file ${n}`).join('\n')}\n${word}\n`;
}

export const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
