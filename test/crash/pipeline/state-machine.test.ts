import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { extent } from '../ledger/extent';
import { commands, obey } from './commands';
import { expectRules } from './rules';
import { ITEMS, World } from './world';

/** Far more than any item needs from anywhere: whoever is not done by then stalls. */
const PATIENCE = 16;

it('no sequence of commands, results, troubles and crashes breaks a rule, loses a verdict or stalls an item', async () => {
  let [deaths, stalls] = [0, 0];
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const directory = mkdtempSync(join(tmpdir(), 'interlock-pipeline-'));
      const world = await World.open(join(directory, 'ledger'));
      try {
        for (const command of sequence) {
          await obey(world, command);
          expectRules(world);
        }
        await settle(world);
        for (const item of ITEMS) await bringHome(world, item);
        expectRules(world);
        expectNothingLost(world);
        expect(world.ledger.read.leases()).toEqual([]);
        expect(await world.ledger.verify()).toEqual([]);
        deaths += world.deaths;
        stalls += world.stalls;
      } finally {
        await world.close();
        rmSync(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: extent(600, 15) },
  );
  expect(deaths).toBeGreaterThan(0);
  expect(stalls).toBeGreaterThan(0);
});

/** What was left half way is taken up until there is nothing more. */
async function settle(world: World): Promise<void> {
  world.host.end = 'green';
  world.now += 3_600_000;
  for (let round = 0; round < PATIENCE && (await world.reconcile()); round++) expectRules(world);
  for (const { id, condition } of world.ledger.read.items()) expect(condition, id).not.toBe('running');
}

/** Does what the item says that is to be done next, with green results, until it is done. */
async function bringHome(world: World, id: string): Promise<void> {
  const path: string[] = [];
  for (let step = 0; step < PATIENCE; step++) {
    const item = world.ledger.read.item(id);
    if (item?.stage === 'done') return;
    path.push(`${item?.stage} ${item?.condition}: ${item?.reason}`);
    if (item?.condition === 'held' || item?.stage === 'development') await world.say(id, 'release');
    else {
      if (item?.stage === 'merge') world.git.land(`/work/${id}`);
      const report = await world.advance(id);
      const after = item?.stage === 'merge' || item?.stage === 'deploy-staging';
      if (after && report?.reason.code === 'forged-or-stale') await world.say(id, 'send-back');
    }
    await world.ledger.refresh();
    expectRules(world);
  }
  throw new Error(`${id} stalls:\n${path.join('\n')}`);
}

/** Every run that was started has its result in the ledger and was decided once; one whose tree is gone may decide nothing. */
function expectNothingLost(world: World): void {
  const { read } = world.ledger;
  expect(read.openJobs()).toEqual([]);
  for (const run of world.host.started) {
    const row = read.run(run);
    expect(row, `${run} is settled`).toBeDefined();
    if (row?.kind === 'control') continue;
    const decisions = read.transitions(row?.item).filter((line) => line.run === run && line.outcome !== 'started');
    const present = world.git.treeOf(world.git.tip(`/work/${row?.item}`));
    if (decisions.length === 0 && row?.kind === 'staging' && leftStaging(world, row.item, run)) continue;
    if (decisions.length === 0) expect(row?.tree, `${run} was not decided`).not.toBe(present);
    else expect(decisions).toHaveLength(1);
  }
}

/** Whether a person took the item away from the staging host after the run was started: then its verdict moves nothing. */
function leftStaging(world: World, item: string, run: string): boolean {
  const history = world.ledger.read.transitions(item);
  const start = history.findIndex((row) => row.run === run && row.outcome === 'started');
  return history.slice(start).some((row) => row.to_stage !== 'deploy-staging');
}
