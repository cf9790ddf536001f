import { afterEach, describe, expect, it } from 'vitest';
import { git } from '../rig/git';
import { commitFile } from '../rig/sample-repository';
import { MergeProject } from './merge-project';

let project: MergeProject;
afterEach(() => project.close());

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n### Added\n\n- First entry of all\n';
const withEntry = (...entries: string[]): string => `${CHANGELOG}${entries.map((entry) => `- ${entry}\n`).join('')}`;

describe('what persons say at the merge gate', () => {
  it('a finding that is meant: waived by a person, with a reason; then it lands', async () => {
    project = await MergeProject.open({}, { 'list.txt': 'alpha\nbeta\ngamma\n' });
    await project.atMerge('DEMO-1', { 'list.txt': 'alpha\nthe words of one\ngamma\n' });
    await project.atMerge('DEMO-2', { 'list.txt': 'alpha\nwhat two has written\ngamma\n' });
    await project.advance('DEMO-1');
    await project.advance('DEMO-2');
    project.resolve('DEMO-2', { 'list.txt': 'alpha\nthe words of one\ngamma\n' });
    project.work('DEMO-2', { 'other.txt': 'more\n' });
    await project.again('DEMO-2');
    const report = await project.advance('DEMO-2');
    expect(report).toMatchObject({ reason: { code: 'carry-fail' } });
    const hash = /\(([0-9a-f]{12})\)/.exec(report.reason.text)?.[1] ?? '';
    const { engine } = project;
    const waive = (actor: string, why: string, finding: string) => engine.waive('DEMO-2', actor, why, finding);
    expect(await waive('agent:coder', 'trust me', hash)).toMatchObject({ reason: { code: 'person-needed' } });
    expect(await waive('person:ann', ' ', hash)).toMatchObject({ reason: { code: 'reason-missing' } });
    expect(await waive('person:ann', 'meant', '0123456789')).toMatchObject({ reason: { code: 'unknown-finding' } });
    expect(engine.read.waivers('DEMO-2')).toEqual([]);
    expect(await waive('person:ann', 'one is right', hash)).toMatchObject({ ok: true });
    expect(await waive('person:ann', 'one is right', hash)).toMatchObject({ reason: { code: 'waived-already' } });
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(await engine.verify()).toEqual([]);
  }, 240_000);

  it('changelog and decision, both at once: renumbered by a command, nothing lost, main’s own as it was', async () => {
    const merge = { numbered: ['docs/adr/adr-*.md'], changelog: 'CHANGELOG.md' };
    project = await MergeProject.open(merge, {
      'CHANGELOG.md': CHANGELOG,
      'docs/adr/adr-0001-first.md': '# ADR 0001\n',
    });
    await project.atMerge('DEMO-1', {
      'CHANGELOG.md': withEntry('Sums, see adr-0002'),
      'docs/adr/adr-0002-sums.md': '# ADR 0002: Sums\n',
    });
    await project.atMerge('DEMO-2', {
      'CHANGELOG.md': withEntry('Products, see adr-0002'),
      'docs/adr/adr-0002-products.md': '# ADR 0002: Products\n',
    });
    expect(await project.advance('DEMO-1')).toMatchObject({ to: 'done' });
    expect(await project.advance('DEMO-2')).toMatchObject({ reason: { code: 'conflict' } });
    project.resolve('DEMO-2', { 'CHANGELOG.md': withEntry('Sums, see adr-0002', 'Products, see adr-0002') });
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({
      outcome: 'rolled-back',
      reason: { code: 'number-collision', remedy: 'interlock renumber DEMO-2' },
    });
    const anchor = project.engine.read.anchor('DEMO-2')?.head;
    expect(await project.engine.renumber('DEMO-2', 'agent:coder')).toMatchObject({ reason: { code: 'person-needed' } });
    expect(await project.engine.renumber('DEMO-2', 'person:ann')).toMatchObject({ ok: true });
    expect(git(project.sample.worktree('DEMO-2'), 'status', '--porcelain')).toBe('');
    expect(project.engine.read.anchor('DEMO-2')?.head).not.toBe(anchor);
    expect(project.engine.read.transitions('DEMO-2').at(-1)).toMatchObject({
      outcome: 'renumbered',
      actor: 'person:ann',
    });
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(project.onMain('docs/adr/adr-0002-sums.md')).toBe('# ADR 0002: Sums');
    expect(project.onMain('docs/adr/adr-0003-products.md')).toBe('# ADR 0003: Products');
    expect(project.onMain('CHANGELOG.md')).toBe(withEntry('Sums, see adr-0002', 'Products, see adr-0003').trim());
  }, 240_000);

  it('a frozen queue lands nothing until a person opens it, and says why', async () => {
    project = await MergeProject.open();
    const { engine } = project;
    await project.atMerge('DEMO-1', { 'one.txt': '1\n' });
    await project.freeze('main was rewound');
    expect(await project.advance('DEMO-1')).toMatchObject({
      outcome: 'refused',
      reason: { code: 'queue-frozen', text: expect.stringContaining('main was rewound') },
    });
    expect(project.landings()).toEqual(['chore: sample']);
    expect(await engine.queue()).toMatchObject({ frozen: { reason: 'main was rewound' }, items: [{ item: 'DEMO-1' }] });
    expect(await engine.unfreeze('agent:coder', 'looks fine')).toMatchObject({ reason: { code: 'person-needed' } });
    expect(await engine.unfreeze('person:ann', '')).toMatchObject({ reason: { code: 'reason-missing' } });
    expect(await engine.unfreeze('person:ann', 'it is back')).toMatchObject({ ok: true });
    expect(await engine.unfreeze('person:ann', 'again')).toMatchObject({ reason: { code: 'not-frozen' } });
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'advanced', to: 'done' });
  });

  it('a landed commit is what its receipt says; one that was pushed by hand has none', async () => {
    project = await MergeProject.open();
    await project.atMerge('DEMO-1', { 'one.txt': '1\n' });
    await project.advance('DEMO-1');
    const main = git(project.sample.origin, 'rev-parse', 'main');
    expect(await project.engine.verifyCommit(main)).toMatchObject({ ok: true, problems: [] });
    git(project.sample.root, 'pull', '--quiet', '--ff-only');
    commitFile(project.sample.root, 'by-hand.txt', 'x\n');
    git(project.sample.root, 'push', '--quiet', 'origin', 'main');
    const hand = git(project.sample.origin, 'rev-parse', 'main');
    expect(await project.engine.verifyCommit(hand)).toMatchObject({ ok: false, receipt: null });
  });
});
