import * as vscode from 'vscode';
import { follow } from './commands/advance';
import { nextLook } from './due';
import * as messages from './messages';
import type { Overview } from './overview';
import type { OpenRepository, Repositories } from './repositories';
import { giveKnownSecrets, runsOnStaging } from './staging/known-secrets';

/** A timer that fires early, or a clock that jumps, must not make a busy loop. */
const SHORTEST_PAUSE_MS = 1_000;

/**
 * Takes up what waits for somebody: runs that another window or an earlier life of this one left behind, and deferrals whose
 * time has come. Nothing else in the window advances an item by itself.
 */
export class WindowLife implements vscode.Disposable {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #ended = false;

  constructor(
    private readonly repositories: Repositories,
    private readonly overview: Overview,
    private readonly secrets: vscode.SecretStorage,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Looks for unfinished work now, sees it through (its items show how far it is), and plans the next look. */
  async settle(repository: OpenRepository): Promise<void> {
    if (this.#ended) return;
    try {
      if (this.#movesOnStaging(repository)) await giveKnownSecrets(repository, this.secrets);
      const reports = await repository.engine.reconcile({
        onProgress: (step) => follow({ repositories: this.repositories }, { repository }, step),
      });
      for (const report of reports) this.log.info(messages.logLine(report));
    } catch (error) {
      this.log.error(`${repository.name}: ${String(error)}`);
    }
    this.plan(repository);
  }

  /** Whether an item may be taken up that needs the staging host. */
  #movesOnStaging({ engine }: OpenRepository): boolean {
    return engine.read
      .items()
      .some(({ stage, condition }) => runsOnStaging(stage) && (condition === 'running' || condition === 'deferred'));
  }

  /** Sets the timer by what the ledger says now; called whenever its items change. */
  plan(repository: OpenRepository): void {
    clearTimeout(this.#timers.get(repository.key));
    this.#timers.delete(repository.key);
    const wait = this.#ended ? null : nextLook(this.overview.moving(repository.key), Date.now());
    if (wait === null || !retries()) return;
    const timer = setTimeout(() => void this.settle(repository), Math.max(wait, SHORTEST_PAUSE_MS));
    this.#timers.set(repository.key, timer);
  }

  dispose(): void {
    this.#ended = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

function retries(): boolean {
  return vscode.workspace.getConfiguration('interlock').get('retryDeferred') !== false;
}
