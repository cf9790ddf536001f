import { describe, expect, it } from 'vitest';
import type { CleanRequest, CleanResult } from '../../../runner-host/protocol/merge-clean';
import { parseConfig } from '../../../extension/config/parse-config';
import { processIdentity } from '../../../extension/ledger/identity';
import { takeLease } from '../../../extension/ledger/lease';
import type { Ledger, Transaction } from '../../../extension/ledger/ledger';
import type { ItemRow, LandingRow } from '../../../extension/ledger/rows';
import { cleanItem } from '../../../extension/pipeline/merge/clean-item';
import type { Host } from '../../../extension/pipeline/ports';
import { cleanResult } from '../cli/rows';
import { makeFolder, open } from '../ledger/sample';
import { addition } from '../ledger/sample-rows';

const ME = await processIdentity();
const parsed = parseConfig(
  JSON.stringify({
    stages: ['testing', 'merge', 'done'],
    test: { command: ['x'], report: { format: 'junit', path: 'report.xml' } },
    merge: { generated: ['gen/**'] },
  }),
  'interlock.json',
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const CONFIG = parsed.config;

interface World {
  ledger: Ledger;
  /** What the runner host was asked. */
  asked: CleanRequest[];
  clean(dryRun?: boolean): ReturnType<typeof cleanItem>;
}

async function worldOf(
  over: Partial<ItemRow> = {},
  answer: () => CleanResult = cleanResult,
  refuse?: (transaction: Transaction) => boolean,
): Promise<World> {
  const ledger = await open(makeFolder());
  await ledger.commit(addition('A-1', { stage: 'done', condition: 'done', base_commit: 'f'.repeat(40), ...over }));
  const asked: CleanRequest[] = [];
  const request = (_method: string, params: CleanRequest) => {
    asked.push(params);
    return Promise.resolve(answer());
  };
  const dying = new Proxy(ledger, {
    get: (target, name) =>
      name === 'commit'
        ? (transaction: Transaction) => {
            if (refuse?.(transaction) === true) throw new Error('killed');
            return target.commit(transaction);
          }
        : Reflect.get(target, name, target),
  });
  const host = { request } as unknown as Host;
  const repository = { commonDir: '/repo/.git' };
  const ports = { ledger: dying, host, identity: ME, clock: { now: () => 5000 }, repository };
  const clean = (dryRun = false) => cleanItem(ports, CONFIG, { item: 'A-1', actor: 'person:ann', dryRun });
  return { ledger, asked, clean };
}

const cleanUps = (ledger: Ledger) => ledger.read.transitions('A-1').filter(({ outcome }) => outcome === 'cleaned-up');

describe('cleaning up an item', () => {
  it('what was removed, by whom, with which proof, is in the item’s history; the item stays done', async () => {
    const { ledger, clean } = await worldOf();
    const outcome = await clean();
    expect(outcome).toMatchObject({
      ok: true,
      item: { stage: 'done', condition: 'done' },
      bringBack: [
        'git branch work/A-1 refs/interlock/backup/DEMO-1-12345678/aaaaaaaaaaaa',
        'git worktree add /trees/A-1 work/A-1',
      ],
    });
    expect(cleanUps(ledger)).toMatchObject([
      {
        at: 5000,
        actor: 'person:ann',
        from_stage: 'done',
        to_stage: 'done',
        reason: expect.stringMatching(
          /^removed worktree .* and branch .*: aaaaaaaa is in the history of origin\/main; refs\/interlock\/backup\/.* keeps a{40}$/,
        ) as string,
      },
    ]);
    expect(ledger.read.leases()).toEqual([]);
    expect(await ledger.verify()).toEqual([]);
  });

  it.each([
    ['testing', 'ready'],
    ['merge', 'held'],
    ['deploy', 'waiting'],
  ])('one that stands at %s, %s, is refused before anybody looks', async (stage, condition) => {
    const { asked, clean } = await worldOf({ stage, condition });
    const outcome = await clean();
    expect(outcome).toMatchObject({
      ok: false,
      reason: { code: 'not-done', text: expect.stringContaining(stage) as string },
    });
    expect(asked).toEqual([]);
  });

  it('an unknown one is refused', async () => {
    const { ledger, asked } = await worldOf();
    const ports = { ledger, host: {} as Host, identity: ME, clock: { now: () => 0 }, repository: { commonDir: '/x' } };
    const outcome = await cleanItem(ports, CONFIG, { item: 'A-9', actor: 'person:ann', dryRun: false });
    expect(outcome).toMatchObject({ ok: false, reason: { code: 'unknown-item' } });
    expect(asked).toEqual([]);
  });

  it('one whose lease a living process has is refused', async () => {
    const { ledger, asked, clean } = await worldOf();
    await takeLease(ledger, 'A-1', ME, 'cli:bob');
    expect(await clean()).toMatchObject({ ok: false, reason: { code: 'lease-held' } });
    expect(asked).toEqual([]);
  });

  it('the host gets what the ledger knows of the landing, and what may go', async () => {
    const { ledger, asked, clean } = await worldOf();
    const landing: LandingRow = {
      ...{ id: 'A-1/m-1', item: 'A-1', base: 'main', commit_id: 'c'.repeat(40), tree: 'd'.repeat(40) },
      ...{ tip: 'c'.repeat(40), tested: 'alone', run: 'm-1', at: 1 },
    };
    const put = {
      actor: 'a',
      event: 'pass',
      pre: [['landings', landing.id, null]],
      put: [['landings', landing]],
    } as const;
    await ledger.commit(put);
    await clean(true);
    expect(asked).toMatchObject([
      {
        repository: '/repo/.git',
        landing: { commit: 'c'.repeat(40), tree: 'd'.repeat(40), head: null },
        generated: ['gen/**', 'report.xml'],
        reports: [expect.stringMatching(/A-1\/\*\*$/) as string],
        remove: false,
      },
    ]);
    expect(cleanUps(ledger)).toEqual([]);
  });

  it('all that is in the way is said, and nothing is recorded', async () => {
    const obstacles = [
      { code: 'not-on-base' as const, text: 'its commits are not there', remedy: 'git log' },
      { code: 'process-inside' as const, text: 'process 7 works in it', remedy: 'end it' },
    ];
    const { ledger, clean } = await worldOf({}, () => cleanResult({ state: 'refused', obstacles }));
    expect(await clean()).toMatchObject({
      ok: false,
      reason: {
        code: 'not-on-base',
        text: 'A-1 is not cleaned up: its commits are not there; process 7 works in it',
        remedy: 'git log; end it',
      },
    });
    expect(cleanUps(ledger)).toEqual([]);
  });

  it('killed between the removal and its record, a second call records it, a third one does nothing', async () => {
    let killed = true;
    const gone = { worktree: null, branch: null, head: null, proof: null };
    const { ledger, clean } = await worldOf(
      {},
      () => cleanResult(killed ? {} : gone),
      ({ event }) => killed && event === 'cleaned-up',
    );
    await expect(clean()).rejects.toThrow('killed');
    expect(cleanUps(ledger)).toEqual([]);
    killed = false;
    expect(await clean()).toMatchObject({ ok: true, text: expect.stringContaining('keeps') as string });
    expect(cleanUps(ledger)).toHaveLength(1);
    expect(await clean()).toMatchObject({ ok: true });
    expect(cleanUps(ledger)).toHaveLength(1);
  });
});
