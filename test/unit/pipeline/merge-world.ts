import { MergeRunSpec, type MergedItem, type MergeRunResult } from '../../../runner-host/protocol/merge';
import type { MergeOutcome } from '../../../runner-host/protocol/merge-outcome';
import type { RunSpec } from '../../../runner-host/protocol/runs';
import { parseConfig } from '../../../extension/config/parse-config';
import type { LoadedConfig } from '../../../extension/config/project-config';
import { processIdentity } from '../../../extension/ledger/identity';
import type { Ledger, Transaction } from '../../../extension/ledger/ledger';
import { advance } from '../../../extension/pipeline/advance';
import type { PipelinePorts } from '../../../extension/pipeline/context';
import type { AdvanceReport } from '../../../extension/pipeline/outcome';
import type { Git, Host } from '../../../extension/pipeline/ports';
import { makeFolder, open } from '../ledger/sample';
import { addition } from '../ledger/sample-rows';
import { HEAD, mergedItem } from './merge-rows';
import { suiteRan } from './rows';

const TESTED = '9'.repeat(40);

/** A real ledger with items at `merge`, around which git and the runner host say what a test lets them. */
export class MergeWorld {
  /** What the gate says of each item that it is asked about. */
  outcome: (item: string) => { outcome: MergeOutcome; more?: Partial<MergedItem> };
  /** Specifications that the host was asked to start. */
  readonly started: MergeRunSpec[] = [];
  readonly kept: string[] = [];
  /** Called before each transaction is written. */
  before: (transaction: Transaction) => Promise<void> = () => Promise.resolve();
  /** Called after it. */
  after: (transaction: Transaction) => Promise<void> = () => Promise.resolve();
  /** Called while the run is going. */
  during: () => Promise<void> = () => Promise.resolve();
  tree = TESTED;
  private runs = 0;

  private constructor(
    readonly ledger: Ledger,
    readonly ports: PipelinePorts,
    private readonly loaded: LoadedConfig,
    outcome: MergeOutcome,
  ) {
    this.outcome = () => ({ outcome });
  }

  static async open(outcome: MergeOutcome, merge: object = {}, items = ['A-1']): Promise<MergeWorld> {
    const ledger = await open(makeFolder());
    const file = { stages: ['development', 'testing', 'merge', 'done'], test: { command: ['x'] }, merge };
    const parsed = parseConfig(JSON.stringify(file), 'interlock.json');
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const loaded = { config: parsed.config, base: { branch: 'main', commit: 'b'.repeat(40) }, hash: 'h' };
    const ports = {} as PipelinePorts;
    const world = new MergeWorld(ledger, ports, loaded, outcome);
    Object.assign(ports, await world.makePorts());
    for (const id of items) await world.add(id);
    return world;
  }

  advance(item = 'A-1', actor = 'person:ann'): Promise<AdvanceReport> {
    return advance(this.ports, { ok: true, loaded: this.loaded }, { item, actor });
  }

  private async makePorts(): Promise<PipelinePorts> {
    const { ledger } = this;
    const commit = async (transaction: Transaction) => {
      await this.before(transaction);
      const written = await ledger.commit(transaction);
      await this.after(transaction);
      return written;
    };
    const watched = new Proxy(ledger, {
      get: (target, name) => (name === 'commit' ? commit : Reflect.get(target, name, target)),
    });
    const git: Partial<Git> = {
      commitOf: () => Promise.resolve(HEAD),
      treeWithout: () => Promise.resolve(this.tree),
      keepCommit: (ref, id) => {
        this.kept.push(`${ref} ${id}`);
        return Promise.resolve();
      },
    };
    const host = {
      request: (method: string, { spec }: { spec?: RunSpec }) => {
        if (method === 'run/start') this.started.push(MergeRunSpec.parse(spec));
        return Promise.resolve({});
      },
      follow: async (run: string) => {
        await this.during();
        return { state: 'finished', result: this.result(run) };
      },
    };
    return {
      ledger: watched,
      host: host as unknown as Host,
      git: git as Git,
      names: { casesOf: async () => null, keep: async () => '', read: async () => null },
      repository: { commonDir: '/repo/.git' },
      clock: { now: () => Date.now() },
      random: () => 0.5,
      newRunId: () => `r0mhc1k2z3-${(++this.runs).toString(16).padStart(8, '0')}`,
      identity: await processIdentity(),
    };
  }

  private result(run: string): MergeRunResult {
    const spec = this.started.findLast((one) => one.run === run);
    const { supervision } = suiteRan();
    const items = (spec?.items ?? []).map(({ item }) => {
      const { outcome, more } = this.outcome(item);
      return mergedItem(outcome, { item, ...more });
    });
    return { status: 'gate-ended', run, item: spec?.item ?? '', kind: 'merge', supervision, items };
  }

  private async add(id: string): Promise<void> {
    const added = addition(id, { stage: 'merge', worktree: '/w' });
    const facts = { item: id, stage: 'testing', head: HEAD, tree: TESTED, base: 'b', command: '[]', config_hash: 'h' };
    const verdict = { verdict: 'PASS', reason_code: 'c', reason: 'r', producer: 'test-runner' };
    const counts = { tests: null, failed: null, skipped: null, at: 1 };
    const outcome = await this.ledger.commit({
      ...added,
      put: [...(added.put ?? []), ['verdicts', { id: `t-${id}`, ...facts, ...verdict, ...counts }]],
    });
    if (!outcome.ok) throw new Error(id);
  }
}
