import type { CheckLimits } from './check-limits';
import { shown } from './finding';
import type { LineReplacement, RenumberPlan, RenumberedFile } from './number-plan';
import type { ListedEntry, Trees } from './trees';

/**
 * The files of the candidate as the plan wants them; nothing is written. They may be applied to the item's branch as far as
 * it has the same lines. Throws `RangeError` if a line is not as the plan has it, or a new name is taken.
 */
export async function renumber(
  trees: Trees,
  tree: string,
  plan: RenumberPlan,
  limits: CheckLimits,
): Promise<RenumberedFile[]> {
  const entries = new Map((await trees.list(tree, '')).map((entry) => [entry.path, entry]));
  const moves = new Map(plan.yields.map(({ from, to }) => [from, to]));
  for (const to of moves.values())
    if (entries.has(to)) throw new RangeError(`${shown(to)} exists already: make the plan anew`);
  const paths = [...new Set([...moves.keys(), ...plan.replacements.map(({ path }) => path)])];
  const files: RenumberedFile[] = [];
  for (const path of paths) {
    const entry = entries.get(path);
    if (!entry) throw new RangeError(`${shown(path)} is not there: make the plan anew`);
    const bytes = await contentOf(trees, entry, limits);
    const replacements = plan.replacements.filter((replacement) => replacement.path === path);
    files.push({ from: path, to: moves.get(path) ?? path, mode: entry.mode, bytes: replaceLines(bytes, replacements) });
  }
  return files;
}

async function contentOf(trees: Trees, entry: ListedEntry, limits: CheckLimits): Promise<string> {
  const [content] = await trees.readBlobs([entry.id], limits.mostBytesPerFile);
  if (content?.state !== 'read') throw new RangeError(`${shown(entry.path)} is too large to be renumbered`);
  return content.bytes;
}

function replaceLines(bytes: string, replacements: readonly LineReplacement[]): string {
  const lines = bytes.split('\n');
  for (const { path, lineNumber, before, after } of replacements) {
    if (lines[lineNumber - 1] !== before)
      throw new RangeError(`line ${lineNumber} of ${shown(path)} has changed: make the plan anew`);
    lines[lineNumber - 1] = after;
  }
  return lines.join('\n');
}

/**
 * The same for the head that was kept before a bounce: it has the item's lines in other places, and lacks what came later.
 * Without it the carry check takes every renumbered line for a lost one.
 */
export async function renumberAnchor(
  trees: Trees,
  anchor: string,
  plan: RenumberPlan,
  limits: CheckLimits,
): Promise<RenumberedFile[]> {
  const moves = new Map(plan.yields.map(({ from, to }) => [from, to]));
  const paths = new Set([...moves.keys(), ...plan.replacements.map(({ path }) => path)]);
  const files: RenumberedFile[] = [];
  for (const entry of await trees.list(anchor, '')) {
    if (!paths.has(entry.path)) continue;
    const after = new Map(
      plan.replacements.filter(({ path }) => path === entry.path).map((one) => [one.before, one.after]),
    );
    const lines = (await contentOf(trees, entry, limits)).split('\n').map((line) => after.get(line) ?? line);
    files.push({
      from: entry.path,
      to: moves.get(entry.path) ?? entry.path,
      mode: entry.mode,
      bytes: lines.join('\n'),
    });
  }
  return files;
}
