import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import initSqlJs from 'sql.js';
import { expect } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { openLedger } from '../../../extension/ledger/open-ledger';
import type { AdvanceReport } from '../../../extension/pipeline/outcome';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';

export const ann = { actor: 'person:ann' };

/** A project with the merge gate, whose main on the bare origin is all that counts. */
export class MergeProject {
  private constructor(
    readonly sample: SampleRepository,
    readonly engine: Engine,
  ) {}

  static async open(
    merge: object = {},
    files: Record<string, string> = {},
    test: object = {},
    more: object = {},
  ): Promise<MergeProject> {
    const sample = sampleRepository({ ...SAMPLE_CONFIG, merge, test: { ...SAMPLE_CONFIG.test, ...test }, ...more });
    for (const [path, text] of Object.entries(files)) commitFile(sample.root, path, text);
    if (Object.keys(files).length > 0) git(sample.root, 'push', '--quiet', 'origin', 'main');
    return new MergeProject(sample, await openTestEngine(sample.root));
  }

  /** An item whose branch holds these files, tested and come to merge. */
  async atMerge(id: string, files: Record<string, string>): Promise<void> {
    await this.engine.add({ title: `Work of ${id}`, id, stage: 'testing', ...ann });
    this.work(id, files);
    expect(await this.advance(id)).toMatchObject({ outcome: 'advanced', to: 'merge' });
  }

  work(id: string, files: Record<string, string>): void {
    const folder = this.sample.worktree(id);
    for (const [path, text] of Object.entries(files)) commitFile(folder, path, text, `feat: ${path} of ${id}`);
  }

  advance(id: string): Promise<AdvanceReport> {
    return this.engine.advance(id, ann);
  }

  /** From development through testing to merge again. */
  async again(id: string): Promise<void> {
    await this.engine.release(id, 'person:ann', 'mended');
    expect(await this.advance(id)).toMatchObject({ outcome: 'advanced', to: 'merge' });
  }

  /** Merges the origin's main into the item's branch as a person does; `files` settle the conflict. */
  resolve(id: string, files: Record<string, string>): void {
    const folder = this.sample.worktree(id);
    git(folder, 'fetch', '--quiet', 'origin');
    try {
      git(folder, 'merge', '--quiet', '--no-edit', 'origin/main');
    } catch {
      for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
      git(folder, 'add', '.');
      git(folder, 'commit', '--quiet', '-m', 'merge: main');
    }
  }

  /** As an alarm does: by a transaction of its own. */
  async freeze(reason: string): Promise<void> {
    const sqlJs = () => initSqlJs();
    const ledger = await openLedger({ directory: `${this.engine.repository.stateDir}/ledger`, sqlJs });
    const row = { base: 'main', state: 'frozen', reason, actor: 'merge-gate', at: 1 };
    expect(
      await ledger.commit({ actor: 'test', event: 'freeze', pre: [['queues', 'main', null]], put: [['queues', row]] }),
    ).toMatchObject({ ok: true });
    await ledger.close();
  }

  /** A file on the origin's main; undefined where it is not there. */
  onMain(path: string): string | undefined {
    try {
      return git(this.sample.origin, 'show', `main:${path}`);
    } catch {
      return undefined;
    }
  }

  /** Subjects of the first parents of the origin's main, newest first. */
  landings(): string[] {
    return git(this.sample.origin, 'log', '--first-parent', '--format=%s', 'main').split('\n');
  }

  async close(): Promise<void> {
    await this.engine.hostDrain(true);
    await this.engine.close();
    this.sample.remove();
  }
}
