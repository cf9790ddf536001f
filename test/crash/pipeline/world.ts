import { advance } from '../../../extension/pipeline/advance';
import { addItem } from '../../../extension/pipeline/add-item';
import { holdItem, releaseItem, sendBackItem } from '../../../extension/pipeline/person-commands';
import { releaseItemLease, type ReleaseLeaseOutcome } from '../../../extension/pipeline/release-lease';
import { findUnfinished, reclaimLeases } from '../../../extension/pipeline/reconcile';
import type { LoadedConfig } from '../../../extension/config/project-config';
import type { PipelinePorts } from '../../../extension/pipeline/context';
import type { AdvanceReport } from '../../../extension/pipeline/outcome';
import { processIdentity } from '../../../extension/ledger/identity';
import type { Ledger } from '../../../extension/ledger/ledger';
import { openLedger } from '../../../extension/ledger/open-ledger';
import type { ProcessIdentity } from '../../../runner-host/protocol/methods';
import { FaultyFiles, failWith } from '../../unit/ledger/faulty-files';
import { sqlJs } from '../../unit/ledger/sample';
import { BASE, FakeGit } from './fake-git';
import { FakeHost } from './fake-host';
import { Died, Life, type Death } from './mortality';

export const STAGES: LoadedConfig['config']['stages'] = ['development', 'testing', 'deploy-staging', 'merge', 'done'];
export const BUDGETS = { developerRetries: 1, infraRetries: 1 };
export const ITEMS = ['ONE', 'TWO'];

const LOADED: LoadedConfig = {
  config: {
    base: 'main',
    remote: 'origin',
    artifacts: '.interlock',
    worktrees: 'trees',
    stages: STAGES,
    budgets: BUDGETS,
    test: {
      command: ['suite'],
      cwd: '.',
      timeoutMs: 1000,
      graceMs: 1,
      env: {},
      passEnv: [],
      report: { format: 'junit', path: 'report.xml' },
      floor: 'base',
      redOnBase: true,
      biteMatrix: 'off',
      rerunFailed: 0,
      flaky: [],
      protected: [],
      files: [],
      smoke: [],
      network: { sandbox: [], allowSandboxWrites: false, read: [] },
      prove: null,
    },
    staging: {
      target: { transport: 'ssh2', host: 'staging', port: null, user: null },
      command: ['check'],
      cwd: '/srv',
      timeoutMs: 1000,
      graceMs: 1,
      env: {},
      container: null,
      servedCommit: ['cat', 'REVISION'],
      report: { format: 'junit', path: 'staging.xml' },
      waivers: [],
    },
    merge: null,
  },
  base: { branch: 'main', commit: BASE },
  hash: 'h',
};

export type PersonAction = 'hold' | 'release' | 'send-back' | 'release-lease';
const PERSON = { hold: holdItem, release: releaseItem, 'send-back': sendBackItem };

/** A deciding process: its own view of the ledger, its own identity, one life. */
interface Process {
  ledger: Ledger;
  ports: PipelinePorts;
  life: Life;
  files: FaultyFiles;
}

/** The real pipeline over a real ledger on disk. Git, runner host and clock are fakes that outlive each deciding process. */
export class World {
  now = 1_700_000_000_000;
  readonly git = new FakeGit();
  readonly host: FakeHost;
  /** What happens while a deciding process stands still. */
  onStall = (): Promise<void> => this.takeOver();
  deaths = 0;
  stalls = 0;
  private runs = 0;
  private boots = 0;
  private readonly clock = { now: () => ++this.now };

  private constructor(
    private readonly directory: string,
    private readonly me: ProcessIdentity,
  ) {
    this.host = new FakeHost(this.git, this.clock);
  }

  private deciding!: Process;
  private person!: Process;

  static async open(directory: string): Promise<World> {
    const world = new World(directory, await processIdentity());
    world.deciding = await world.boot();
    world.person = await world.boot();
    for (const id of ITEMS) {
      const command = { title: `Title of ${id}`, id, branch: `/work/${id}`, actor: 'person:ann', worktrees: '/work' };
      const added = await addItem(world.deciding.ports, LOADED, command);
      if (!added.ok) throw new Error(added.reason.text);
    }
    return world;
  }

  get ledger(): Ledger {
    return this.deciding.ledger;
  }

  /** What sets the identity of the deciding process apart from those of its predecessors. */
  get bootId(): string {
    return `boot ${this.boots}`;
  }

  /** A person's command, in a window of its own that has not looked since its last command. */
  async say(item: string, action: PersonAction): Promise<void> {
    if (action === 'release-lease') await this.releaseLease(item);
    else await PERSON[action](this.person.ports, LOADED.config, { item, actor: 'person:bob', reason: '' });
  }

  /** A person on another machine, from where nobody can say whether the owner lives, takes the lease away. */
  async releaseLease(item: string): Promise<ReleaseLeaseOutcome> {
    const ports = { ...this.person.ports, identity: { ...this.me, host: 'elsewhere' } };
    return releaseItemLease(ports, { item, actor: 'person:bob', reason: 'it hangs', force: true });
  }

  /** One command of the deciding process, who may die in it; another one then takes its place. */
  async decide<T>(death: Death | undefined, command: (ports: PipelinePorts) => Promise<T>): Promise<T | undefined> {
    const acting = this.deciding;
    const { life } = acting;
    life.sentence(death);
    try {
      return await command(acting.ports);
    } catch (error) {
      // A port that fails is told to whoever asked; what it must not do is leave the ledger in a state that breaks a rule.
      if (!(error instanceof Error)) throw error;
      if (!(error instanceof Died) && !/made by a test|is lost|could be started/.test(error.message)) throw error;
      return undefined;
    } finally {
      life.sentence(undefined);
      if (life.dead) await this.succeed();
      if (acting !== this.deciding) await acting.ledger.close();
      await this.deciding.ledger.refresh();
    }
  }

  advance(item: string, death?: Death): Promise<AdvanceReport | undefined> {
    return this.decide(death, (ports) => advance(ports, { ok: true, loaded: LOADED }, { item, actor: 'person:ann' }));
  }

  /** As at start-up and whenever the timer looks: takes up all that waits to be. Returns whether anything did. */
  async reconcile(death?: Death): Promise<boolean> {
    const found = await this.decide(death, async (ports) => {
      const unfinished = await findUnfinished(ports);
      await reclaimLeases(ports, unfinished);
      for (const { item, actor } of unfinished) await advance(ports, { ok: true, loaded: LOADED }, { item, actor });
      return unfinished.length > 0;
    });
    return found ?? true;
  }

  async close(): Promise<void> {
    await this.deciding.ledger.close();
    await this.person.ledger.close();
  }

  /** The dead process leaves its lease and whatever it had begun; the next one has another identity. */
  private async succeed(): Promise<void> {
    this.deaths++;
    this.deciding.files.every('write', failWith('EIO'));
    await this.replace();
  }

  private async replace(): Promise<void> {
    this.boots++;
    this.deciding = await this.boot();
  }

  /** Somebody takes the present process for dead, takes over all that it was doing and ends it. */
  private async takeOver(): Promise<void> {
    this.stalls++;
    await this.replace();
    const { host, git } = this;
    const troubles = [host.trouble, git.trouble] as const;
    [host.trouble, git.trouble] = [undefined, undefined];
    for (const item of ITEMS) await this.advance(item);
    [host.trouble, git.trouble] = troubles;
  }

  private async boot(): Promise<Process> {
    const life = new Life(() => this.onStall());
    const files = new FaultyFiles();
    const ledger = await openLedger({
      directory: this.directory,
      sqlJs,
      watch: false,
      files: files.files,
      clock: this.clock,
      segmentBytes: 30_000,
    });
    const ports: PipelinePorts = {
      ledger: life.wrap<Ledger>(ledger, ['commit']),
      host: life.wrap<FakeHost>(this.host, ['request', 'follow']),
      git: life.wrap<FakeGit>(this.git, ['commitFile', 'commitOf', 'worktree', 'fetchBase']),
      repository: { commonDir: '/repo/.git' },
      names: { casesOf: async () => null, keep: async () => '', read: async () => null },
      clock: this.clock,
      random: () => 0.5,
      newRunId: () => `r0mhc1k2z3-${(++this.runs).toString(16).padStart(8, '0')}`,
      identity: { ...this.me, bootId: this.bootId },
    };
    return { ledger, ports, life, files };
  }
}
