import { expect, it } from 'vitest';
import { carryCheck, type CarryOptions } from '../../../../runner-host/merge/checks/carry-check';
import { MemoryTrees, type Files } from './memory-trees';

const told = async (
  sides: { base: Files; main: Files; item: Files; result: Files },
  options: Partial<CarryOptions> = {},
) => {
  const input = { base: 'base', main: 'main', item: 'item', result: 'result' };
  const { findings } = await carryCheck(new MemoryTrees(sides), input, {
    generated: [],
    changelog: undefined,
    ...options,
  });
  return findings.map(({ kind, side, path, line, blocks }) =>
    [blocks ? 'block' : 'warn', kind, side, path, line].filter(Boolean).join(' '),
  );
};

const lines = (...texts: string[]): string => texts.map((text) => `${text}\n`).join('');
const BASE = lines('import one from "one";', 'const timeout = 600;', 'run(timeout);', 'export default one;');
const replaced = (was: string, ...now: string[]): string => BASE.replace(`${was}\n`, lines(...now));
/** Main and item both change the file; the file merger of these tests sees a conflict. */
const conflict = (
  main: string,
  item: string,
  result: string,
  more: Partial<Record<'main' | 'item' | 'result', Files>> = {},
) => ({
  base: { f: BASE },
  main: { f: main, ...more.main },
  item: { f: item, ...more.item },
  result: { f: result, ...more.result },
});
const mains = replaced('export default one;', 'export default one;', 'countRetriesOfLostConnections();');
const items = replaced('export default one;', 'export default one;', 'showWhoWaitsForReview(board);');

it('both sides’ lines are there: nothing is said', async () => {
  expect(await told(conflict(mains, items, mains + lines('showWhoWaitsForReview(board);')))).toEqual([]);
});

it('a line is compared without its indentation and end', async () => {
  expect(await told(conflict(mains, items, mains + '\tshowWhoWaitsForReview(board);\r\n'))).toEqual([]);
});

it('DROPPED: a line of one side is missing and nothing speaks for it', async () => {
  expect(await told(conflict(mains, items, mains + lines('somethingElse(entirely, new);')))).toEqual([
    'block DROPPED item f showWhoWaitsForReview(board);',
  ]);
});

it('REWRITTEN: the resolver has written it in other words', async () => {
  expect(await told(conflict(mains, items, mains + lines('showWhoWaitsForReview(theBoard, board);')))).toEqual([
    'warn REWRITTEN item f showWhoWaitsForReview(board);',
  ]);
});

it('one new line stands for two missing ones at most', async () => {
  const twice = replaced(
    'export default one;',
    'wait(one, board);',
    'wait(two, board);',
    'wait(three, board);',
    'export default one;',
  );
  const found = await told(conflict(mains, twice, mains + lines('wait(four, board);')));
  expect(found.map((one) => one.split(' ')[1]).sort()).toEqual(['DROPPED', 'REWRITTEN', 'REWRITTEN']);
});

it('VARIANT: both changed the same line and the other side’s version of it is kept', async () => {
  const [main, item] = [
    replaced('const timeout = 600;', 'const timeout = 900;'),
    replaced('const timeout = 600;', 'const timeout = 800;'),
  ];
  expect(await told(conflict(main, item, main))).toEqual(['warn VARIANT item f const timeout = 800;']);
});

it('OVERRIDDEN: the other side took the same line out', async () => {
  const main = replaced('const timeout = 600;', 'import wait from "elsewhere";');
  const item = replaced('const timeout = 600;', 'const timeout = 800;', 'const more = 1;') + lines('kept();');
  expect(await told(conflict(main, item, main + lines('kept();')))).toEqual([
    'warn OVERRIDDEN item f const timeout = 800;',
    'warn OVERRIDDEN item f const more = 1;',
  ]);
});

it('SIDE_DISCARDED: the file is one side’s alone, though each changed other lines', async () => {
  expect(await told(conflict(mains, items, mains))).toEqual(['block SIDE_DISCARDED item f']);
  expect(await told(conflict(mains, items, items))).toEqual(['block SIDE_DISCARDED main f']);
});

it('one side that has all of the other’s work is no loss', async () => {
  expect(await told(conflict(mains, mains + lines('more();'), mains + lines('more();')))).toEqual([]);
});

it('MOVED: the missing lines stand in another file', async () => {
  const moved = { result: { g: lines('showWhoWaitsForReview(board);') } };
  expect(await told(conflict(mains, items, mains, moved))).toEqual(['warn MOVED item f showWhoWaitsForReview(board);']);
});

it('a line that is in another file anyway is not taken for the moved one', async () => {
  const other = { g: lines('showWhoWaitsForReview(board);') };
  expect(
    await told(conflict(mains, items, mains + lines('x();'), { main: other, item: other, result: other })),
  ).toEqual(['block DROPPED item f showWhoWaitsForReview(board);']);
});

it('PATH_RESET: one side’s change shows no trace, also a new file and a removal', async () => {
  const base = { f: BASE, old: lines('old one') };
  const item = { f: items, new: lines('a new file') };
  const moreOfMain = { other: lines('main has this') };
  expect(await told({ base, main: { ...base, ...moreOfMain }, item, result: { ...base, ...moreOfMain } })).toEqual([
    'block PATH_RESET item f',
    'block PATH_RESET item new',
    'block PATH_RESET item old',
  ]);
  expect(await told({ base: { f: BASE }, main: { f: mains }, item: { f: items }, result: { f: BASE } })).toEqual([
    'block PATH_RESET item f',
    'block PATH_RESET main f',
  ]);
});

it('a change of the result’s own, where neither side was, is not the check’s matter', async () => {
  const base = { f: BASE, g: lines('untouched') };
  expect(
    await told({ base, main: { ...base, f: mains }, item: base, result: { f: mains, g: lines('edited') } }),
  ).toEqual([]);
});

it('OPAQUE: nobody can say of a binary file whether both sides are in it', async () => {
  const binary = (text: string) => `\0${text}`;
  const sides = (result: string) => ({
    base: { f: binary('1') },
    main: { f: binary('2') },
    item: { f: binary('3') },
    result: { f: binary(result) },
  });
  expect(await told(sides('4'))).toEqual(['block OPAQUE item f']);
  expect(await told(sides('2'))).toEqual(['block SIDE_DISCARDED item f']);
  expect(await told(sides('3'))).toEqual(['block SIDE_DISCARDED main f']);
  expect(await told(sides('1'))).toEqual(['block PATH_RESET item f', 'block PATH_RESET main f']);
});

it('RESURRECTED and REMOVED warn: a line that was taken out is back, one that nobody took out is gone', async () => {
  const main = replaced('run(timeout);') + lines('main();');
  const item = BASE + lines('item();');
  const result = BASE.replace('import one from "one";\n', '') + lines('main();', 'item();');
  expect((await told(conflict(main, item, result))).sort()).toEqual([
    'warn REMOVED f import one from "one";',
    'warn RESURRECTED main f run(timeout);',
  ]);
});

it('entries of a changelog do not replace each other', async () => {
  const log = (...entries: string[]): string => lines('# Changelog', '## [Unreleased]', ...entries);
  const sides = {
    base: { log: log('- placeholder') },
    main: { log: log('- The board shows who waits (#1)') },
    item: { log: log('- The board shows who runs (#2)') },
    result: { log: log('- The board shows who waits (#1)') },
  };
  expect(await told(sides)).toEqual(['warn VARIANT item log - The board shows who runs (#2)']);
  expect(await told(sides, { changelog: 'log' })).toEqual(['block SIDE_DISCARDED item log']);
});

it.each([
  ['mostBytesPerFile', { mostBytesPerFile: 20 }],
  ['mostBytes', { mostBytes: 100 }],
  ['mostLines', { mostLines: 3 }],
  ['mostPaths', { mostPaths: 0 }],
  ['mostComparisons', { mostComparisons: 0 }],
  ['mostEdits', { mostEdits: 1 }],
])('UNCHECKED blocks where the bound %s is reached', async (bound, limits) => {
  const main = replaced('const timeout = 600;', 'import wait from "elsewhere";');
  const item = replaced('const timeout = 600;', 'const timeout = 800;', 'const more = 1;') + lines('kept();');
  const sides = conflict(main, item, main + lines('kept();', 'of the resolver();'));
  const trees = new MemoryTrees(sides);
  const input = { base: 'base', main: 'main', item: 'item', result: 'result' };
  const { findings } = await carryCheck(trees, input, { generated: [], changelog: undefined, limits });
  expect(findings.map(({ kind, blocks, detail }) => [kind, blocks, detail])).toEqual([
    ['UNCHECKED', true, `not checked: the bound ${bound} is reached`],
  ]);
});
