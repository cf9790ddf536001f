import { join } from 'node:path';
import type { MergedItem, MergeItem, MergeRunSpec } from '../protocol/merge';
import type { MergeOutcome } from '../protocol/merge-outcome';
import type { Supervision } from '../protocol/result';
import { noSupervision } from '../runners/no-supervision';
import { GitTrees } from './checks/git-trees';
import { slugOf, type Journal } from './journal';
import type { MergeContext } from './merge-context';
import type { Mirror } from './open-mirror';

/** One item on its way through the gate. */
export interface Entry {
  item: MergeItem;
  journal: Journal;
  seen: Omit<MergedItem, 'item' | 'head' | 'outcome'>;
  /** What the checks of the present candidate let pass. */
  passed: { waived: { what: string; by: string; reason: string }[]; warnings: string[] };
  /** Set once; then the item is done with. */
  outcome: MergeOutcome | null;
}

export function newEntry(item: MergeItem, journal: Journal): Entry {
  const seen = { base: null, candidate: null, tree: null, tip: null, batch: [], attempts: 0 };
  const judged = { test: null, security: null, coverage: null, warnings: [], cleanup: [] };
  return { item, journal, seen: { ...seen, ...judged }, passed: { waived: [], warnings: [] }, outcome: null };
}

/** An item's place in the stack of candidates. */
export interface Link {
  entry: Entry;
  /** What the candidate was built on. */
  onto: string;
  commit: string;
  tree: string;
  /** The branch on the remote, to be deleted with the landing; null: it is not there, or is kept. */
  remoteHead: string | null;
  /** The stack's last commit, which is tested and pushed, and its tree. */
  tip: string;
  tipTree: string;
}

/** What one run of the gate works with. */
export class Gate {
  readonly spec: MergeRunSpec;
  readonly context: MergeContext;
  readonly mirror: Mirror;
  readonly trees: GitTrees;
  /** Where it is, for the result of a run that fails. */
  step = 'FETCH';
  lastSupervision: Supervision;
  #names = 0;

  constructor(spec: MergeRunSpec, context: MergeContext, mirror: Mirror, startedAt: number) {
    this.spec = spec;
    this.context = context;
    this.mirror = mirror;
    this.trees = new GitTrees({ folder: mirror.git.folder, env: context.env, signal: context.stop });
    this.lastSupervision = noSupervision(startedAt);
  }

  get worktrees(): string {
    return join(this.context.folder, 'worktrees');
  }

  get baseRef(): string {
    return `refs/heads/${this.spec.base}`;
  }

  /** For people and for crash tests: what comes now. Throws the reason when the run is to stop. */
  async at(step: string, items: readonly Entry[]): Promise<void> {
    this.context.stop.throwIfAborted();
    this.step = step;
    this.context.onStep(`${step.toLowerCase()}: ${items.map(({ item }) => item.item).join(', ')}`);
    await this.reach(step);
  }

  async reach(point: string): Promise<void> {
    await this.context.reach?.(point);
  }

  /** A name that no worktree had before. */
  nextName(of: string): string {
    this.#names += 1;
    return `${this.spec.run}-${of}-${this.#names}`;
  }

  /** A private ref of an item in the mirror. */
  ref(item: string, name: string): string {
    return `refs/interlock/items/${slugOf(item)}/${name}`;
  }
}

export function branchRef({ branch }: MergeItem): string {
  return `refs/heads/${branch}`;
}

export function settle(entry: Entry, outcome: MergeOutcome): void {
  if (entry.outcome === null) entry.outcome = outcome;
}
