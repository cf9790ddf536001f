import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GateCrew, bundleDriver, expectLandedOnce, keepLog, makeItems } from './gate-crew';
import type { MergeRunSpec } from '../../../runner-host/protocol/merge';
import { makeRig } from '../../integration/merge/merge-rig';
import { makeQuickFolder } from '../../integration/rig/quick-folder';
import { extent } from '../ledger/extent';

/** Every point that the gate passes on its way with one item. */
const POINTS = [
  ...['claimed', 'FETCH', 'BUILD', 'CHECK', 'built', 'TEST', 'worktree', 'tested', 'verdict', 'LAND', 'land:before'],
  ...['land:after', 'VERIFY', 'CLEANUP', 'branch', 'receipt', 'done'],
];

const folder = makeQuickFolder('interlock gates-');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let script: string;
beforeAll(async () => void (script = await bundleDriver(folder)));

test('killed at every step and started again: each item lands exactly once, as it was tested', async () => {
  const rig = makeRig();
  const items = makeItems(rig, POINTS.length);
  const specs = items.map((item) => rig.spec(item, { receipt: true }));
  keepLog(rig);
  const crew = new GateCrew(rig, script, specs);
  for (const point of POINTS) {
    // Each round takes up the item that died, lands it, and dies with the next one.
    expect(await crew.round({ point, n: crew.kills === 0 ? 1 : 2 }, null)).toBeNull();
  }
  expect(await crew.round(null, null)).toBe(0);
  expect(crew.kills).toBeGreaterThanOrEqual(POINTS.length);
  expectLandedOnce(rig, specs, crew.testedTrees());
  expect(crew.landed().filter(({ receipt }) => receipt !== 'written')).toEqual([]);
  // Only the one that died between its test and its verdict was tested twice.
  expect(crew.testedTrees().length).toBe(items.length + 1);
  expect(rig.leftovers()).toEqual([]);
});

/** How many items are landed together; alone each step has been tried above. */
const SIZES = [1, 4, 1, 4, 2, 8];

const NAME = 'killed at any moment, git and the server with it: each item lands exactly once, as it was tested';

test(NAME, { timeout: 1_800_000 }, async () => {
  const rig = makeRig();
  const items = makeItems(rig, extent(300, 100));
  const waiting = [...items];
  const specs: MergeRunSpec[] = [];
  while (waiting.length > 0) specs.push(rig.spec(waiting.splice(0, SIZES[specs.length % SIZES.length])));
  keepLog(rig);
  const crew = new GateCrew(rig, script, specs);
  for (let ended = false; !ended;) ended = (await crew.round(null, Math.ceil(Math.random() * 50))) === 0;
  console.info(
    `${items.length} items in ${specs.length} landings, ${crew.kills} kills, ` +
      `${crew.testedTrees().length - specs.length} tests more than landings, ${crew.staleServerLocks} stale locks on the server`,
  );
  expectLandedOnce(rig, specs, crew.testedTrees());
  expect(rig.leftovers()).toEqual([]);
});
