import { PRISTINE_OPTIONS, PRISTINE_VARIABLES } from '../../../../runner-host/merge/checks/git-trees';
import type { ConflictedPath, PristineMerge, Trees } from '../../../../runner-host/merge/checks/trees';
import type { BareRig } from './bare-rig';

/** A merge that will be asked for: base, ours and theirs, and two commits with these trees of which that base is the only one. */
export interface WantedMerge {
  base: string;
  ours: string;
  theirs: string;
  one: string;
  other: string;
}

/**
 * The rig's repository, with its history known and its merges made by one git for all of them: hundreds of cases cost no more processes than one. What was
 * not foreseen is asked of git.
 */
export function knownTrees(
  rig: BareRig,
  parents: ReadonlyMap<string, readonly string[]>,
  wanted: readonly WantedMerge[],
): Trees & { foreseen(): number } {
  const { trees } = rig;
  const merges = mergeAll(rig, wanted);
  let foreseen = 0;
  const ancestors = (of: string): Set<string> => {
    const found = new Set<string>();
    const open = [of];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      open.push(...(parents.get(id) ?? []));
    }
    return found;
  };
  const mergeBases = (one: string, other: string): string[] => {
    const theirs = ancestors(other);
    const common = [...ancestors(one)].filter((id) => theirs.has(id));
    return common.filter((id) => !common.some((later) => later !== id && ancestors(later).has(id)));
  };
  return {
    tree: (id) => trees.tree(id),
    changes: (from, to) => trees.changes(from, to),
    list: (tree, folder) => trees.list(tree, folder),
    readPaths: (tree, paths, most) => trees.readPaths(tree, paths, most),
    readBlobs: (ids, most) => trees.readBlobs(ids, most),
    mergeBases: (one, other) => Promise.resolve(mergeBases(one, other)),
    isAncestor: (older, newer) => Promise.resolve(ancestors(newer).has(older)),
    merge: (base, ours, theirs) => {
      const known = merges.get(keyOf({ base, ours, theirs }));
      if (known === undefined) return trees.merge(base, ours, theirs);
      foreseen += 1;
      return Promise.resolve(known);
    },
    foreseen: () => foreseen,
  };
}

const keyOf = ({ base, ours, theirs }: Pick<WantedMerge, 'base' | 'ours' | 'theirs'>): string =>
  `${base} ${ours} ${theirs}`;

/** git-merge-tree(1), `--stdin`: a status, the tree and the conflicted entries for each line, and an empty field behind. */
function mergeAll({ git }: BareRig, wanted: readonly WantedMerge[]): Map<string, PristineMerge> {
  const input = wanted.map(({ one, other }) => `${one} ${other}\n`).join('');
  const variables = Object.entries(PRISTINE_VARIABLES).map(([name, value]) => `${name}=${value}`);
  const said = git([...PRISTINE_OPTIONS, 'merge-tree', '--write-tree', '--stdin', '--no-messages'], input, variables);
  const fields = said.split('\0');
  return new Map(
    wanted.map((merge) => {
      const [status = '', tree = ''] = fields.splice(0, 2);
      if (!/^[01]$/.test(status) || !/^[0-9a-f]{40,64}$/.test(tree)) throw new Error(`git answered ${status} ${tree}`);
      const conflicts = new Map<string, ConflictedPath>();
      for (let line = fields.shift(); line !== undefined && line !== ''; line = fields.shift()) {
        const [, mode = '', id = '', stage = '', path = ''] = /^(\d+) ([0-9a-f]+) ([123])\t(.*)$/s.exec(line) ?? [];
        const conflict = conflicts.get(path) ?? { path, base: undefined, ours: undefined, theirs: undefined };
        const side = stage === '1' ? 'base' : stage === '2' ? 'ours' : 'theirs';
        conflicts.set(path, { ...conflict, [side]: { mode, id } });
      }
      return [keyOf(merge), { tree, conflicts: [...conflicts.values()] }];
    }),
  );
}
