import { describe, expect, it } from 'vitest';
import { GitError } from '../../../extension/git/git-error';
import { LedgerError } from '../../../extension/ledger/errors';
import { Activity } from '../../../extension/ui/activity';
import { configStanding } from '../../../extension/ui/config-standing';
import { nextLook } from '../../../extension/ui/due';
import { errorText, problemOf } from '../../../extension/ui/folder-problem';
import { noticesSince } from '../../../extension/ui/notices';
import { Overview } from '../../../extension/ui/overview';
import { statusLook } from '../../../extension/ui/status-model';
import { windowState, type WindowFacts } from '../../../extension/ui/window-state';
import { anItem, aTransition, MINUTE, NOW, readsOf, REPOSITORY } from './rows';

const facts = (over: Partial<WindowFacts> = {}): WindowFacts => ({
  trusted: true,
  folders: 1,
  opening: false,
  problems: [],
  repositories: [{ readOnly: false, config: 'ok' }],
  ...over,
});
const problem = (error: unknown) => [problemOf('/folder', error)];

describe('what the window has to say', () => {
  it.each([
    ['untrusted', facts({ trusted: false })],
    ['no-folder', facts({ folders: 0, repositories: [] })],
    ['opening', facts({ opening: true, repositories: [] })],
    ['no-repository', facts({ repositories: [], problems: problem(new GitError('not-a-repository', 'x', 'y')) })],
    ['no-commits', facts({ repositories: [], problems: problem(new GitError('no-commits', 'x', 'y')) })],
    ['ledger', facts({ repositories: [], problems: problem(new LedgerError('damaged', 'x', 'y')) })],
    ['failed', facts({ repositories: [], problems: problem(new GitError('git-missing', 'x', 'y')) })],
    ['read-only', facts({ repositories: [{ readOnly: true, config: 'ok' }] })],
    ['no-configuration', facts({ repositories: [{ readOnly: false, config: 'missing' }] })],
    ['uncommitted-configuration', facts({ repositories: [{ readOnly: false, config: 'uncommitted' }] })],
    ['broken-configuration', facts({ repositories: [{ readOnly: false, config: 'broken' }] })],
    ['ready', facts()],
  ])('is %s', (state, given) => {
    expect(windowState(given)).toBe(state);
  });

  it('looks no further than trust: an untrusted window says nothing about its repositories', () => {
    expect(windowState(facts({ trusted: false, opening: true, problems: problem(new Error('x')) }))).toBe('untrusted');
  });

  it('names facts and remedy of typed errors, and the words of others', () => {
    expect(errorText(new GitError('git-missing', 'there is no git', 'Install git'))).toEqual({
      text: 'there is no git',
      remedy: 'Install git',
    });
    expect(errorText(new Error('boom'))).toEqual({ text: 'boom', remedy: '' });
  });
});

describe('how interlock.json stands', () => {
  const missing = { file: 'main:interlock.json', line: 1, column: 1, key: '', message: 'm', remedy: 'r' };
  const none = { ok: false as const, problems: [missing] };
  const bad = { ok: false as const, problems: [{ ...missing, key: 'test.timeout', line: 3 }] };
  const good = '{ "stages": ["development", "testing", "merge", "done"], "test": { "command": ["npm", "test"] } }';

  it('is missing where neither the base branch nor the folder has it', () => {
    expect(configStanding(none, undefined)).toBe('missing');
  });

  it('is uncommitted where the folder has a good one that the base branch has not', () => {
    expect(configStanding(none, good)).toBe('uncommitted');
    expect(configStanding(bad, good)).toBe('uncommitted');
  });

  it('is broken where the one in the folder cannot be used either', () => {
    expect(configStanding(none, '{')).toBe('broken');
    expect(configStanding(bad, undefined)).toBe('broken');
    expect(configStanding(undefined, good)).toBe('broken');
  });
});

describe('the counts of the window', () => {
  const read = (items = [anItem()], transitions = [aTransition()]) => readsOf({ items, transitions });

  it('follows single items and tells which of them change a level of the tree', () => {
    const overview = new Overview();
    overview.open(REPOSITORY, read());
    expect(overview.update(REPOSITORY, read([anItem({ condition: 'held' })]), new Set(['DEMO-1']))).toEqual([]);
    expect(overview.counts()).toMatchObject({ items: 1, held: 1, needsPerson: 1 });
    expect(overview.update(REPOSITORY, read([anItem({ condition: 'done' })]), new Set(['DEMO-1']))).toEqual(['DEMO-1']);
    expect(overview.update(REPOSITORY, read([anItem(), anItem({ id: 'DEMO-2' })]), new Set(['DEMO-2']))).toEqual([
      'DEMO-2',
    ]);
    expect(overview.update(REPOSITORY, read([]), new Set(['DEMO-2']))).toEqual(['DEMO-2']);
  });

  it('counts a red item until it is advanced again', () => {
    const overview = new Overview();
    overview.open(REPOSITORY, read([anItem({ condition: 'waiting', stage: 'development' })]));
    expect(overview.counts().needsPerson).toBe(1);
    overview.update(REPOSITORY, read([anItem({ condition: 'running' })]), new Set(['DEMO-1']));
    expect(overview.counts()).toMatchObject({ needsPerson: 0, running: 1 });
  });

  it('forgets a repository that was closed', () => {
    const overview = new Overview();
    overview.open(REPOSITORY, read());
    overview.keep(new Set());
    expect(overview.counts().items).toBe(0);
  });

  it('names only items that something happens to by itself', () => {
    const overview = new Overview();
    overview.open(REPOSITORY, read([anItem(), anItem({ id: 'DEMO-2', condition: 'deferred', next_at: NOW })]));
    expect(overview.moving(REPOSITORY)).toEqual([expect.objectContaining({ condition: 'deferred', next_at: NOW })]);
  });
});

describe('the next look at unfinished work', () => {
  it('is at the soonest deferral', () => {
    const items = [
      { condition: 'deferred', next_at: NOW + 30_000 },
      { condition: 'deferred', next_at: NOW + 10_000 },
    ];
    expect(nextLook(items, NOW)).toBe(10_000);
  });

  it('is at once for a deferral that is overdue', () => {
    expect(nextLook([{ condition: 'deferred', next_at: NOW - MINUTE }], NOW)).toBe(0);
  });

  it('comes soon while a run is going, for its owner may die', () => {
    expect(nextLook([{ condition: 'running', next_at: null }], NOW)).toBeLessThanOrEqual(MINUTE);
  });

  it('never comes when nothing can become due', () => {
    expect(nextLook([{ condition: 'held', next_at: null }], NOW)).toBeNull();
  });

  it('stays below the longest timer, which would fire at once', () => {
    expect(nextLook([{ condition: 'deferred', next_at: NOW + 2 ** 40 }], NOW)).toBe(2 ** 31 - 1);
  });
});

describe('what a person is interrupted for', () => {
  const passed = aTransition({ rev: 2, outcome: 'advanced', verdict: 'PASS', to_stage: 'merge' });
  const red = aTransition({ rev: 5 });

  it('is a hold, once', () => {
    const held = aTransition({ rev: 3, outcome: 'held', verdict: null, to_stage: 'testing' });
    const read = readsOf({ items: [anItem({ condition: 'held', rev: 3 })], transitions: [held] });
    expect(noticesSince(read, 'DEMO-1', 2)).toEqual([expect.objectContaining({ kind: 'held', stage: 'testing' })]);
    expect(noticesSince(read, 'DEMO-1', 3)).toEqual([]);
  });

  it('is not a hold that is over, nor one by a person', () => {
    const held = aTransition({ rev: 3, outcome: 'held', to_stage: 'testing', verdict: null });
    expect(noticesSince(readsOf({ items: [anItem({ rev: 4 })], transitions: [held] }), 'DEMO-1', 2)).toEqual([]);
    const own = { ...held, reason_code: 'held-by-person' };
    const read = readsOf({ items: [anItem({ condition: 'held', rev: 3 })], transitions: [own] });
    expect(noticesSince(read, 'DEMO-1', 2)).toEqual([]);
  });

  it('is red after green', () => {
    const read = readsOf({ items: [anItem({ rev: 5 })], transitions: [passed, red] });
    expect(noticesSince(read, 'DEMO-1', 4)).toEqual([expect.objectContaining({ kind: 'red-after-green' })]);
  });

  it('is neither a first red run nor a green one', () => {
    expect(noticesSince(readsOf({ items: [anItem({ rev: 5 })], transitions: [red] }), 'DEMO-1', 4)).toEqual([]);
    expect(noticesSince(readsOf({ items: [anItem({ rev: 2 })], transitions: [passed] }), 'DEMO-1', 1)).toEqual([]);
  });
});

describe('the status bar', () => {
  const none = { items: 0, running: 0, deferred: 0, held: 0, needsPerson: 0 };

  it('shows nothing where Interlock has nothing to do', () => {
    for (const state of [
      'untrusted',
      'no-folder',
      'opening',
      'no-repository',
      'no-commits',
      'no-configuration',
    ] as const) {
      expect(statusLook(state, none, '')).toBeUndefined();
    }
  });

  it('says what runs and what needs a person', () => {
    expect(statusLook('ready', { items: 9, running: 2, deferred: 1, held: 1, needsPerson: 1 }, '')?.text).toBe(
      '$(loading~spin) 2 running · 1 deferred · 1 needs you',
    );
    expect(statusLook('ready', { ...none, items: 3 }, '')?.text).toBe('$(pass) 3 items');
  });

  it('takes the error colour only where no item can move', () => {
    expect(statusLook('read-only', none, 'disk full')).toMatchObject({ broken: true, tooltip: 'disk full' });
    expect(statusLook('broken-configuration', none, '')).toMatchObject({ broken: false });
    expect(statusLook('ready', { ...none, held: 4, needsPerson: 4, items: 4 }, '')).toMatchObject({ broken: false });
  });
});

describe('what is seen of runs that are going', () => {
  it('changes only when something changed, and ends with the run', () => {
    const activity = new Activity();
    const step = { kind: 'run', item: 'DEMO-1', run: 'r', state: 'queued', position: 1 } as const;
    expect(activity.take(step)).toBe(true);
    expect(activity.take(step)).toBe(false);
    expect(activity.take({ ...step, state: 'running', position: null })).toBe(true);
    expect(activity.of('DEMO-1')?.state).toBe('running');
    expect(activity.take({ ...step, state: 'finished', position: null })).toBe(true);
    expect(activity.of('DEMO-1')).toBeUndefined();
    expect(activity.take({ kind: 'note', item: 'DEMO-1', text: '' })).toBe(false);
  });
});
