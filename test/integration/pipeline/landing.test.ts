import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };

let sample: SampleRepository;
let engine: Engine;

beforeEach(async () => {
  sample = sampleRepository();
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
  commitFile(sample.worktree('DEMO-1'), 'sums.txt', 'one\ntwo\n', 'feat: sums');
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', to: 'merge' });
});

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

const push = (): void => void git(sample.root, 'push', '--quiet', 'origin', 'main');

describe('an item at merge', () => {
  it('waits, and says for what, until its changes are on the remote', async () => {
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'waiting', reason: { code: 'not-landed' } });
    git(sample.root, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'work/DEMO-1');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'waiting', reason: { code: 'not-landed' } });
    push();
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'advanced',
      to: 'done',
      reason: { code: 'landed' },
    });
    expect(await engine.why('DEMO-1')).toMatchObject({ condition: 'done', turn: 'nobody' });
  });

  it('knows a squash, with further commits on top and the branch deleted', async () => {
    git(sample.root, 'merge', '--quiet', '--squash', 'work/DEMO-1');
    git(sample.root, 'commit', '--quiet', '-m', 'feat: sums (squashed)');
    commitFile(sample.root, 'other.txt', 'more\n');
    push();
    git(sample.root, 'worktree', 'remove', '--force', sample.worktree('DEMO-1'));
    git(sample.root, 'branch', '-D', 'work/DEMO-1');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', to: 'done' });
  });

  it('is not fooled by a merge that was reverted', async () => {
    git(sample.root, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'work/DEMO-1');
    git(sample.root, 'revert', '--no-edit', '-m', '1', 'HEAD');
    push();
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'landed-but-lost' } });
  });

  it('refuses when the branch has moved on from the tested tree', async () => {
    commitFile(sample.worktree('DEMO-1'), 'untested.txt', 'x\n');
    git(sample.root, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'work/DEMO-1');
    push();
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'forged-or-stale' },
    });
    expect(engine.read.item('DEMO-1')?.stage).toBe('merge');
  });

  it('does not blame the item when the remote cannot be asked: deferred, then held', async () => {
    rmSync(sample.origin, { recursive: true });
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({
      outcome: 'deferred',
      reason: { code: 'remote-unreachable' },
    });
    for (let retry = 2; retry <= 3; retry++) await engine.advance('DEMO-1', ann);
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held' });
    expect(engine.read.item('DEMO-1')).toMatchObject({ stage: 'merge', developer_retries: 0 });
  });

  it("cannot be moved on by a person's word", async () => {
    expect(await engine.release('DEMO-1', 'person:ann', 'trust me')).toMatchObject({
      ok: false,
      reason: { code: 'nothing-to-release' },
    });
  });
});
