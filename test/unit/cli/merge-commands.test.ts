import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../extension/cli/exit-codes';
import { fakeEngine } from './fake-engine';
import { FakeWorld, run } from './fake-world';

describe('interlock queue', () => {
  it('says who lands, who waits and why; frozen comes first', async () => {
    const item = {
      position: 1,
      item: 'DEMO-1',
      title: 'Sums',
      condition: 'deferred',
      landing: false,
      reason: { code: 'queue-busy', text: 'DEMO-2 is before it' },
      since: 0,
      nextAction: '',
    };
    const lander = { actor: 'cli:ann', pid: 7, host: 'box', liveness: 'alive' as const, since: 0, remedy: '' };
    const frozen = { reason: 'main was rewound', actor: 'merge-gate', at: 0 };
    const view = { base: 'main', frozen, lander, items: [item], others: [] };
    const engine = fakeEngine({ queue: () => Promise.resolve(view) });
    const { exit, out } = await run(['queue'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.fine);
    expect(out.split('\n')[0]).toContain('nothing lands on main: main was rewound');
    expect(out).toMatch(/cli:ann is landing on main \(process 7 on box, alive\)/);
    expect(out).toMatch(/1\s+DEMO-1\s+deferred.*DEMO-2 is before it/);
  });

  it('says so when nobody waits', async () => {
    expect((await run(['queue'], new FakeWorld(fakeEngine()))).out).toContain('No item waits to land on main.');
  });
});

describe('what persons decide at the gate', () => {
  it('waive hands over the finding and the reason', async () => {
    const engine = fakeEngine();
    const { exit } = await run(
      ['waive', 'DEMO-1', '--finding', '1a2b3c4d', '--reason', 'meant'],
      new FakeWorld(engine),
    );
    expect(exit).toBe(EXIT.fine);
    expect(engine.calls).toMatchObject([
      { name: 'waive', arguments: ['DEMO-1', expect.any(String), 'meant', '1a2b3c4d'] },
    ]);
  });

  it('renumber and unfreeze', async () => {
    const engine = fakeEngine();
    await run(['renumber', 'DEMO-1'], new FakeWorld(engine));
    await run(['unfreeze', '--reason', 'looked'], new FakeWorld(engine));
    expect(engine.calls).toMatchObject([
      { name: 'renumber', arguments: ['DEMO-1', expect.any(String)] },
      { name: 'unfreeze', arguments: [expect.any(String), 'looked', undefined] },
    ]);
  });

  it('reserve hands over the series, or none, and says the number', async () => {
    const engine = fakeEngine();
    const { out } = await run(['reserve', 'DEMO-1', '--json'], new FakeWorld(engine));
    expect(JSON.parse(out)).toMatchObject({ item: { id: 'DEMO-1' }, number: 8, start: 'docs/adr/adr-0008' });
    await run(['reserve', 'DEMO-1', 'docs/rfc/*.md'], new FakeWorld(engine));
    expect(engine.calls).toMatchObject([
      { name: 'reserve', arguments: ['DEMO-1', null, expect.any(String)] },
      { name: 'reserve', arguments: ['DEMO-1', 'docs/rfc/*.md', expect.any(String)] },
    ]);
  });

  it('a refusal is one, with its remedy', async () => {
    const reason = { code: 'person-needed', text: 'only a person may', remedy: 'Ask one.' };
    const engine = fakeEngine({ waive: () => Promise.resolve({ ok: false, reason }) });
    const { exit, err } = await run(['waive', 'DEMO-1'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.refused);
    expect(err).toContain('only a person may');
  });
});

describe('interlock verify COMMIT', () => {
  it('ends with 4 where the commit is not what a receipt says, and names why', async () => {
    const problems = ['there are no receipts'];
    const engine = fakeEngine({
      verifyCommit: () => Promise.resolve({ ok: false, receipt: null, log: null, problems }),
    });
    const { exit, out } = await run(['verify', 'abc'], new FakeWorld(engine));
    expect(exit).toBe(EXIT.refused);
    expect(out).toContain('there are no receipts');
    const fine = await run(['verify', 'abc'], new FakeWorld(fakeEngine()));
    expect(fine.exit).toBe(EXIT.fine);
    expect(fine.out).toContain('  # log');
  });
});
