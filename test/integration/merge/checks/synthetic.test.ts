import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carryCheck } from '../../../../runner-host/merge/checks/carry-check';
import type { Finding } from '../../../../runner-host/merge/checks/finding';
import { isTelling, normalise } from '../../../../runner-host/merge/checks/lines';
import { makeBare, type BareRig, type Files } from './bare-rig';
import { knownTrees } from './known-trees';
import { apply, CHANGELOG, makeEdit, makeProject, seeded, type Random } from './synthetic';

const HONEST = 500;
const BROKEN = 40;
const AT_ONCE = 4;

let rig: BareRig;
beforeAll(() => void (rig = makeBare()));
afterAll(() => rig.close());

interface Case {
  base: string;
  main: string;
  item: string;
  result: string;
}

type Wanted = Parameters<BareRig['commits']>[0][number];

/** Places of a case's commits in its own list. `merges`: base, ours, theirs, and the two commits that git merges for them. */
interface Shape extends Record<keyof Case, number> {
  commits: Wanted[];
  merges: [base: number, ours: number, theirs: number, one: number, other: number][];
}

const single = (base: Files, main: Files, item: Files, result: Files): Shape => ({
  commits: [
    { files: base },
    { files: main, parents: [0] },
    { files: item, parents: [0] },
    { files: result, parents: [1, 2] },
  ],
  ...{ base: 0, main: 1, item: 2, result: 3 },
  merges: [[0, 1, 2, 1, 2]],
});

function honest(random: Random): Shape {
  const project = makeProject(random);
  const [m1, i1] = [makeEdit(project, 'main', random), makeEdit(project, 'item', random)];
  const [base, main, item] = [apply(project), apply(project, m1), apply(project, i1)];
  if (random.chance(0.85))
    return single(base, main, item, random.chance(0.5) ? apply(project, m1, i1) : apply(project, i1, m1));
  // The item takes a later main in by itself, by a merge or a rebase, and both go on.
  const [m2, i2] = [
    makeEdit(project, 'main', random, { files: false }),
    makeEdit(project, 'item', random, { files: false }),
  ];
  const merged = { files: apply(project, m1, i1), parents: random.chance(0.5) ? [2, 1] : [1] };
  const last = apply(project, m1, i1, i2);
  return {
    commits: [
      { files: base },
      { files: main, parents: [0] },
      { files: item, parents: [0] },
      merged,
      { files: last, parents: [3] },
      { files: apply(project, m1, m2), parents: [1] },
      { files: apply(project, m1, i1, i2, m2), parents: [5, 4] },
      // As if the item had never taken main in: git merges it from the fork point.
      { files: last, parents: [0] },
    ],
    ...{ base: 0, main: 5, item: 4, result: 6 },
    merges: [
      [0, 1, 4, 1, 7],
      [1, 5, 4, 5, 4],
    ],
  };
}

/** Writes all cases in one go and lets one git make their merges. */
function write(shapes: readonly Shape[]): { cases: Case[]; trees: ReturnType<typeof knownTrees> } {
  let offset = 0;
  const all: Wanted[] = [];
  const offsets = shapes.map(({ commits }) => {
    const from = offset;
    offset += commits.length;
    for (const commit of commits)
      all.push({ ...commit, parents: (commit.parents ?? []).map((parent) => Number(parent) + from) });
    return from;
  });
  const ids = rig.commits(all);
  const parents = new Map(
    all.map((commit, n) => [ids[n] ?? '', (commit.parents ?? []).map((at) => ids[Number(at)] ?? '')]),
  );
  const id = (shape: number, at: number): string => ids[(offsets[shape] ?? 0) + at] ?? '';
  const merges = shapes.flatMap((shape, n) =>
    shape.merges.map(([base, ours, theirs, one, other]) => {
      return { base: id(n, base), ours: id(n, ours), theirs: id(n, theirs), one: id(n, one), other: id(n, other) };
    }),
  );
  const cases = shapes.map((shape, n) => {
    const { base, main, item, result } = shape;
    return { base: id(n, base), main: id(n, main), item: id(n, item), result: id(n, result) };
  });
  return { cases, trees: knownTrees(rig, parents, merges) };
}

async function findingsOf({ cases, trees }: ReturnType<typeof write>): Promise<Finding[][]> {
  const answers: Finding[][] = [];
  for (let at = 0; at < cases.length; at += AT_ONCE) {
    const some = cases.slice(at, at + AT_ONCE);
    const results = await Promise.all(
      some.map((one) => carryCheck(trees, one, { generated: [], changelog: CHANGELOG })),
    );
    answers.push(...results.map(({ findings }) => findings));
  }
  expect(trees.foreseen()).toBeGreaterThanOrEqual(cases.length);
  return answers;
}

const blocked = (findings: readonly Finding[]): boolean => findings.some(({ blocks }) => blocks);

it(`of ${HONEST} honest merges and rebases none is blocked`, { timeout: 300_000 }, async () => {
  const shapes = Array.from({ length: HONEST }, (_, index) => honest(seeded(1000 + index)));
  const answers = await findingsOf(write(shapes));
  const wrong = answers.flatMap((findings, index) =>
    findings.filter(({ blocks }) => blocks).map(({ kind, path, line }) => `${index}: ${kind} ${path} ${line}`),
  );
  expect(answers).toHaveLength(HONEST);
  expect(wrong).toEqual([]);
});

it('what one git says of all merges is what git says of each', async () => {
  const { cases, trees } = write(Array.from({ length: 12 }, (_, index) => honest(seeded(1000 + index))));
  const conflicts: number[] = [];
  for (const { base, main, item } of cases) {
    const bases = await rig.trees.mergeBases(main, item);
    expect(await trees.mergeBases(main, item)).toEqual(bases);
    if (!bases.includes(base)) continue;
    const each = await rig.trees.merge(base, main, item);
    expect(await trees.merge(base, main, item)).toEqual(each);
    conflicts.push(each.conflicts.length);
  }
  expect(trees.foreseen()).toBe(conflicts.length);
  expect(Math.min(...conflicts)).toBe(0);
  expect(Math.max(...conflicts)).toBeGreaterThan(0);
});

describe('a resolution that destroys work is caught', () => {
  /** Builds cases until there are enough to which the destruction applies. */
  function broken(seed: number, destroy: (facts: Facts, random: Random) => Files | undefined) {
    const shapes: Shape[] = [];
    for (let index = 0; shapes.length < BROKEN; index++) {
      if (index > BROKEN * 20) throw new Error('the destruction hardly ever applies');
      const random = seeded(seed + index);
      const project = makeProject(random);
      const [m, i] = [makeEdit(project, 'main', random), makeEdit(project, 'item', random)];
      const [base, main, item] = [apply(project), apply(project, m), apply(project, i)];
      const result = destroy({ base, main, item, honest: apply(project, m, i) }, random);
      if (result) shapes.push(single(base, main, item, result));
    }
    return write(shapes);
  }

  interface Facts {
    base: Files;
    main: Files;
    item: Files;
    honest: Files;
  }

  const text = (files: Files, path: string): string => (typeof files[path] === 'string' ? files[path] : '');
  const bothHaveEntries = ({ base, main, item }: Facts): boolean =>
    text(main, CHANGELOG) !== text(base, CHANGELOG) && text(item, CHANGELOG) !== text(base, CHANGELOG);

  /** Takes one line out of the honest result that a side has added. */
  function withoutOneLine({ base, honest, ...sides }: Facts, side: 'main' | 'item', random: Random): Files | undefined {
    const lines = Object.keys(sides[side]).flatMap((path) => {
      const known = text(base, path).split('\n').map(normalise);
      return text(sides[side], path)
        .split('\n')
        .filter((line) => isTelling(normalise(line)) && !known.includes(normalise(line)) && path in honest)
        .map((line) => ({ path, line }));
    });
    if (lines.length === 0) return undefined;
    const { path, line } = random.pick(lines);
    const kept = text(honest, path).split('\n');
    kept.splice(kept.indexOf(line), 1);
    return { ...honest, [path]: kept.join('\n') };
  }

  it.each<[string, number, (facts: Facts, random: Random) => Files | undefined]>([
    [
      'the changelog by --ours',
      1,
      (facts) => (bothHaveEntries(facts) ? { ...facts.honest, [CHANGELOG]: text(facts.main, CHANGELOG) } : undefined),
    ],
    [
      'the changelog by --theirs',
      1,
      (facts) => (bothHaveEntries(facts) ? { ...facts.honest, [CHANGELOG]: text(facts.item, CHANGELOG) } : undefined),
    ],
    ['one line of the item is left out', 0.95, (facts, random) => withoutOneLine(facts, 'item', random)],
    ['one line of main is left out', 0.95, (facts, random) => withoutOneLine(facts, 'main', random)],
    [
      'one file is as it was at the fork point',
      0.95,
      ({ base, main, item, honest }, random) => {
        const changed = Object.keys(base).filter(
          (path) => text(base, path) !== text(main, path) || text(base, path) !== text(item, path),
        );
        if (changed.length === 0) return undefined;
        const path = random.pick(changed.filter((one) => one in honest));
        return path === undefined ? undefined : { ...honest, [path]: text(base, path) };
      },
    ],
    [
      'the result is the item’s tree',
      0.95,
      ({ base, main, item }) => (JSON.stringify(base) === JSON.stringify(main) ? undefined : item),
    ],
    [
      'a new file of the item is missing',
      1,
      ({ base, item, honest }) => {
        const added = Object.keys(item).find((path) => path.startsWith('new/') && !(path in base));
        if (added === undefined) return undefined;
        return Object.fromEntries(Object.entries(honest).filter(([path]) => path !== added));
      },
    ],
  ])('%s: at least %f of all', { timeout: 120_000 }, async (name, least, destroy) => {
    const answers = await findingsOf(broken(name.length * 10_000, destroy));
    const share = answers.filter(blocked).length / BROKEN;
    if (process.env.SHOW_SHARES)
      console.log(name, share, answers.filter((findings) => findings.length > 0).length / BROKEN);
    expect(share).toBeGreaterThanOrEqual(least);
  });
});
