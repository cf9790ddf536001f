import type * as vscode from 'vscode';
import type { Engine } from '../../engine';
import type { ItemsChanged, OpenRepository } from '../repositories';
import type { PublishedResults } from './published-results';

/** At the opening only so many red items are published: the rest is in the tree. */
const AT_OPENING = 20;

/** Publishes each run that gets its result while this window is open, once; at the opening, what is red. */
export class ResultWatch {
  readonly #known = new Map<string, string | undefined>();

  constructor(
    private readonly results: PublishedResults,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async opened({ key, engine }: OpenRepository): Promise<void> {
    const { read } = engine;
    const red: string[] = [];
    for (const item of read.items()) {
      if (item.condition === 'done') continue;
      const newest = read.runs(item.id)[0];
      this.#known.set(`${key}\u0000${item.id}`, newest?.id);
      if (newest && read.verdict(newest.id)?.verdict === 'FAIL') red.push(item.id);
    }
    for (const item of red.slice(0, AT_OPENING)) await this.#publish(engine, item);
  }

  async changed({ repository: { key, engine }, items }: ItemsChanged): Promise<void> {
    for (const item of items) {
      const newest = engine.read.runs(item)[0]?.id;
      const place = `${key}\u0000${item}`;
      if (newest === undefined || newest === this.#known.get(place)) continue;
      this.#known.set(place, newest);
      await this.#publish(engine, item);
    }
  }

  async #publish(engine: Engine, item: string): Promise<void> {
    try {
      const report = await engine.report(item);
      // The files of a staging suite are on another machine: its failures have no place in this window's editors.
      if (report?.kind === 'test') await this.results.publish(report);
    } catch (error) {
      this.log.error(`the results of ${item} could not be published: ${String(error)}`);
    }
  }
}
