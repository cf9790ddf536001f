import type { Engine } from '../../../extension/engine';
import type { LedgerReads } from '../../../extension/ledger/ledger';
import type { ItemRow } from '../../../extension/ledger/rows';
import type { LoadedConfig } from '../../../extension/config/project-config';
import { cleanResult, itemRow, leaseRow, stagingCheck } from './rows';

export const LOADED: LoadedConfig = {
  config: {
    base: 'main',
    remote: 'origin',
    artifacts: 'docs/work-items',
    worktrees: '../${repo}.worktrees',
    stages: ['development', 'testing', 'merge', 'done'],
    budgets: { developerRetries: 3, infraRetries: 3 },
    test: null,
    staging: null,
    merge: null,
  },
  base: { branch: 'main', commit: 'b'.repeat(40) },
  hash: 'e'.repeat(64),
};

export interface FakeEngine extends Engine {
  /** Which commands were called, with what. */
  readonly calls: { name: string; arguments: unknown[] }[];
  closed: number;
}

/** An engine with one item whose commands all succeed; `over` replaces what a test is about. */
export function fakeEngine(over: Partial<Engine> = {}, reads: Partial<LedgerReads> = {}): FakeEngine {
  const items: ItemRow[] = [itemRow()];
  const calls: FakeEngine['calls'] = [];
  const called = (name: string, ...given: unknown[]): void => void calls.push({ name, arguments: given });
  const done = (name: string) => (id: string, actor: string, reason: string) => {
    called(name, id, actor, reason);
    return Promise.resolve({ ok: true as const, item: itemRow({ id }), text: `${name} by ${actor}` });
  };
  const read: LedgerReads = {
    items: () => items,
    item: (id) => items.find((row) => row.id === id),
    transitions: () => [],
    job: () => undefined,
    openJobs: () => [],
    run: () => undefined,
    runs: () => [],
    controls: () => [],
    verdict: () => undefined,
    verdicts: () => [],
    artifacts: () => [],
    lease: () => undefined,
    leases: () => [],
    hold: () => undefined,
    switches: () => [],
    alerts: () => [],
    anchor: () => undefined,
    waivers: () => [],
    reservations: () => [],
    queue: () => undefined,
    landings: () => [],
    ratchet: () => undefined,
    ...reads,
  };
  const engine: FakeEngine = {
    calls,
    closed: 0,
    repository: { root: '/repo', name: 'repo', commonDir: '/repo/.git', stateDir: '/repo/.git/interlock' },
    read,
    ledgerHealth: { mode: 'open' },
    onChange: () => () => undefined,
    config: () => Promise.resolve({ ok: true, loaded: LOADED }),
    add(options) {
      called('add', options);
      return Promise.resolve({ ok: true, item: itemRow({ title: options.title }), text: 'DEMO-1 is at testing' });
    },
    advance(item, { actor, until }) {
      called('advance', item, actor, until);
      const reason = { code: 'tests-passed', text: 'exit code 0 and 3 of 3 tests passed', remedy: '' };
      const moved = {
        from: 'testing',
        to: 'merge',
        outcome: 'advanced',
        verdict: 'PASS',
        result: 'suite-ran',
      } as const;
      return Promise.resolve({ item, ...moved, reason, run: null });
    },
    hold: done('hold'),
    release: done('release'),
    acknowledge(id, actor, reason, set) {
      called('acknowledge', id, actor, reason, set);
      return Promise.resolve({ ok: true, item: itemRow({ id }), text: `acknowledge by ${actor}` });
    },
    sendBack: done('sendBack'),
    cancel: done('cancel'),
    queue: (base = 'main') => Promise.resolve({ base, frozen: null, lander: null, items: [], others: [] }),
    clean(id, actor, dryRun) {
      called('clean', id, actor, dryRun);
      const clean = cleanResult({ state: dryRun ? 'removable' : 'removed' });
      return Promise.resolve({ ok: true, item: itemRow({ id }), text: `clean by ${actor}`, clean, bringBack: [] });
    },
    unfreeze(actor, reason, base) {
      called('unfreeze', actor, reason, base);
      return Promise.resolve({ ok: true, text: `unfrozen by ${actor}` });
    },
    waive(id, actor, reason, finding) {
      called('waive', id, actor, reason, finding);
      return Promise.resolve({ ok: true, item: itemRow({ id }), text: `waive by ${actor}` });
    },
    renumber(id, actor) {
      called('renumber', id, actor);
      return Promise.resolve({ ok: true, item: itemRow({ id }), text: `renumber by ${actor}` });
    },
    reserve(id, series, actor) {
      called('reserve', id, series, actor);
      const numbered = { series: series ?? 'docs/adr/adr-*.md', number: 8, start: 'docs/adr/adr-0008' };
      return Promise.resolve({ ok: true, item: itemRow({ id }), text: `number 8 for ${id}`, ...numbered });
    },
    verifyCommit: () => Promise.resolve({ ok: true, receipt: '{}', log: '# log', problems: [] }),
    leaseOwner: () => Promise.resolve(undefined),
    releaseLease(id, options) {
      called('releaseLease', id, options);
      const owner = { lease: leaseRow({ item: id }), liveness: 'dead', pastCeiling: false } as const;
      return Promise.resolve({ ok: true, item: itemRow({ id }), text: `lease released by ${options.actor}`, owner });
    },
    queueOwner: () => Promise.resolve(undefined),
    releaseQueueLease(options) {
      called('releaseQueueLease', options);
      const lease = leaseRow({ item: `queue ${options.base}` });
      const owner = { lease, liveness: 'dead', pastCeiling: false } as const;
      return Promise.resolve({ ok: true, text: `queue released by ${options.actor}`, owner });
    },
    seeAlerts: (alerts) => Promise.resolve([...alerts]),
    why: () => Promise.resolve(undefined),
    history: (item) => Promise.resolve(read.transitions(item)),
    acts: () => Promise.resolve([]),
    report: () => Promise.resolve(undefined),
    follow: () => Promise.resolve({ close: () => undefined }),
    prove(options) {
      called('prove', options.actor);
      const reason = { code: 'gate-sighted', text: 'the report names the planted test as failed', remedy: '' };
      const planted = { framework: 'node:test', path: 'test/interlock-prove.test.js' };
      const base = 'b'.repeat(40);
      const baseStanding = { word: 'PASS', text: 'exit code 0' };
      return Promise.resolve({ outcome: 'sighted', reason, base, planted, baseStanding, runs: [] });
    },
    verify: () => Promise.resolve([]),
    checkStaging: () => Promise.resolve(stagingCheck()),
    giveStagingSecret(secret) {
      called('giveStagingSecret', secret);
      return Promise.resolve();
    },
    trustStagingHost(fingerprint) {
      called('trustStagingHost', fingerprint);
      return Promise.resolve({ trusted: true, detail: 'kept' });
    },
    hostStatus: () => Promise.resolve(null),
    hostDrain: () => Promise.resolve(false),
    reconcile: () => Promise.resolve([]),
    close() {
      engine.closed += 1;
      return Promise.resolve();
    },
    ...over,
  };
  return engine;
}
