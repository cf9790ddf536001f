import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../unit/ledger/sample';
import { ENDS, type End } from './fake-host';
import { expectRules } from './rules';
import { World } from './world';

interface Told {
  /** Whether the advance had written its decision when the lease was taken from it. */
  decided: boolean;
  /** Commits on the branch that it made after that. */
  strayCommits: number;
}

/**
 * An advance stands still right before its n-th call to the outside, a person takes its lease away, and it goes on.
 * @returns undefined if it had no lease at that moment, `over` if it makes fewer calls
 */
async function robbedAt(at: number, end: End): Promise<Told | 'over' | undefined> {
  const world = await World.open(join(makeFolder(), 'ledger'));
  try {
    await world.say('ONE', 'release');
    world.host.end = end;
    let tip = '';
    let open: unknown;
    let released: boolean | undefined;
    world.onStall = async () => {
      released = (await world.releaseLease('ONE')).ok;
      tip = world.git.tip('/work/ONE');
      await world.ledger.refresh();
      open = world.ledger.read.openJobs('ONE');
    };
    const report = await world.advance('ONE', { at, when: 'stalls' });
    if (!released) return released === undefined ? 'over' : undefined;

    const { read } = world.ledger;
    const broken = read.transitions('ONE').find((row) => row.outcome === 'lease-broken');
    expect(broken).toMatchObject({ actor: 'person:bob', reason: expect.stringMatching(/person:ann .*: it hangs$/) });
    // Nothing of the old owner's is in the ledger behind the line that ended its lease.
    expect(read.transitions('ONE').at(-1)).toEqual(broken);
    expect(read.openJobs('ONE')).toEqual(open);
    expect(read.lease('ONE')).toBeUndefined();
    const decided = read.transitions('ONE').some((row) => row.outcome !== 'started' && row.run !== null);
    if (!decided)
      expect(report, `call ${at}, ${end}`).toMatchObject({ outcome: 'refused', reason: { code: 'lease-lost' } });
    const strayCommits = Number(world.git.tip('/work/ONE') !== tip);

    while (await world.reconcile()) expectRules(world);
    if (read.item('ONE')?.stage === 'testing' && read.item('ONE')?.condition === 'ready') await world.advance('ONE');
    expectRules(world);
    expect(read.openJobs()).toEqual([]);
    expect(world.host.started.filter((run) => !read.run(run))).toEqual([]);
    expect(await world.ledger.verify()).toEqual([]);
    return { decided, strayCommits };
  } finally {
    await world.close();
  }
}

it.each(ENDS)('whose lease a person takes writes nothing more, wherever it was (%s)', async (end) => {
  const told: Told[] = [];
  for (let at = 1, one; (one = await robbedAt(at, end)) !== 'over'; at++) {
    if (one) told.push(one);
  }
  expect(told.filter(({ decided }) => !decided).length).toBeGreaterThan(2);
  expect(told.filter(({ decided }) => decided).length).toBeGreaterThan(0);
  // Between the last look at the token and the commit itself there is nothing but the call; the bytes are the ledger's anyway.
  const committed = end === 'green' || end === 'red' || end === 'no-report' ? 1 : 0;
  expect(told.filter(({ strayCommits }) => strayCommits > 0)).toHaveLength(committed);
});
