import { afterEach, describe, expect, it } from 'vitest';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile } from '../rig/sample-repository';
import { ann, MergeProject } from './merge-project';

let project: MergeProject;
afterEach(() => project.close());

const SERIES = 'docs/adr/adr-*.md';
const NUMBERED = { numbered: [SERIES] };
const FIRST = { 'docs/adr/adr-0006-first.md': '# ADR 0006\n' };

const reserved = (): string[] =>
  project.engine.read.reservations().map(({ item, number, series }) => `${item} ${number} ${series}`);

describe('a number of a series of documents', () => {
  it('is the next after base on the remote, the branches of open items and all reservations', async () => {
    project = await MergeProject.open(NUMBERED, FIRST);
    const { engine, sample } = project;
    for (const id of ['DEMO-1', 'DEMO-2']) await engine.add({ title: id, id, stage: 'testing', ...ann });
    expect(await engine.reserve('DEMO-1', null, 'person:ann')).toMatchObject({ number: 7, start: 'docs/adr/adr-0007' });
    // Asked again: the number that no document has yet.
    expect(await engine.reserve('DEMO-1', SERIES, 'person:ann')).toMatchObject({ number: 7 });
    // Somebody else pushed, and nobody here has fetched.
    const other = `${sample.root}.other`;
    git(sample.root, 'clone', '--quiet', sample.origin, other);
    commitFile(other, 'docs/adr/adr-0009-theirs.md', '# ADR 0009\n');
    git(other, 'push', '--quiet', 'origin', 'main');
    expect(await engine.reserve('DEMO-2', null, 'person:ann')).toMatchObject({ number: 10 });
    // DEMO-1 has written its document, and one more that it never reserved.
    project.work('DEMO-1', { 'docs/adr/adr-0007-mine.md': '# ADR 0007\n', 'docs/adr/adr-0020-more.md': 'x\n' });
    expect(await engine.reserve('DEMO-1', null, 'agent:architect')).toMatchObject({ number: 21 });
    expect(reserved()).toEqual([`DEMO-1 7 ${SERIES}`, `DEMO-2 10 ${SERIES}`, `DEMO-1 21 ${SERIES}`]);
  });

  it('is never given twice, by however many windows at once', async () => {
    project = await MergeProject.open(NUMBERED, FIRST);
    const ids = ['DEMO-1', 'DEMO-2', 'DEMO-3', 'DEMO-4'];
    for (const id of ids) await project.engine.add({ title: id, id, stage: 'testing', ...ann });
    const other = await openTestEngine(project.sample.root);
    try {
      const asked = [project.engine, other].flatMap((engine) => ids.map((id) => engine.reserve(id, null, 'cli:x')));
      const given = (await Promise.all(asked)).map((answer) => (answer.ok ? answer.number : answer.reason.code));
      // Both windows of one item hear the same number, and no two items do.
      expect(given.slice(0, 4)).toEqual(given.slice(4));
      expect(given.slice(0, 4).sort()).toEqual([10, 7, 8, 9]);
      expect(await project.engine.verify()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('is refused with what helps; a base that cannot be looked at gives none', async () => {
    project = await MergeProject.open({ numbered: [SERIES, 'docs/rfc/*.md'] }, FIRST);
    const { engine, sample } = project;
    await engine.add({ title: 'one', id: 'DEMO-1', stage: 'testing', ...ann });
    expect(await engine.reserve('DEMO-9', null, 'cli:x')).toMatchObject({ reason: { code: 'unknown-item' } });
    expect(await engine.reserve('DEMO-1', null, 'cli:x')).toMatchObject({ reason: { code: 'unknown-series' } });
    expect(await engine.reserve('DEMO-1', 'docs/*.md', 'cli:x')).toMatchObject({
      reason: { code: 'unknown-series', remedy: expect.stringContaining('interlock reserve DEMO-1 "docs/rfc/*.md"') },
    });
    expect(await engine.reserve('DEMO-1', 'docs/rfc/*.md', 'cli:x')).toMatchObject({ start: 'docs/rfc/0001' });
    git(sample.root, 'remote', 'set-url', 'origin', '/nowhere/at/all.git');
    await expect(engine.reserve('DEMO-1', SERIES, 'cli:x')).rejects.toMatchObject({ code: 'remote-unreachable' });
    expect(reserved()).toEqual(['DEMO-1 1 docs/rfc/*.md']);
  });
});

describe('the gate', () => {
  it('lets nobody land under a number that another item has reserved; a landing takes reservations back', async () => {
    project = await MergeProject.open(NUMBERED, FIRST);
    const { engine, sample } = project;
    await engine.add({ title: 'reserves', id: 'DEMO-1', stage: 'testing', ...ann });
    expect(await engine.reserve('DEMO-1', null, 'person:ann')).toMatchObject({ number: 7 });
    // Written without asking.
    await project.atMerge('DEMO-2', {
      'docs/adr/adr-0007-other.md': '# ADR 0007: Other\n',
      'notes.md': 'see adr-0007\n',
    });
    const refused = await project.advance('DEMO-2');
    expect(refused).toMatchObject({ outcome: 'rolled-back', reason: { code: 'number-collision' } });
    expect(refused.reason.text).toContain('NUMBER_RESERVED in docs/adr/adr-0007-other.md');
    // Somebody else was given the planned number meanwhile: the plan is none any more.
    await engine.add({ title: 'another', id: 'DEMO-3', stage: 'testing', ...ann });
    expect(await engine.reserve('DEMO-3', null, 'person:ann')).toMatchObject({ number: 8 });
    const head = git(sample.root, 'rev-parse', 'work/DEMO-2');
    expect(await engine.renumber('DEMO-2', 'person:ann')).toMatchObject({
      reason: { code: 'stale-plan', text: expect.stringContaining('DEMO-3') },
    });
    expect(git(sample.root, 'rev-parse', 'work/DEMO-2')).toBe(head);
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({ reason: { code: 'number-collision' } });
    expect(await engine.renumber('DEMO-2', 'person:ann')).toMatchObject({ ok: true });
    expect(reserved()).toEqual([`DEMO-1 7 ${SERIES}`, `DEMO-3 8 ${SERIES}`, `DEMO-2 9 ${SERIES}`]);
    await project.again('DEMO-2');
    expect(await project.advance('DEMO-2')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(project.onMain('docs/adr/adr-0009-other.md')).toBe('# ADR 0009: Other');
    expect(project.onMain('notes.md')).toBe('see adr-0009');
    expect(reserved()).toEqual([`DEMO-1 7 ${SERIES}`, `DEMO-3 8 ${SERIES}`]);
    project.work('DEMO-1', { 'docs/adr/adr-0007-mine.md': '# ADR 0007: Mine\n' });
    expect(await project.advance('DEMO-1')).toMatchObject({ to: 'merge' });
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'advanced', to: 'done' });
    expect(project.onMain('docs/adr/adr-0007-mine.md')).toBe('# ADR 0007: Mine');
    expect(reserved()).toEqual([`DEMO-3 8 ${SERIES}`]);
    expect(await engine.reserve('DEMO-1', null, 'person:ann')).toMatchObject({ reason: { code: 'already-done' } });
  }, 240_000);
});

describe('stage architecture', () => {
  const STAGES = { stages: ['architecture', 'development', 'testing', 'merge', 'done'] };

  it('begins with a number in each series, whoever brings the item there', async () => {
    project = await MergeProject.open({ numbered: [SERIES, 'docs/rfc/*.md'] }, FIRST, {}, STAGES);
    const { engine } = project;
    expect(await engine.add({ title: 'one', id: 'DEMO-1', ...ann })).toMatchObject({
      text: expect.stringContaining('docs/adr/adr-0007-TITLE.md'),
    });
    expect(reserved()).toEqual([`DEMO-1 7 ${SERIES}`, 'DEMO-1 1 docs/rfc/*.md']);
    // Nothing more is taken by looking again.
    await project.advance('DEMO-1');
    expect(reserved()).toHaveLength(2);
  });

  it('does not go on without one: a remote that is silent defers it, and takes nothing', async () => {
    project = await MergeProject.open(NUMBERED, FIRST, {}, STAGES);
    const { engine, sample } = project;
    git(sample.root, 'remote', 'set-url', 'origin', '/nowhere/at/all.git');
    expect(await engine.add({ title: 'one', id: 'DEMO-1', ...ann })).toMatchObject({
      ok: true,
      text: expect.stringContaining('no number of docs/adr/adr-*.md could be reserved'),
    });
    expect(await project.advance('DEMO-1')).toMatchObject({
      outcome: 'deferred',
      reason: { code: 'remote-unreachable' },
    });
    expect(reserved()).toEqual([]);
    git(sample.root, 'remote', 'set-url', 'origin', sample.origin);
    expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'waiting' });
    expect(reserved()).toEqual([`DEMO-1 7 ${SERIES}`]);
  });
});
