import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { claim } from '../../../runner-host/merge/claim';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import { anotherClone, command, makeRig, outcomeAs } from './merge-rig';

test('six gates on two clones at once: each item lands once, each landed tree is a tested one', async () => {
  const rig = makeRig();
  const other = anotherClone(rig, 'second');
  const items = ['A', 'B', 'C'].map((id) => rig.item(id, { [`${id}.txt`]: 'x\n' }));
  const others = ['D', 'E', 'F'].map((id) => other.item(id, { [`${id}.txt`]: 'x\n' }));
  const gate = async (from: typeof rig, item: (typeof items)[number]): Promise<string> => {
    // A gate that finds the lock taken is started again by the deciding side.
    for (let tries = 0; tries < 200; tries++) {
      const done = await from.land(item, { moves: 20 });
      if (done.outcome.outcome !== 'LOCK_BUSY') return outcomeAs(done, 'LANDED').commit;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${item.item} never got the lock`);
  };
  const commits = await Promise.all([
    ...items.map((item) => gate(rig, item)),
    ...others.map((item) => gate(other, item)),
  ]);
  const merges = rig.at(rig.origin, 'rev-list', '--first-parent', '--merges', 'main').split('\n');
  expect([...merges].sort()).toEqual([...commits].sort());
  const tested = new Set([...rig.ran, ...other.ran].map(({ commit }) => commit));
  expect(merges.filter((commit) => !tested.has(commit))).toEqual([]);
  expect([...rig.leftovers(), ...other.leftovers()]).toEqual([]);
});

test('the same item in two gates at once lands once', async () => {
  const rig = makeRig();
  const other = anotherClone(rig, 'second');
  const item = rig.item('A', { 'A.txt': 'x\n' });
  rig.git('push', '-q', 'origin', 'A');
  other.git('fetch', '-q', 'origin');
  other.git('branch', '-q', '--no-track', 'A', 'origin/A');
  const done = await Promise.all([rig.land(item), other.land(item)]);
  const names = done.map(({ outcome }) => outcome.outcome).sort();
  expect(names).toContain('LANDED');
  expect(rig.at(rig.origin, 'rev-list', '--count', '--first-parent', 'main')).toBe('2');
  // The one that came late finds the same commit there (it made it, too), or the work.
  expect(['ALREADY_LANDED', 'LANDED']).toContain(names[0]);
});

test('two that see the same dead owner: one takes its place', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock claim-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const me = ownIdentity(openProcessTable());
  for (let round = 0; round < 20; round++) {
    const dead = { ...me, startTime: `dead ${round}` };
    const liveness = ({ startTime }: typeof me) => (startTime.startsWith('dead') ? 'dead' : 'alive');
    const first = await claim(folder, dead, 'r0', liveness);
    expect(first.state).toBe('held');
    const claims = await Promise.all([1, 2, 3].map(() => claim(folder, me, 'r1', liveness)));
    expect(claims.map(({ state }) => state).sort()).toEqual(['busy', 'busy', 'held']);
    for (const one of claims) if (one.state === 'held') await one.release();
  }
});

test('the suite of one gate does not see another gate’s worktree', async () => {
  const rig = makeRig();
  const item = rig.item('A', { 'A.txt': 'x\n' });
  outcomeAs(await rig.land(item, { test: command('test "$(git rev-parse --is-inside-work-tree)" = true') }), 'LANDED');
});
