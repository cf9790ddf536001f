import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../extension/cli/exit-codes';
import type { LedgerAct } from '../../../extension/ledger/ledger';
import { fakeEngine } from './fake-engine';
import { FakeWorld, run } from './fake-world';
import { cleanResult, itemRow, NOW, transitionRow } from './rows';

describe('interlock clean', () => {
  it('says what went, what went along, and how it comes back', async () => {
    const text = 'removed worktree /w and branch b';
    const clean = cleanResult({ generated: ['node_modules/'] });
    const bringBack = ['git branch work/DEMO-1 refs/interlock/backup/x', 'git worktree add /w work/DEMO-1'];
    const engine = fakeEngine({ clean: () => Promise.resolve({ ok: true, item: itemRow(), text, clean, bringBack }) });
    const { exit, out } = await run(['clean', 'DEMO-1'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.fine);
    expect(out).toContain('DEMO-1: removed worktree /w and branch b');
    expect(out).toContain('With it went what tools make again: node_modules/');
    for (const command of bringBack) expect(out).toContain(command);
  });

  it('with --dry-run asks only, and tells programs the same', async () => {
    const engine = fakeEngine();
    const { out } = await run(['clean', 'DEMO-1', '--dry-run', '--json'], new FakeWorld(engine));
    expect(engine.calls).toMatchObject([{ name: 'clean', arguments: ['DEMO-1', expect.any(String), true] }]);
    expect(JSON.parse(out)).toMatchObject({ item: { id: 'DEMO-1' }, clean: { state: 'removable' }, bringBack: [] });
  });

  it('a refusal names all that is in the way, with the remedy', async () => {
    const reason = {
      code: 'worktree-changed',
      text: 'DEMO-1 is not cleaned up: it has changes: a',
      remedy: 'Commit them',
    };
    const engine = fakeEngine({ clean: () => Promise.resolve({ ok: false, reason, clean: null }) });
    const { exit, err } = await run(['clean', 'DEMO-1'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.refused);
    expect(err).toContain('it has changes: a');
    expect(err).toContain('Commit them');
    expect((await run(['clean', 'DEMO-9'], new FakeWorld(fakeEngine()))).exit).toBe(EXIT.usage);
  });
});

describe('the queues', () => {
  it('a lander that may be gone is shown with what takes its place away, and other bases are named', async () => {
    const remedy = 'interlock release-lease --queue main --force --reason TEXT';
    const lander = { actor: 'cli:ann', pid: 7, host: 'box', liveness: 'unknown' as const, since: 0, remedy };
    const others = [{ base: 'release/1', frozen: true, items: 2 }];
    const view = { base: 'main', frozen: null, lander, items: [], others };
    const { out } = await run(['queue'], new FakeWorld(fakeEngine({ queue: () => Promise.resolve(view) })));
    expect(out).toContain('(process 7 on box, unknown)');
    expect(out).toContain(remedy);
    expect(out).toContain('Also release/1: 2 items, frozen; interlock queue --base release/1');
  });

  it('queue and unfreeze hand over the base', async () => {
    const engine = fakeEngine();
    expect((await run(['queue', '--base', 'release/1'], new FakeWorld(engine))).out).toContain('release/1');
    await run(['unfreeze', '--base', 'release/1', '--reason', 'looked'], new FakeWorld(engine));
    expect(engine.calls).toMatchObject([{ arguments: [expect.any(String), 'looked', 'release/1'] }]);
  });

  it('several frozen queues: wrong usage, with their names', async () => {
    const reason = { code: 'base-needed', text: 'several queues are frozen: main, release/1', remedy: '--base BRANCH' };
    const engine = fakeEngine({ unfreeze: () => Promise.resolve({ ok: false, reason }) });
    const { exit, err } = await run(['unfreeze', '--reason', 'x'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('main, release/1');
  });

  it('release-lease --queue takes a queue’s lease; an item and a queue at once are too much, neither too little', async () => {
    const engine = fakeEngine();
    const args = ['release-lease', '--queue', 'main', '--force', '--reason', 'that machine is gone'];
    const { exit, out } = await run([...args, '--json'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.fine);
    expect(engine.calls).toMatchObject([
      { name: 'releaseQueueLease', arguments: [{ base: 'main', force: true, reason: 'that machine is gone' }] },
    ]);
    expect(JSON.parse(out)).toMatchObject({ base: 'main', lease: { item: 'queue main', liveness: 'dead' } });
    expect((await run(['release-lease'], new FakeWorld(fakeEngine()))).exit).toBe(EXIT.usage);
    expect((await run(['release-lease', 'DEMO-1', '--queue', 'main'], new FakeWorld(fakeEngine()))).exit).toBe(
      EXIT.usage,
    );
  });
});

describe('interlock log', () => {
  const act = (over: Partial<LedgerAct>): LedgerAct => ({
    at: NOW,
    actor: 'person:ann',
    act: 'waived',
    item: 'DEMO-1',
    base: null,
    run: null,
    reason: 'meant',
    evidence: 'DROPPED list.txt 1a2b3c4d5e6f',
    ...over,
  });
  const queued = act({ at: NOW + 2, act: 'queue-unfrozen', item: null, base: 'main', reason: 'looked', evidence: '' });
  const reads = { transitions: () => [transitionRow({ at: NOW + 1, outcome: 'advanced' })] };

  it('has what was done besides moving on between the steps, in order of time', async () => {
    const engine = fakeEngine({ acts: () => Promise.resolve([act({}), queued]) }, reads);
    const { out } = await run(['log'], new FakeWorld(engine));
    const lines = out.trimEnd().split('\n').slice(1);
    expect(lines[0]).toMatch(/DEMO-1 +person:ann +waived +meant {2}DROPPED list\.txt 1a2b3c4d5e6f/);
    expect(lines[1]).toContain('advanced');
    expect(lines[2]).toMatch(/queue main +person:ann +queue-unfrozen +main +looked/);
  });

  it('gives programs both lists', async () => {
    const engine = fakeEngine({ acts: () => Promise.resolve([queued]) }, reads);
    const json: unknown = JSON.parse((await run(['log', '--json'], new FakeWorld(engine))).out);
    expect(json).toMatchObject({
      transitions: [{ outcome: 'advanced' }],
      acts: [{ act: 'queue-unfrozen', base: 'main' }],
    });
  });
});
