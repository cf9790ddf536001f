import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECK_LIMITS } from '../../../../runner-host/merge/checks/check-limits';
import { numberCollisions, type NumberOptions } from '../../../../runner-host/merge/checks/number-collisions';
import { renumber } from '../../../../runner-host/merge/checks/renumber';
import { makeBare, type BareRig, type Files } from './bare-rig';

let rig: BareRig;
beforeAll(() => void (rig = makeBare()));
afterAll(() => rig.close());

const SERIES = 'docs/adr/adr-*.md';
const doc = (number: string, name: string): Files => ({
  [`docs/adr/adr-${number}-${name}.md`]: `# ADR-${number}: ${name}\n`,
});

async function collide(main: Files, candidate: Files, options: Partial<NumberOptions> = {}) {
  const [m = '', c = ''] = rig.commits([{ files: main }, { files: candidate }]);
  const result = await numberCollisions(
    rig.trees,
    { candidate: c, main: m, item: 'DEMO-1' },
    { series: [SERIES], reserved: [], ...options },
  );
  return {
    ...result,
    tree: c,
    moves: result.plan?.yields.map(({ from, to }) => [from, to].map((path) => path.slice(13, 17)).join(' -> ')),
  };
}

it('only a collision that main does not have already counts', async () => {
  const old = { ...doc('0003', 'a'), ...doc('0003', 'b') };
  expect((await collide(old, { ...old, ...doc('0004', 'c') })).findings).toEqual([]);
  const { findings, moves } = await collide(old, { ...old, ...doc('0003', 'c') });
  expect(findings.map(({ kind, path }) => [kind, path])).toEqual([['NUMBER_TAKEN', 'docs/adr/adr-0003-c.md']]);
  expect(moves).toEqual(['0003 -> 0004']);
});

it('the same number with other zeros is the same number', async () => {
  expect((await collide(doc('0012', 'a'), { ...doc('0012', 'a'), ...doc('012', 'b') })).plan?.yields[0]?.to).toBe(
    'docs/adr/adr-013-b.md',
  );
});

it('of two new documents the first keeps the number; both yield to main’s', async () => {
  expect((await collide({}, { ...doc('0001', 'a'), ...doc('0001', 'b') })).moves).toEqual(['0001 -> 0002']);
  const three = { ...doc('0001', 'a'), ...doc('0001', 'b'), ...doc('0001', 'z') };
  expect((await collide(doc('0001', 'z'), three)).moves).toEqual(['0001 -> 0002', '0001 -> 0003']);
});

it('a number that another item has reserved is not free; one that the item itself has reserved is taken first', async () => {
  const [main, candidate] = [doc('0007', 'a'), { ...doc('0007', 'a'), ...doc('0007', 'b') }];
  const of = (item: string, number: number) => ({ series: SERIES, number, item });
  expect((await collide(main, candidate, { reserved: [of('DEMO-2', 8), of('DEMO-3', 9)] })).moves).toEqual([
    '0007 -> 0010',
  ]);
  expect((await collide(main, candidate, { reserved: [of('DEMO-2', 8), of('DEMO-1', 9)] })).moves).toEqual([
    '0007 -> 0009',
  ]);
  expect((await collide(main, candidate, { reserved: [of('DEMO-1', 7)] })).moves).toEqual(['0007 -> 0008']);
});

it('a new document under a number that another item has reserved yields; its own, and one that main has, do not', async () => {
  const of = (item: string, number: number) => ({ series: SERIES, number, item });
  const candidate = { ...doc('0008', 'b'), list: 'see ADR-0008\n' };
  const { findings, moves, plan } = await collide(doc('0007', 'a'), candidate, { reserved: [of('DEMO-2', 8)] });
  expect(findings.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['NUMBER_RESERVED', 'number 0008 is reserved for DEMO-2; the next free one is 0009'],
  ]);
  expect(moves).toEqual(['0008 -> 0009']);
  expect(plan?.replacements.map(({ after }) => after)).toEqual(['# ADR-0009: b', 'see ADR-0009']);
  expect((await collide({}, candidate, { reserved: [of('DEMO-1', 8)] })).findings).toEqual([]);
  expect((await collide(doc('0008', 'b'), candidate, { reserved: [of('DEMO-2', 8)] })).findings).toEqual([]);
  const elsewhere = { series: 'docs/rfc/*.md', number: 8, item: 'DEMO-2' };
  expect((await collide({}, candidate, { reserved: [elsewhere] })).findings).toEqual([]);
});

it('other files of the folder and other series take no part', async () => {
  const main = {
    'docs/adr/adr-0001-a.md': 'a\n',
    'docs/adr/0001-b.md': 'b\n',
    'docs/adr/adr-0001-c.txt': 'c\n',
    'docs/adr/old/adr-0001-d.md': 'd\n',
    'docs/adr/adr-x.md': 'x\n',
  };
  expect((await collide({}, main)).findings).toEqual([]);
});

it('a line of main that has the same text as one of the item stays as it is, byte for byte', async () => {
  const main = { ...doc('0007', 'a'), list: 'top\nas ADR-0007 says\r\nend\n' };
  const candidate = {
    ...main,
    ...doc('0007', 'b'),
    list: 'top\nas ADR-0007 says\r\nmiddle\nas ADR-0007 says\r\nend\nadr-0007-a and ADR-0007\n',
  };
  const { plan, tree } = await collide(main, candidate);
  const files = await renumber(rig.trees, tree, plan ?? { yields: [], replacements: [] }, CHECK_LIMITS);
  expect(files.find(({ to }) => to === 'list')?.bytes).toBe(
    'top\nas ADR-0007 says\r\nmiddle\nas ADR-0008 says\r\nend\nadr-0007-a and ADR-0007\n',
  );
  expect(files.map(({ from, to }) => [from, to])).toContainEqual(['docs/adr/adr-0007-b.md', 'docs/adr/adr-0008-b.md']);
});

it('a plan for another tree is refused', async () => {
  const { plan } = await collide(doc('0007', 'a'), { ...doc('0007', 'a'), ...doc('0007', 'b') });
  const other = rig.commit({ ...doc('0007', 'a'), 'docs/adr/adr-0007-b.md': '# other\n' });
  const taken = rig.commit({ ...doc('0007', 'a'), ...doc('0007', 'b'), 'docs/adr/adr-0008-b.md': 'x\n' });
  for (const tree of [other, taken, rig.commit({})])
    await expect(renumber(rig.trees, tree, plan ?? { yields: [], replacements: [] }, CHECK_LIMITS)).rejects.toThrow(
      'make the plan anew',
    );
});

it.each(['docs/adr/adr.md', 'docs/*/adr-*.md', '/docs/adr-*.md', 'docs/adr/**.md'])(
  '"%s" is no series',
  async (pattern) => {
    await expect(collide({}, {}, { series: [pattern] })).rejects.toThrow('is no series of documents');
  },
);
