import { expect, it } from 'vitest';
import { Budget } from '../../../../runner-host/merge/checks/budget';
import { CHECK_LIMITS } from '../../../../runner-host/merge/checks/check-limits';
import { misfiled } from '../../../../runner-host/merge/checks/misfiled';
import { MemoryTrees } from './memory-trees';

async function details(base: string, main: string, item: string, result: string): Promise<string[]> {
  const trees = new MemoryTrees({
    base: { log: base },
    main: { log: main },
    item: { log: item },
    result: { log: result },
  });
  const leg = { base: 'base', main: 'main', item: 'item', result: 'result' };
  return (await misfiled(trees, leg, 'log', new Budget(CHECK_LIMITS))).map(
    ({ side, line, detail }) => `${side} ${line}: ${detail}`,
  );
}

const OPEN = '## [Unreleased]\n';
const item = `${OPEN}- old\n- mine\n`;

it('an entry for [Unreleased] that stands under a release', async () => {
  const released = `${OPEN}\n## [1.1.0] - 2026-02-02\n- old\n`;
  const detail = 'item - mine: was written under "Unreleased" and stands under "1.1.0"';
  expect(await details(`${OPEN}- old\n`, released, item, `${released}- mine\n`)).toEqual([detail]);
  const underlined = released.replace(/## \[?([\w.]+).*/g, '$1\n------');
  expect(
    await details(
      'Unreleased\n------\n- old\n',
      underlined,
      'Unreleased\n------\n- old\n- mine\n',
      `${underlined}- mine\n`,
    ),
  ).toEqual([detail]);
});

it('the same for an entry of main, when the item is the release', async () => {
  const released = `${OPEN}\n## 2.0.0\n- old\n`;
  expect(await details(`${OPEN}- old\n`, `${OPEN}- old\n- theirs\n`, released, `${released}- theirs\n`)).toEqual([
    'main - theirs: was written under "Unreleased" and stands under "2.0.0"',
  ]);
});

it('an entry in another section of its release, while its own is still there', async () => {
  const sections = (added: string, fixed: string): string => `${OPEN}### Added\n${added}### Fixed\n${fixed}`;
  expect(await details(sections('', ''), sections('', ''), sections('- mine\n', ''), sections('', '- mine\n'))).toEqual(
    ['item - mine: was written under "Unreleased / Added" and stands under "Unreleased / Fixed"'],
  );
});

it('no finding for an entry that stays, that is missing, whose section has another name, or whose release has another date', async () => {
  expect(await details(OPEN, OPEN, `${OPEN}- mine\n`, `${OPEN}- other\n- mine\n`)).toEqual([]);
  expect(await details(OPEN, OPEN, `${OPEN}- mine\n`, OPEN)).toEqual([]);
  expect(
    await details(`${OPEN}### New\n`, `${OPEN}### Added\n`, `${OPEN}### New\n- mine\n`, `${OPEN}### Added\n- mine\n`),
  ).toEqual([]);
  expect(
    await details('## 1.0 - May\n', '## 1.0 - June\n', '## 1.0 - May\n- mine\n', '## 1.0 - June\n- mine\n'),
  ).toEqual([]);
});

it('an entry that older releases have too is looked for under its own heading', async () => {
  const old = '## 1.0.0\n- Dependencies\n';
  const both = `${OPEN}- Dependencies\n${old}`;
  expect(await details(OPEN + old, OPEN + old, both, both)).toEqual([]);
  expect(await details(OPEN + old, OPEN + old, both, `${OPEN}${old}- Dependencies\n`)).toEqual([
    'item - Dependencies: was written under "Unreleased" and stands under "1.0.0"',
  ]);
});
