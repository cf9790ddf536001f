import { afterEach, describe, expect, it } from 'vitest';
import { git } from '../rig/git';
import { ann, MergeProject } from './merge-project';

let project: MergeProject;
afterEach(() => project.close());

describe('with a merge gate', () => {
  it('an item that passed its tests lands, and what landed is on record', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'sums.txt': 'one\n' });
    expect(await project.advance('DEMO-1')).toMatchObject({
      outcome: 'advanced',
      to: 'done',
      verdict: 'PASS',
      result: 'LANDED',
      reason: { code: 'landed' },
    });
    expect(project.onMain('sums.txt')).toBe('one');
    const main = git(project.sample.origin, 'rev-parse', 'main');
    const { read } = project.engine;
    expect(read.landings('DEMO-1')).toMatchObject([{ commit_id: main, tip: main, tested: 'alone', base: 'main' }]);
    expect(await project.engine.report('DEMO-1')).toMatchObject({ kind: 'merge', verdict: { verdict: 'PASS' } });
    expect([...read.leases(), ...read.openJobs()]).toEqual([]);
    expect(await project.engine.verify()).toEqual([]);
  });

  it('a conflict goes back with its files; once resolved, with both sides’ work, it lands', async () => {
    project = await MergeProject.open({}, { 'list.txt': 'a\nb\nc\n' });
    await project.atMerge('DEMO-1', { 'list.txt': 'a\nfrom one\nc\n' });
    await project.atMerge('DEMO-2', { 'list.txt': 'a\nfrom two\nc\n' });
    expect(await project.advance('DEMO-1')).toMatchObject({ to: 'done' });
    const { read } = project.engine;
    const reviewed = git(project.sample.root, 'rev-parse', 'work/DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({
      outcome: 'rolled-back',
      to: 'development',
      verdict: 'FAIL',
      reason: { code: 'conflict', text: expect.stringContaining('list.txt') },
    });
    expect(read.item('DEMO-2')).toMatchObject({ developer_retries: 0, infra_retries: 0 });
    expect(read.anchor('DEMO-2')).toMatchObject({ head: reviewed });
    expect(git(project.sample.root, 'rev-parse', 'refs/interlock/anchors/DEMO-2')).toBe(reviewed);

    // The item's own line is lost in the resolution: only the anchor still knows of it.
    project.resolve('DEMO-2', { 'list.txt': 'a\nfrom one\nc\n' });
    project.work('DEMO-2', { 'other.txt': 'more\n' });
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({
      outcome: 'rolled-back',
      to: 'development',
      reason: { code: 'carry-fail', text: expect.stringContaining('SIDE_DISCARDED in list.txt') },
    });
    expect(read.anchor('DEMO-2')).toMatchObject({ head: reviewed });
    expect(read.item('DEMO-2')).toMatchObject({ developer_retries: 1 });

    project.work('DEMO-2', { 'list.txt': 'a\nfrom one\nfrom two\nc\n' });
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(project.onMain('list.txt')).toBe('a\nfrom one\nfrom two\nc');
    expect(read.anchor('DEMO-2')).toBeUndefined();
    expect(await project.engine.verify()).toEqual([]);
  });

  it('what is not the tested tree is not landed', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'sums.txt': 'one\n' });
    project.work('DEMO-1', { 'untested.txt': 'x\n' });
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'refused', reason: { code: 'forged-or-stale' } });
    expect(project.engine.read.runs('DEMO-1').filter(({ kind }) => kind === 'merge')).toEqual([]);
    expect(project.landings()).toEqual(['chore: sample']);
  });

  it('red on the candidate, and on main as well: held, main stays, nobody is blamed', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'suite.json': JSON.stringify({ passed: 4 }) });
    // Main moves: together they fail.
    git(project.sample.root, 'rm', '--quiet', 'suite.mjs');
    git(project.sample.root, 'commit', '--quiet', '-m', 'chore: no suite');
    git(project.sample.root, 'push', '--quiet', 'origin', 'main');
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'held', reason: { code: 'pre-existing' } });
    expect(project.landings()[0]).toBe('chore: no suite');
    expect(project.engine.read.item('DEMO-1')).toMatchObject({ stage: 'merge', developer_retries: 0 });
  });

  it('security and coverage are asked before anything lands; the ratchet moves up with a landing', async () => {
    const lines = (hit: number): string => `SF:a.js\nDA:1,1\nDA:2,${hit}\nLF:2\nLH:${hit > 0 ? 2 : 1}\nend_of_record\n`;
    const merge = {
      security: { command: [process.execPath, '-e', "process.exit(require('fs').existsSync('secret.txt') ? 1 : 0)"] },
      coverage: { report: 'lcov.info' },
    };
    const cover = "import { copyFileSync } from 'node:fs'; copyFileSync('lines.txt', 'lcov.info');";
    const files = { 'cover.mjs': cover, '.gitignore': 'report.xml\nlcov.info\n', 'lines.txt': lines(1) };
    project = await MergeProject.open(merge, files, { command: 'node suite.mjs && node cover.mjs' });
    const { read } = project.engine;
    await project.atMerge('DEMO-1', { 'one.txt': '1\n' });
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(read.ratchet('main')).toMatchObject({ covered: 2, total: 2, item: 'DEMO-1' });
    await project.atMerge('DEMO-2', { 'lines.txt': lines(0) });
    expect(await project.advance('DEMO-2')).toMatchObject({
      outcome: 'rolled-back',
      reason: { code: 'coverage-drop' },
    });
    await project.atMerge('DEMO-3', { 'secret.txt': 'key\n' });
    expect(await project.advance('DEMO-3')).toMatchObject({ outcome: 'rolled-back', reason: { code: 'security' } });
    expect(read.item('DEMO-3')).toMatchObject({ stage: 'development', developer_retries: 1 });
    expect(project.landings().filter((subject) => subject.includes('DEMO-'))).toHaveLength(1);
  });

  it('an unreachable remote blames nobody: deferred, then held', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'sums.txt': 'one\n' });
    git(project.sample.root, 'remote', 'set-url', 'origin', '/nowhere/at/all.git');
    for (let tries = 1; tries <= 3; tries++)
      expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'deferred', verdict: null });
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'held' });
    expect(project.engine.read.alerts()).toMatchObject([{ item: 'DEMO-1' }]);
    git(project.sample.root, 'remote', 'set-url', 'origin', project.sample.origin);
    await project.engine.release('DEMO-1', 'person:ann', 'the network is back');
    expect(await project.engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', to: 'done' });
  });
});
