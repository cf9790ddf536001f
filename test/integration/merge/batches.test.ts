import { expect, test } from 'vitest';
import { command, makeRig, outcomeAs } from './merge-rig';

const name = (outcome: { outcome: string }): string => outcome.outcome;

test('a green batch is tested once, at its tip, and lands with one push; each item says so', async () => {
  const rig = makeRig();
  const items = ['A', 'B', 'C'].map((id) => rig.item(id, { [`${id}.txt`]: 'x\n' }));
  rig.git('push', '-q', 'origin', 'A', 'B', 'C');
  rig.hook(rig.origin, 'post-receive', 'echo push >> pushes');
  const done = await rig.run(rig.spec(items, { test: command('test -f A.txt && test -f B.txt && test -f C.txt') }));
  expect(done.map(({ outcome }) => name(outcome))).toEqual(['LANDED', 'LANDED', 'LANDED']);
  const tip = rig.remote();
  expect(done.map((item) => item.tip)).toEqual([tip, tip, tip]);
  expect(done[0]?.candidate).not.toBe(tip);
  expect(done[0]?.batch).toEqual(['B', 'C']);
  expect(rig.ran).toHaveLength(1);
  expect(rig.at(rig.origin, 'for-each-ref', '--format=%(refname)', 'refs/heads')).toBe('refs/heads/main');
  expect(rig.leftovers()).toEqual([]);
});

test('a red batch is halved until the bad item is alone; the others land', async () => {
  const rig = makeRig();
  const items = ['A', 'B', 'C', 'D'].map((id) => rig.item(id, { [`${id}.txt`]: 'x\n' }));
  const done = await rig.run(rig.spec(items, { test: command('test ! -f C.txt') }));
  expect(done.map(({ outcome }) => name(outcome))).toEqual(['LANDED', 'LANDED', 'RED', 'LANDED']);
  // ABCD red, AB green, CD red, C red, D green.
  expect(rig.ran).toHaveLength(5);
  const files = rig.at(rig.origin, 'ls-tree', '--name-only', 'main').split('\n');
  expect(files).toEqual(['A.txt', 'B.txt', 'D.txt', 'readme.md']);
});

test('an item that only conflicts with another one of the batch waits for it; its conflict is then with main', async () => {
  const rig = makeRig();
  const items = ['A', 'B', 'C'].map((id) => rig.item(id, { [id === 'C' ? 'C.txt' : 'same.txt']: `${id}\n` }));
  const done = await rig.run(rig.spec(items));
  expect(done.map(({ outcome }) => name(outcome))).toEqual(['LANDED', 'CONFLICT', 'LANDED']);
  expect(rig.ran).toHaveLength(1);
});

test('infra blames nobody: the batch is not halved for it', async () => {
  const rig = makeRig();
  const items = ['A', 'B'].map((id) => rig.item(id, { [`${id}.txt`]: 'x\n' }));
  const done = await rig.run(rig.spec(items, { test: command(['sleep', '20'], { timeoutMs: 200 }) }));
  expect(done.map(({ outcome }) => name(outcome))).toEqual(['TIMEOUT', 'TIMEOUT']);
  expect(rig.ran).toHaveLength(1);
});

test('a branch that moves while the batch is tested leaves it; the rest is built and tested again', async () => {
  const rig = makeRig();
  const items = ['A', 'B'].map((id) => rig.item(id, { [`${id}.txt`]: 'x\n' }));
  let moved = false;
  const done = await rig.run(rig.spec(items), {
    reach: (point) => {
      if (point === 'tested' && !moved) rig.commit('A', { 'more.txt': 'x\n' });
      if (point === 'tested') moved = true;
      return Promise.resolve();
    },
  });
  expect(done.map(({ outcome }) => name(outcome))).toEqual(['HEAD_CHANGED', 'LANDED']);
  expect(rig.ran).toHaveLength(2);
  expect(outcomeAs(done[1] ?? expect.fail(), 'LANDED').commit).toBe(rig.remote());
});
