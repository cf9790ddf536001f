import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { carryCheck, type CarryInput, type CarryResult } from '../../../../runner-host/merge/checks/carry-check';
import type { Finding } from '../../../../runner-host/merge/checks/finding';
import { GitTrees } from '../../../../runner-host/merge/checks/git-trees';
import { quickCommits, readRef } from '../../rig/quick-commit';
import { makeRepository, type TestRepository } from '../../git/repository-fixture';

// Each test makes the loss with git itself, sees that git reports no error, and then asks the check.

const HEAD = '# Changelog\n\n## [Unreleased]\n\n';
const OLD = '## [1.0.0] - 2026-01-01\n\n- The first release\n';
const log = (...entries: string[]): string => HEAD + entries.map((entry) => `- ${entry}\n`).join('') + '\n' + OLD;
const MAINS = 'Main counts the retries of a lost connection';
const ITEMS = 'The board shows who waits for a review';

interface Story {
  repository: TestRepository;
  /** Fork point, main and the item's head before anything was resolved. */
  base: string;
  main: string;
  item: string;
  git: TestRepository['git'];
}

/** Both sides add an entry at one place of the changelog; the item has a file of its own besides. */
function bothAddAnEntry(): Story {
  const repository = makeRepository();
  const { git, env } = repository;
  git(['config', 'rerere.enabled', 'false']);
  const gitDir = join(repository.root, '.git');
  const made = (ref: string, parent: string | null, message: string, files: Record<string, string>): string =>
    quickCommits(gitDir, env, [{ ref: `refs/heads/${ref}`, parent, message, files }])[0] ?? '';
  const first = { 'CHANGELOG.md': log(), 'src/wait.ts': 'export const wait = 1;\n' };
  const base = made('main', readRef(gitDir, 'refs/heads/main'), 'base', first);
  const mine = { 'CHANGELOG.md': log(ITEMS), 'src/board.ts': 'export const board = "waits";\n' };
  const item = made('feature', base, 'item', mine);
  const main = made('main', base, 'main', { 'CHANGELOG.md': log(MAINS), 'src/wait.ts': 'export const wait = 2;\n' });
  git(['checkout', '-q', '-f', 'feature']);
  return { repository, base, main, item, git };
}

async function check({ repository }: Story, input: CarryInput): Promise<CarryResult> {
  const trees = new GitTrees({ folder: join(repository.root, '.git'), env: repository.env });
  onTestFinished(() => trees.close());
  return carryCheck(trees, input, { generated: [], changelog: 'CHANGELOG.md' });
}

const told = (findings: readonly Finding[]): string[] =>
  findings.filter(({ blocks }) => blocks).map(({ kind, side, path, line }) => `${kind} ${side} ${path} ${line}`.trim());

/** What git does although it does not know the answer. Its exit code is returned. */
function attempt({ repository }: Story, args: readonly string[], variables: NodeJS.ProcessEnv = {}): number | null {
  return spawnSync('git', args, { cwd: repository.root, env: { ...repository.env, GIT_EDITOR: 'true', ...variables } })
    .status;
}

const result = ({ git }: Story): string => git(['rev-parse', 'HEAD']);
const changelog = ({ git }: Story): string => git(['show', 'HEAD:CHANGELOG.md']);

it('a plain merge of the two is a conflict: git alone drops nothing', () => {
  const story = bothAddAnEntry();
  expect(attempt(story, ['merge', 'main'])).toBe(1);
});

it.each([
  ['rebase -X ours', ['rebase', '-q', '-X', 'ours', 'main'], ITEMS, `SIDE_DISCARDED item CHANGELOG.md`],
  ['rebase -X theirs', ['rebase', '-q', '-X', 'theirs', 'main'], MAINS, `SIDE_DISCARDED main CHANGELOG.md`],
  ['merge -X theirs', ['merge', '-q', '-X', 'theirs', 'main'], ITEMS, `SIDE_DISCARDED item CHANGELOG.md`],
  ['merge -X ours', ['merge', '-q', '-X', 'ours', 'main'], MAINS, `SIDE_DISCARDED main CHANGELOG.md`],
  ['merge -s ours', ['merge', '-q', '-s', 'ours', 'main'], MAINS, `SIDE_DISCARDED main CHANGELOG.md`],
])('%s ends without an error and loses an entry: the check names the side', async (_, args, lost, finding) => {
  const story = bothAddAnEntry();
  expect(attempt(story, args)).toBe(0);
  expect(changelog(story)).not.toContain(lost);
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toContain(finding);
});

it('merge -s ours also takes back what main alone had changed', async () => {
  const story = bothAddAnEntry();
  attempt(story, ['merge', '-q', '-s', 'ours', 'main']);
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toContain('PATH_RESET main src/wait.ts');
});

it('an attribute that gives a file to one side: the entry is gone and the check says so', async () => {
  const story = bothAddAnEntry();
  story.git(['config', 'merge.ours.driver', 'true']);
  story.repository.write('.git/info/attributes', 'CHANGELOG.md merge=ours\n');
  expect(attempt(story, ['merge', '-q', 'main'])).toBe(0);
  expect(changelog(story)).not.toContain(MAINS);
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toEqual(['SIDE_DISCARDED main CHANGELOG.md']);
});

it('a script that answers every conflict with checkout --ours', async () => {
  const story = bothAddAnEntry();
  expect(attempt(story, ['rebase', '-q', 'main'])).toBe(1);
  story.git(['checkout', '--ours', '--', 'CHANGELOG.md']);
  story.git(['add', '-A']);
  expect(attempt(story, ['rebase', '--continue'])).toBe(0);
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toEqual(['SIDE_DISCARDED item CHANGELOG.md']);
});

it('rebase --skip loses the whole commit: its new file too', async () => {
  const story = bothAddAnEntry();
  expect(attempt(story, ['rebase', '-q', 'main'])).toBe(1);
  expect(attempt(story, ['rebase', '--skip'])).toBe(0);
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings).sort()).toEqual(['PATH_RESET item src/board.ts', 'SIDE_DISCARDED item CHANGELOG.md']);
});

it('a wrong choice that git has recorded and repeats by itself', async () => {
  const story = bothAddAnEntry();
  const { git, repository, item } = story;
  git(['config', 'rerere.enabled', 'true']);
  git(['config', 'rerere.autoupdate', 'true']);
  attempt(story, ['merge', '-q', 'main']);
  repository.write('CHANGELOG.md', log(MAINS));
  repository.commit('a wrong choice');
  git(['reset', '-q', '--hard', item]);
  attempt(story, ['merge', '-q', 'main']);
  expect(git(['ls-files', '--unmerged'])).toBe('');
  expect(attempt(story, ['commit', '-q', '--no-edit'])).toBe(0);
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toEqual(['SIDE_DISCARDED item CHANGELOG.md']);
});

it('one entry is left out by hand while the rest is merged: the line itself is named', async () => {
  const story = bothAddAnEntry();
  attempt(story, ['merge', '-q', 'main']);
  story.repository.write('CHANGELOG.md', log(MAINS, 'Both sides are merged'));
  story.repository.commit('resolved');
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toEqual([`DROPPED item CHANGELOG.md - ${ITEMS}`]);
});

it('conflict marks that were committed', async () => {
  const story = bothAddAnEntry();
  attempt(story, ['merge', '-q', 'main']);
  story.repository.commit('resolved');
  const { findings } = await check(story, { ...story, result: result(story) });
  expect(told(findings)).toEqual(['OPAQUE item CHANGELOG.md']);
});

it('both entries kept, in either order: nothing blocks', async () => {
  for (const entries of [
    [MAINS, ITEMS],
    [ITEMS, MAINS],
  ]) {
    const story = bothAddAnEntry();
    attempt(story, ['merge', '-q', 'main']);
    story.repository.write('CHANGELOG.md', log(...entries));
    story.repository.commit('resolved');
    const { findings } = await check(story, { ...story, result: result(story) });
    expect(findings).toEqual([]);
  }
});

it('union keeps both entries and passes; an entry that it moves to another section does not', async () => {
  const story = bothAddAnEntry();
  story.repository.write('.git/info/attributes', 'CHANGELOG.md merge=union\n');
  expect(attempt(story, ['merge', '-q', 'main'])).toBe(0);
  expect((await check(story, { ...story, result: result(story) })).findings).toEqual([]);

  const { repository, git } = story;
  const sections = (...lines: string[]): string =>
    `${HEAD}### Added\n- A\n${lines.map((line) => `${line}\n`).join('')}\n${OLD}`;
  git(['checkout', '-q', '--detach', story.base]);
  repository.write('CHANGELOG.md', sections());
  const base = repository.commit('sections');
  repository.write('CHANGELOG.md', sections('### Fixed', '- Main has fixed the lost connection'));
  const main = repository.commit('main adds a section');
  git(['checkout', '-q', '--detach', base]);
  repository.write('CHANGELOG.md', sections('- The item has added a board'));
  const item = repository.commit('item');
  git(['checkout', '-q', '--detach', main]);
  expect(attempt(story, ['merge', '-q', '--no-edit', item])).toBe(0);
  expect(changelog(story).split('### Fixed')[1]).toContain('- The item has added a board');
  const { findings } = await check(story, { base, main, item, result: result(story) });
  expect(told(findings)).toEqual(['MISFILED item CHANGELOG.md - The item has added a board']);
});

it('a file that main has renamed: the item’s lines are looked for at the new place', async () => {
  const story = bothAddAnEntry();
  const { git, repository } = story;
  const body = Array.from({ length: 12 }, (_, at) => `export const part${at} = ${at};\n`);
  git(['checkout', '-q', '--detach', story.base]);
  repository.write('src/long.ts', body.join(''));
  const base = repository.commit('base');
  git(['mv', 'src/long.ts', 'src/renamed.ts']);
  const main = repository.commit('rename');
  git(['checkout', '-q', '--detach', base]);
  repository.write('src/long.ts', [...body, 'export const ofTheItem = "work";\n'].join(''));
  const item = repository.commit('item');
  expect(attempt(story, ['merge', '-q', '--no-edit', main])).toBe(0);
  const merged = result(story);
  expect((await check(story, { base, main, item, result: merged })).findings).toEqual([]);
  repository.write('src/renamed.ts', body.join(''));
  const lost = repository.commit('lost');
  expect(told((await check(story, { base, main, item, result: lost })).findings)).toEqual([
    'DROPPED item src/renamed.ts export const ofTheItem = "work";',
  ]);
  expect(told((await check(story, { base, main, item, result: item })).findings)).toEqual([
    'PATH_RESET main src/long.ts',
  ]);
});

it('main has released what was [Unreleased]: the merge is clean and the entry stands under the release', async () => {
  const story = bothAddAnEntry();
  const { git, repository } = story;
  git(['checkout', '-q', '--detach', story.base]);
  const before = (unreleased: string): string => HEAD + '- An entry of before\n' + unreleased + '\n' + OLD;
  repository.write('CHANGELOG.md', before(''));
  const base = repository.commit('base');
  const released = '# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-02-02\n\n- An entry of before\n\n';
  repository.write('CHANGELOG.md', released + OLD);
  const main = repository.commit('release 1.1.0');
  git(['checkout', '-q', '--detach', base]);
  repository.write('CHANGELOG.md', before(`- ${ITEMS}\n`));
  const item = repository.commit('item');
  expect(attempt(story, ['merge', '-q', '--no-edit', main])).toBe(0);
  const { findings } = await check(story, { base, main, item, result: result(story) });
  expect(told(findings)).toEqual([`MISFILED item CHANGELOG.md - ${ITEMS}`]);
  expect(findings[0]?.detail).toBe('was written under "Unreleased" and stands under "1.1.0"');
});

it('a whole-tree snapshot that takes back what main had fixed in the meantime', async () => {
  const story = bothAddAnEntry();
  const { git, repository, item, main } = story;
  repository.write('src/wait.test.ts', 'expect(wait).toBe(1);\n');
  const snapshot = repository.commit('more of the item');
  // The agent's own folder, committed on top of a main that it has never looked at.
  const stale = git(['commit-tree', '-m', 'item, squashed', '-p', main, `${snapshot}^{tree}`]);
  expect(git(['merge-base', main, stale])).toBe(main);
  const { findings } = await check(story, { ...story, item: stale, result: stale });
  expect(told(findings)).toContain('PATH_RESET main src/wait.ts');
  expect(told(findings)).toContain(`DROPPED main CHANGELOG.md - ${MAINS}`);
  expect(item).not.toBe(stale);
});

it.each([['--no-rebase-merges'], ['--rebase-merges']])(
  'a fix that was made inside a merge commit is lost by a rebase %s',
  async (how) => {
    const story = bothAddAnEntry();
    const { git, repository } = story;
    attempt(story, ['merge', '-q', 'main']);
    repository.write('CHANGELOG.md', log(MAINS, ITEMS));
    repository.write('src/wait.ts', 'export const wait = 2;\nexport const fixedInTheMerge = true;\n');
    const item = repository.commit('merge, with a fix');
    git(['checkout', '-q', 'main']);
    repository.write('later.txt', 'main goes on\n');
    const main = repository.commit('main goes on');
    git(['checkout', '-q', 'feature']);
    attempt(story, ['rebase', '-q', how, 'main']);
    // The conflict of before comes again; this time it is resolved rightly.
    for (let step = 0; step < 3 && git(['ls-files', '--unmerged']) !== ''; step++) {
      repository.write('CHANGELOG.md', log(MAINS, ITEMS));
      git(['add', '-A']);
      attempt(story, ['rebase', '--continue']);
    }
    expect(git(['show', 'HEAD:CHANGELOG.md'])).toContain(ITEMS);
    expect(git(['show', 'HEAD:src/wait.ts'])).not.toContain('fixedInTheMerge');
    const { findings } = await check(story, { base: story.base, main, item, result: result(story) });
    expect(told(findings)).toEqual(['PATH_RESET item src/wait.ts']);
  },
);

it('a commit that main has taken and given back is skipped by a rebase', async () => {
  const story = bothAddAnEntry();
  const { git, repository, base } = story;
  git(['checkout', '-q', '--detach', base]);
  repository.write('src/feature.ts', 'export const feature = "wanted";\n');
  const item = repository.commit('feature');
  git(['checkout', '-q', '--detach', base]);
  git(['cherry-pick', item]);
  git(['revert', '--no-edit', 'HEAD']);
  const main = result(story);
  git(['checkout', '-q', '--detach', item]);
  expect(attempt(story, ['rebase', '-q', main])).toBe(0);
  expect(result(story)).toBe(main);
  const { findings } = await check(story, { base, main, item, result: main });
  expect(told(findings)).toEqual(['PATH_RESET item src/feature.ts']);
});

it('an item that was merged and reverted on main: its head is in the history, its work is not', async () => {
  const story = bothAddAnEntry();
  const { git, repository, base } = story;
  git(['checkout', '-q', '--detach', base]);
  repository.write('src/feature.ts', 'export const feature = "wanted";\n');
  const item = repository.commit('feature');
  git(['checkout', '-q', '--detach', base]);
  git(['merge', '-q', '--no-ff', '-m', 'merged', item]);
  git(['revert', '--no-edit', '-m', '1', 'HEAD']);
  const main = result(story);
  const { findings } = await check(story, { base, main, item, result: main });
  expect(told(findings)).toEqual(['PATH_RESET item src/feature.ts']);
});

it('the mode of a file is work too', async () => {
  const story = bothAddAnEntry();
  const { git, repository, base } = story;
  git(['checkout', '-q', '--detach', base]);
  execFileSync('chmod', ['+x', join(repository.root, 'src/wait.ts')]);
  const item = repository.commit('executable');
  const { findings } = await check(story, { base, main: base, item, result: base });
  expect(told(findings)).toEqual(['PATH_RESET item src/wait.ts']);
});
