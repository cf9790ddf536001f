import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { leave } from '../../../extension/cli/leave';
import { runMerge } from '../../../runner-host/merge/run-merge';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import type { MergeRunSpec } from '../../../runner-host/protocol/merge';
import { noSupervision } from '../../../runner-host/runners/no-supervision';

/** What a driver process is told, by a file. */
export interface DriverTask {
  folder: string;
  env: Record<string, string>;
  /** One run of the gate each, in this order. */
  specs: MergeRunSpec[];
  /** Ended items, one line of JSON each: `item`, `outcome`. */
  results: string;
  /** Every run of the suite: the tested tree. */
  tests: string;
  /** The process dies at the n-th time that it comes to this point. */
  dieAt: { point: string; n: number } | null;
}

/** Lands the items one after the other, as a runner host would; ends with 3 when one did not land. */
async function main(task: DriverTask): Promise<number> {
  const table = openProcessTable();
  const done = existsSync(task.results) ? readFileSync(task.results, 'utf8') : '';
  let seen = 0;
  for (const spec of task.specs) {
    if (done.includes(`"${spec.item}"`)) continue;
    const result = await runMerge(spec, {
      folder: task.folder,
      me: ownIdentity(table),
      table,
      env: task.env,
      log: (line) => process.stderr.write(`${line}\n`),
      stop: new AbortController().signal,
      onStep: () => undefined,
      reach: (point) => {
        writeSync(1, '.');
        if (task.dieAt?.point === point && ++seen === task.dieAt.n) process.kill(process.pid, 'SIGKILL');
        return Promise.resolve();
      },
      // One look at the worktree stands for a suite: what is tried here is the gate.
      runCommand: ({ worktree, run, item, head }) => {
        const tree = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], {
          cwd: worktree,
          env: task.env,
          encoding: 'utf8',
        }).trim();
        const exitCode = spec.items.every((one) => existsSync(join(worktree, `${one.item}.txt`))) ? 0 : 1;
        appendFileSync(task.tests, `${tree}\n`);
        const supervision = { ...noSupervision(Date.now()), exitCode };
        const proof = { head, tree, treeAfter: tree, headAfter: head, changed: [] };
        const report = { state: 'not-configured' as const };
        return Promise.resolve({
          result: { status: 'suite-ran' as const, run, item, kind: 'test' as const, supervision, tree: proof, report },
          cases: null,
        });
      },
    });
    if (result.status !== 'gate-ended') return 4;
    for (const { item, outcome } of result.items) {
      if (outcome.outcome !== 'LANDED' && outcome.outcome !== 'ALREADY_LANDED') {
        process.stderr.write(`${item}: ${JSON.stringify(outcome)}\n`);
        return outcome.outcome === 'INFRA' || outcome.outcome === 'LOCK_BUSY' ? 3 : 5;
      }
    }
    appendFileSync(
      task.results,
      result.items.map(({ item, outcome }) => `${JSON.stringify({ item, outcome })}\n`).join(''),
    );
  }
  return 0;
}

main(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as DriverTask).then(leave, (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  leave(6);
});
