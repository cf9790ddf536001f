import { describe, expect, test } from 'vitest';
import { command, makeRig, outcomeAs } from './merge-rig';

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n- first\n\n## [1.0.0]\n\n- old\n';

describe('what the item added and what main gained is in what lands', () => {
  test('CARRY_FAIL: an entry that was lost when a conflict was resolved, against the kept head; a person can waive it', async () => {
    const rig = makeRig();
    rig.main({ 'CHANGELOG.md': CHANGELOG });
    const item = rig.item('DEMO-1', {
      'CHANGELOG.md': CHANGELOG.replace('- first\n', '- first\n- the item has its own entry here\n'),
      'one.txt': 'one\n',
    });
    rig.main({ 'CHANGELOG.md': CHANGELOG.replace('- first\n', '- first\n- somebody else landed this entry\n') });
    outcomeAs(await rig.land(item), 'CONFLICT');
    // The conflict is resolved as scripts do it: one side of the file, and the entry is gone.
    rig.git('fetch', '-q', 'origin');
    rig.git('switch', '-q', 'DEMO-1');
    expect(() => rig.git('merge', '-q', 'origin/main')).toThrow();
    rig.git('checkout', '-q', '--theirs', 'CHANGELOG.md');
    rig.git('commit', '-q', '-a', '-m', 'resolved');
    const head = rig.git('rev-parse', 'HEAD');
    rig.git('switch', '-q', 'side');
    const main = rig.remote();
    const resolved = { ...item, head, anchors: [item.head] };
    const { findings } = outcomeAs(await rig.land(resolved), 'CARRY_FAIL');
    expect(findings.map(({ path, side }) => [path, side])).toContainEqual(['CHANGELOG.md', 'item']);
    expect(rig.remote()).toBe(main);
    expect(rig.ran).toEqual([]);
    const waivers = findings.map(({ path, lineHash }) => ({ path, lineHash, by: 'ann', reason: 'meant' }));
    const done = await rig.land({ ...resolved, waivers });
    outcomeAs(done, 'LANDED');
    expect(done.warnings.join('\n')).toContain('waived (meant)');
  });

  test('CARRY_FAIL: main released what the entry was written for, and git files it under the release', async () => {
    const rig = makeRig();
    rig.main({ 'CHANGELOG.md': CHANGELOG });
    const item = rig.item('DEMO-1', {
      'CHANGELOG.md': CHANGELOG.replace('- first\n', '- first\n- the item’s own entry\n'),
    });
    rig.main({ 'CHANGELOG.md': CHANGELOG.replace('## [Unreleased]\n', '## [Unreleased]\n\n## [1.1.0]\n') });
    const main = rig.remote();
    const done = await rig.land(item, { changelog: 'CHANGELOG.md' });
    expect(outcomeAs(done, 'CARRY_FAIL').findings).toMatchObject([{ kind: 'MISFILED', path: 'CHANGELOG.md' }]);
    expect(rig.remote()).toBe(main);
  });

  test('MARKER_LOST: what a marker of main names is gone, or its record is; a retired one is no obstacle', async () => {
    const rig = makeRig();
    const record = '.interlock/markers/OLD-1.json';
    const marker = { item: 'OLD-1', markers: [{ path: 'fix.js', text: 'the old fix' }] };
    rig.main({ 'fix.js': 'const x = "the old fix";\n', [record]: JSON.stringify(marker) });
    const main = rig.remote();
    const gone = rig.item('DEMO-1', { 'fix.js': 'const x = 1;\n' });
    expect(outcomeAs(await rig.land(gone), 'MARKER_LOST').findings).toMatchObject([{ check: 'markers' }]);
    outcomeAs(await rig.land(rig.item('DEMO-2', { 'fix.js': 'const x = 1;\n', [record]: null })), 'MARKER_LOST');
    expect(rig.remote()).toBe(main);
    const retired = JSON.stringify({ ...marker, retired: 'the fix is in the library now' });
    outcomeAs(await rig.land(rig.item('DEMO-3', { 'fix.js': 'const x = 1;\n', [record]: retired })), 'LANDED');
  });

  test('UNCHECKED: a marker whose file is beyond the limit is no lost one and no good one: held until a person waives it', async () => {
    const rig = makeRig();
    const record = '.interlock/markers/OLD-1.json';
    const marker = { item: 'OLD-1', markers: [{ path: 'data.txt', text: 'the old fix' }] };
    rig.main({ 'data.txt': 'the old fix\n', [record]: JSON.stringify(marker) });
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'data.txt': `the old fix\n${'x'.repeat(2 * 1024 * 1024)}\n` });
    const { findings, remedy } = outcomeAs(await rig.land(item), 'UNCHECKED');
    expect(findings).toMatchObject([{ check: 'markers', kind: 'UNCHECKED', path: 'data.txt' }]);
    expect(remedy).toContain('waives it');
    expect(rig.remote()).toBe(main);
    // With a marker that is lost for certain, that is what is said.
    const other = { item: 'OLD-2', markers: [{ path: 'gone.txt', text: 'x' }] };
    const both = { 'big.txt': 'x', '.interlock/markers/OLD-2.json': JSON.stringify(other) };
    const head = rig.commit('DEMO-1', both);
    expect(outcomeAs(await rig.land({ ...item, head }), 'MARKER_LOST').findings).toHaveLength(2);
    rig.git('branch', '-q', '-f', 'DEMO-1', item.head);
    const waivers = findings.map(({ path, lineHash }) => ({ path, lineHash, by: 'person:ann', reason: 'looked' }));
    outcomeAs(await rig.land({ ...item, waivers }), 'LANDED');
  });

  test('NUMBER_COLLISION: two documents take one number, with the plan to renumber; main’s document stays', async () => {
    const rig = makeRig();
    rig.main({ 'docs/adr/adr-0048-first.md': '# ADR-0048\n' });
    const item = rig.item('DEMO-1', { 'docs/adr/adr-0049-mine.md': '# ADR-0049: mine\n' });
    rig.main({ 'docs/adr/adr-0049-theirs.md': '# ADR-0049: theirs\n' });
    const main = rig.remote();
    const { plan } = outcomeAs(await rig.land(item, { numbered: ['docs/adr/adr-*.md'] }), 'NUMBER_COLLISION');
    expect(plan?.yields).toMatchObject([
      { from: 'docs/adr/adr-0049-mine.md', to: 'docs/adr/adr-0050-mine.md', keeps: 'docs/adr/adr-0049-theirs.md' },
    ]);
    expect(rig.remote()).toBe(main);
    outcomeAs(await rig.land(item), 'LANDED');
  });

  test('a fix that was made inside a merge commit is carried', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'broken\n' });
    rig.main({ 'other.txt': 'x\n' });
    rig.git('fetch', '-q', 'origin');
    rig.git('switch', '-q', 'DEMO-1');
    rig.git('merge', '-q', '--no-commit', '--no-ff', 'origin/main');
    rig.git('rm', '-q', '-f', 'one.txt');
    rig.git('commit', '-q', '-m', 'merge, with the fix');
    const merged = rig.git('rev-parse', 'HEAD');
    rig.git('switch', '-q', 'side');
    const head = rig.commit('DEMO-1', { 'two.txt': 'two\n' });
    expect(merged).not.toBe(head);
    const { commit } = outcomeAs(await rig.land({ ...item, head }), 'LANDED');
    expect(rig.at(rig.origin, 'ls-tree', '--name-only', commit).split('\n')).toEqual([
      'other.txt',
      'readme.md',
      'two.txt',
    ]);
  });

  test('a commit that was picked onto main and lost there again comes with the item', async () => {
    const rig = makeRig();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n', 'two.txt': 'two\n' });
    rig.main({ 'other.txt': 'x\n' });
    rig.git('fetch', '-q', 'origin');
    rig.git('switch', '-q', '-C', 'main', 'origin/main');
    rig.git('cherry-pick', item.head);
    rig.git('switch', '-q', 'side');
    rig.git('push', '-q', 'origin', 'main');
    rig.main({ 'two.txt': null });
    const { commit } = outcomeAs(await rig.land(item), 'LANDED');
    expect(rig.at(rig.origin, 'ls-tree', '--name-only', commit).split('\n')).toContain('two.txt');
  });

  test('attributes and merge drivers of the repository take no part', async () => {
    const rig = makeRig();
    rig.main({ '.gitattributes': '* merge=ours\n', 'list.txt': 'a\nb\nc\n' });
    rig.git('config', 'merge.ours.driver', 'true');
    const item = rig.item('DEMO-1', { 'list.txt': 'a\nb\nc\nmine\n' });
    rig.main({ 'list.txt': 'a\nb\nc\ntheirs\n' });
    outcomeAs(await rig.land(item), 'CONFLICT');
  });
});

describe('the sub-gates', () => {
  test('SECURITY: its exit code closes before anything is built; a PASS of the same commit is kept', async () => {
    const rig = makeRig();
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const closed = await rig.land(item, { security: command('exit 2') });
    expect(outcomeAs(closed, 'SECURITY')).toMatchObject({ exitCode: 2 });
    expect(closed.candidate).toBeNull();
    expect(rig.ran).toEqual([{ commit: item.head, command: 'exit 2' }]);
    expect(rig.remote()).toBe(main);
    const slow = await rig.land(item, { security: command(['sleep', '20'], { timeoutMs: 200 }) });
    expect(outcomeAs(slow, 'TIMEOUT')).toMatchObject({ of: 'security' });
    const security = command('echo scanned > report.txt; test -f one.txt');
    outcomeAs(await rig.land(item, { security, test: command('false') }), 'RED');
    const again = await rig.land(item, { security });
    outcomeAs(again, 'LANDED');
    expect(again.security).toMatchObject({ state: 'proven', by: 'journal' });
    expect(rig.ran.filter(({ command: text }) => text.startsWith('echo scanned'))).toHaveLength(1);
  });

  const lcov = (hits: number[]): string =>
    `TN:\\nSF:a.js\\n${hits.map((hit, n) => `DA:${n + 1},${hit}`).join('\\n')}\\nLF:${hits.length}\\nLH:${hits.filter(Boolean).length}\\nend_of_record\\n`;
  const suite = (text: string) => command(`mkdir -p coverage && printf '${text}' > coverage/lcov.info`);
  const rule = { format: 'lcov', path: 'coverage/lcov.info', floor: { covered: 3, total: 4 }, maxDrop: 0 } as const;

  test('coverage: below base’s nothing lands; at base’s it does, and the result has the figures', async () => {
    const rig = makeRig();
    rig.main({ '.gitignore': 'coverage/\n' });
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    const closed = await rig.land(item, { test: suite(lcov([1, 1, 0, 0])), coverage: rule });
    expect(outcomeAs(closed, 'COVERAGE_DROP')).toMatchObject({ covered: 2, total: 4, floor: rule.floor });
    expect(rig.remote()).toBe(main);
    const done = await rig.land(item, { test: suite(lcov([1, 1, 1, 0])), testKey: 'other', coverage: rule });
    outcomeAs(done, 'LANDED');
    expect(done.coverage).toEqual({ covered: 3, total: 4 });
  });

  test.each([
    ['cut off', suite(lcov([1, 1, 1, 0]).slice(0, 30))],
    ['missing', command('true')],
  ])('COVERAGE_UNREADABLE: %s is not less coverage, and lands nothing', async (_what, test) => {
    const rig = makeRig();
    rig.main({ '.gitignore': 'coverage/\n' });
    const main = rig.remote();
    const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
    outcomeAs(await rig.land(item, { test, coverage: rule }), 'COVERAGE_UNREADABLE');
    expect(rig.remote()).toBe(main);
  });

  test('COVERAGE_UNREADABLE: a report that the branch brings along is none of this run', async () => {
    const rig = makeRig();
    const text = lcov([1, 1, 1, 1]).replaceAll('\\n', '\n');
    const item = rig.item('DEMO-1', { 'coverage/lcov.info': text });
    outcomeAs(await rig.land(item, { coverage: rule }), 'COVERAGE_UNREADABLE');
  });
});
