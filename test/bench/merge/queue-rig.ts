import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMergeGate } from '../../../runner-host/merge/merge-runner';
import { OutputLog } from '../../../runner-host/output/output-log';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import type { MergedItem, MergeItem, MergeRunSpec } from '../../../runner-host/protocol/merge';
import type { RunContext } from '../../../runner-host/runners/run-context';
import { supervise } from '../../../runner-host/supervisor/supervise';
import { BenchGit } from './bench-git';
import { data } from './large-history';

const LOG_CAP = 1024 * 1024;
const SUITE_BOUND_MS = 60_000;
const FILES = 200;

/** A bare origin with a clone in which every item stands on a branch of its own, ready to be landed. */
export class QueueRig {
  readonly bench: BenchGit;
  readonly clone: string;
  readonly items: MergeItem[] = [];
  readonly suite: string;
  #runs = 0;

  /** `bad` says which items are red, by their place. A suite lasts `suiteMs`. */
  constructor(name: string, bad: readonly boolean[], suiteMs: number) {
    this.bench = new BenchGit(name);
    this.clone = join(this.bench.path, 'clone');
    this.suite = `echo x >> '${this.#counted}'; sleep ${suiteMs / 1000}; ls bad-* >/dev/null 2>&1 && exit 1; exit 0`;
    this.#fill(bad);
  }

  git(...args: string[]): string {
    return this.bench.git(this.clone, ...args);
  }

  /** Lands these items in one run of the gate, with the supervised suite. */
  async land(items: readonly MergeItem[]): Promise<MergedItem[]> {
    const stateDir = join(this.clone, '.git', 'interlock');
    this.#runs += 1;
    const { run, close } = this.#context(join(stateDir, 'runs', `r${this.#runs}`));
    try {
      const { result } = await runMergeGate(this.#spec(items), run, stateDir, ownIdentity(run.table));
      if (result.status !== 'gate-ended') throw new Error(`the gate ended as ${result.cause}: ${result.detail}`);
      return result.items;
    } finally {
      close();
    }
  }

  /** How many of the items' files base has on the remote. */
  landed(): number {
    const listing = this.bench.git(join(this.bench.path, 'origin.git'), 'ls-tree', '--name-only', 'main');
    return listing.split('\n').filter((name) => name.startsWith('item-')).length;
  }

  /** How often the suite was run. */
  suites(): number {
    return readFileSync(this.#counted, 'utf8').split('\n').length - 1;
  }

  remove(): void {
    this.bench.remove();
  }

  get #counted(): string {
    return join(this.bench.path, 'suites');
  }

  #fill(bad: readonly boolean[]): void {
    const { bench, clone } = this;
    const origin = join(bench.path, 'origin.git');
    bench.git(bench.path, 'init', '-q', '--bare', '--template=', origin);
    bench.git(bench.path, 'clone', '-q', '--template=', origin, clone);
    const changes = Array.from({ length: FILES }, (_, n) => change(`src/file-${n}.txt`, `file ${n}\n`));
    const stream = [`${commit('main', 0, 'first')}${changes.join('')}\n`];
    for (const [n, isBad] of bad.entries()) {
      const branch = `item-${n}`;
      const work = [
        change(`${branch}.txt`, `${branch}\n`),
        change(`src/file-${n}.txt`, `file ${n}, changed\n`),
        isBad ? change(`bad-${n}.txt`, 'red\n') : '',
      ];
      stream.push(`${commit(branch, n + 1, `work on ${branch}`)}from refs/heads/main\n${work.join('')}\n`);
    }
    bench.feed(clone, stream.join(''), 'fast-import', '--quiet');
    const fork = this.git('rev-parse', 'main');
    const heads = this.git('rev-parse', ...bad.map((_, n) => `item-${n}`)).split('\n');
    for (const [n, head] of heads.entries()) {
      const branch = `item-${n}`;
      this.items.push({ item: branch, title: branch, branch, head, fork, anchors: [], waivers: [] });
    }
    this.git('switch', '-q', '-c', 'side', 'main');
    this.git('push', '-q', 'origin', 'main', ...this.items.map(({ branch }) => branch));
  }

  #spec(items: readonly MergeItem[]): MergeRunSpec {
    return {
      kind: 'merge',
      run: `r${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`,
      item: items[0]?.item ?? '',
      repository: this.clone,
      remote: 'origin',
      base: 'main',
      items: [...items],
      style: 'merge',
      test: {
        command: this.suite,
        cwd: '.',
        timeoutMs: SUITE_BOUND_MS,
        graceMs: 1000,
        env: {},
        passEnv: [],
        report: null,
      },
      testKey: 'bench',
      proven: [],
      testsIgnoreHistory: false,
      redOnBase: false,
      packagesFrom: null,
      security: null,
      coverage: null,
      numbered: [],
      reserved: [],
      generated: [],
      changelog: null,
      submodules: 'refuse',
      moves: 6,
      receipt: true,
      cleanup: { remoteBranch: true, localBranch: false, worktrees: false },
    };
  }

  #context(folder: string): { run: RunContext; close: () => void } {
    mkdirSync(join(folder, 'tmp'), { recursive: true });
    const output = new OutputLog(join(folder, 'output.log'), LOG_CAP);
    const nothing = (): void => undefined;
    const run: RunContext = {
      table: openProcessTable(),
      supervisor: { supervise },
      env: this.bench.env,
      cookie: randomBytes(16).toString('hex'),
      tmp: join(folder, 'tmp'),
      scratch: join(folder, 'scratch'),
      output,
      log: nothing,
      stop: new AbortController().signal,
      onReady: nothing,
      onStarted: nothing,
      onRemote: nothing,
      adopted: false,
      onStep: nothing,
    };
    return { run, close: () => output.close() };
  }
}

function commit(branch: string, at: number, message: string): string {
  return `commit refs/heads/${branch}\ncommitter Ann <ann@example.com> ${1_700_000_000 + at} +0000\n${data(message)}`;
}

const change = (path: string, text: string): string => `M 100644 inline ${path}\n${data(text)}`;
