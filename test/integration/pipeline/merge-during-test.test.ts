import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdvanceReport } from '../../../extension/pipeline/outcome';
import { MergeRunResult, type MergedItem } from '../../../runner-host/protocol/merge';
import { git } from '../rig/git';
import { ann, MergeProject } from './merge-project';

const STAGES = { stages: ['development', 'merge', 'done'] };

/** A project whose candidates run a script of the test's, which is told where base and the user's repository are. */
class Scripted {
  private constructor(
    readonly project: MergeProject,
    private readonly folder: string,
  ) {}

  static async open(merge: object, more: object = {}): Promise<Scripted> {
    const folder = mkdtempSync(join(tmpdir(), 'interlock script-'));
    const command = `node suite.mjs && echo run >> '${folder}/runs' && . '${folder}/act.sh'`;
    return new Scripted(await MergeProject.open(merge, {}, { command }, { ...STAGES, ...more }), folder);
  }

  /** Lands an item of its own while the candidate's suite does this. */
  async land(id: string, act: string): Promise<AdvanceReport> {
    const { engine } = this.project;
    if (!engine.read.item(id)) {
      await engine.add({ title: `Work of ${id}`, id, stage: 'merge', ...ann });
      this.project.work(id, { [`${id}.txt`]: `${id}\n` });
    }
    return this.again(id, act);
  }

  again(id: string, act = ''): Promise<AdvanceReport> {
    const { origin, root } = this.project.sample;
    // A commit on top of a branch, as somebody else would push it in this very moment.
    const onTop = `export GIT_AUTHOR_NAME=Bob GIT_AUTHOR_EMAIL=b@x GIT_COMMITTER_NAME=Bob GIT_COMMITTER_EMAIL=b@x
on_top() {
  commit="$(git --git-dir="$1" commit-tree -m other -p "$2" "$2^{tree}")"
  git --git-dir="$1" update-ref "refs/heads/$2" "$commit"
}`;
    writeFileSync(join(this.folder, 'act.sh'), `ORIGIN='${origin}'\nROOT='${root}/.git'\n${onTop}\n${act}\n`);
    return this.project.advance(id);
  }

  /** How often a suite has come to its script. */
  get runs(): number {
    const file = join(this.folder, 'runs');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  }

  merged(report: AdvanceReport): MergedItem | undefined {
    const result = MergeRunResult.parse(JSON.parse(this.project.engine.read.run(report.run ?? '')?.result ?? ''));
    return result.status === 'gate-ended' ? result.items[0] : undefined;
  }

  item(id: string) {
    return this.project.engine.read.item(id);
  }

  main(): string {
    return git(this.project.sample.origin, 'rev-parse', 'main');
  }

  async close(): Promise<void> {
    await this.project.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('what happens while the candidate is tested', () => {
  let at: Scripted;
  beforeAll(async () => void (at = await Scripted.open({})));
  afterAll(() => at.close());

  it('RED, and base is green: development, one developer retry, nothing on base', async () => {
    const before = at.main();
    const report = await at.land('RED-1', 'test ! -f RED-1.txt');
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      to: 'development',
      verdict: 'FAIL',
      reason: { code: 'red' },
    });
    expect(at.merged(report)?.outcome).toMatchObject({ preExisting: false });
    expect(at.item('RED-1')).toMatchObject({ developer_retries: 1, infra_retries: 0 });
    expect(at.main()).toBe(before);
  });

  it('RED on base too: held as pre-existing, and the item is not blamed', async () => {
    const report = await at.land('RED-2', 'exit 3');
    expect(report).toMatchObject({ outcome: 'held', verdict: 'INCONCLUSIVE', reason: { code: 'pre-existing' } });
    expect(at.item('RED-2')).toMatchObject({ stage: 'merge', condition: 'held', developer_retries: 0 });
    expect(at.project.engine.read.alerts()).toMatchObject([{ item: 'RED-2', code: 'pre-existing' }]);
  });

  it('base moved once: the candidate is built and tested again, and lands', async () => {
    const runs = at.runs;
    const report = await at.land('MOVED-1', 'test -f "$ROOT/moved" || { on_top "$ORIGIN" main; touch "$ROOT/moved"; }');
    expect(report).toMatchObject({ outcome: 'advanced', to: 'done', result: 'LANDED' });
    expect(at.merged(report)).toMatchObject({ attempts: 2, test: { state: 'ran', commit: at.main() } });
    expect(at.runs - runs).toBe(2);
    expect(at.project.landings().slice(0, 2)).toEqual(['Merge MOVED-1: Work of MOVED-1', 'other']);
  });

  it('base moved each time: held after six tests, with what landed of others untouched', async () => {
    const runs = at.runs;
    const report = await at.land('MOVED-2', 'on_top "$ORIGIN" main');
    expect(report).toMatchObject({ outcome: 'held', verdict: null, result: 'MOVED', reason: { code: 'moved' } });
    expect(at.runs - runs).toBe(6);
    expect(at.project.landings().filter((subject) => subject.includes('MOVED-2'))).toEqual([]);
    expect(at.project.landings().slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'other'));
    expect(at.item('MOVED-2')).toMatchObject({ developer_retries: 0, infra_retries: 0 });
  }, 240_000);

  it('the branch moved: what was reviewed is not what is there, so it goes back at no cost', async () => {
    const before = at.main();
    const report = await at.land('HEAD-1', 'on_top "$ROOT" work/HEAD-1');
    expect(report).toMatchObject({ outcome: 'rolled-back', result: 'HEAD_CHANGED', reason: { code: 'head-changed' } });
    expect(at.item('HEAD-1')).toMatchObject({ stage: 'development', developer_retries: 0, infra_retries: 0 });
    expect(at.main()).toBe(before);
  });

  it('the server’s hook declines: held with an alert, the verdict kept; released, it lands without another test', async () => {
    const hook = join(at.project.sample.origin, 'hooks', 'update');
    mkdirSync(join(at.project.sample.origin, 'hooks'), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\n[ "$1" = refs/heads/main ] || exit 0\necho freeze until Monday >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const before = at.main();
    const refused = await at.land('POLICY-1', '');
    expect(refused).toMatchObject({ outcome: 'held', verdict: 'PASS', result: 'POLICY', reason: { code: 'policy' } });
    expect(refused.reason.text).toContain('freeze until Monday');
    const { engine } = at.project;
    expect(engine.read.alerts().map(({ item }) => item)).toContain('POLICY-1');
    expect(engine.read.verdicts('POLICY-1')[0]).toMatchObject({ stage: 'merge', verdict: 'PASS' });
    expect(at.main()).toBe(before);
    rmSync(hook);
    const runs = at.runs;
    await engine.release('POLICY-1', 'person:ann', 'it is Monday');
    const landed = await at.again('POLICY-1');
    expect(landed).toMatchObject({ outcome: 'advanced', to: 'done', result: 'LANDED' });
    expect(at.merged(landed)?.test).toMatchObject({ state: 'proven', by: 'journal' });
    expect(at.runs).toBe(runs);
    expect(engine.read.landings('POLICY-1')).toMatchObject([{ tested: 'proven', commit_id: at.main() }]);
    expect(await engine.verify()).toEqual([]);
  });
});

it('a suite that does not end blames nobody: deferred, then held with an alert', async () => {
  const at = await Scripted.open({ timeout: '1s' }, { budgets: { infraRetries: 1 } });
  try {
    const before = at.main();
    const first = await at.land('SLOW-1', 'while :; do sleep 1; done');
    expect(first).toMatchObject({ outcome: 'deferred', verdict: null, result: 'TIMEOUT', reason: { code: 'timeout' } });
    expect(at.item('SLOW-1')).toMatchObject({ infra_retries: 1, developer_retries: 0 });
    expect(await at.again('SLOW-1', 'while :; do sleep 1; done')).toMatchObject({ outcome: 'held', verdict: null });
    expect(at.project.engine.read.alerts()).toMatchObject([{ item: 'SLOW-1', code: 'timeout' }]);
    expect(at.main()).toBe(before);
  } finally {
    await at.close();
  }
});
