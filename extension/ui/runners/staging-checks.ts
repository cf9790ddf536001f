import * as vscode from 'vscode';
import type { StagingCheck } from '../../../runner-host/protocol/staging';

export interface CheckedStaging {
  check: StagingCheck;
  /** ms since the epoch. */
  at: number;
}

/** The last look at each repository's staging host, in this window. */
export class StagingChecks implements vscode.Disposable {
  readonly #last = new Map<string, CheckedStaging>();
  readonly #going = new Map<string, number>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  of(repository: string): CheckedStaging | undefined {
    return this.#last.get(repository);
  }

  isGoing(repository: string): boolean {
    return (this.#going.get(repository) ?? 0) > 0;
  }

  /** Runs one check and keeps what it found. */
  async run(repository: string, check: () => Promise<StagingCheck>): Promise<StagingCheck> {
    this.#count(repository, 1);
    try {
      const found = await check();
      this.#last.set(repository, { check: found, at: Date.now() });
      return found;
    } finally {
      this.#count(repository, -1);
    }
  }

  #count(repository: string, by: number): void {
    this.#going.set(repository, (this.#going.get(repository) ?? 0) + by);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
