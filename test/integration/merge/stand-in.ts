import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { TreeReader } from '../../../runner-host/git/tree-reader';
import { noSupervision } from '../../../runner-host/runners/no-supervision';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import type { RunOutcome } from '../../../runner-host/runners/run-context';

/** Runs the command without supervision, with the tree proven before and after as the test-runner does. */
export async function standInRun(spec: TestRunSpec, env: NodeJS.ProcessEnv): Promise<RunOutcome> {
  const trees = new TreeReader({
    worktree: spec.worktree,
    artifacts: spec.artifacts,
    scratch: join(spec.worktree, '..', `scratch.${spec.run}`),
    env,
    signal: new AbortController().signal,
  });
  try {
    const head = await trees.head();
    const tree = await trees.tree([]);
    const startedAt = Date.now();
    const [program = '', ...args] = typeof spec.command === 'string' ? ['/bin/sh', '-c', spec.command] : spec.command;
    const run = spawnSync(program, args, { cwd: spec.worktree, env, timeout: spec.timeoutMs, encoding: 'utf8' });
    const treeAfter = await trees.tree([]);
    const supervision = { ...noSupervision(startedAt), exitCode: run.status, signal: run.signal };
    const common = { run: spec.run, item: spec.item, kind: 'test' as const, supervision };
    const proof = { head, tree, treeAfter, headAfter: head, changed: await trees.changed(tree, treeAfter) };
    const result: TestRunResult =
      (run.error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT'
        ? { status: 'infra', ...common, tree: proof, cause: 'timeout', detail: 'still running' }
        : { status: 'suite-ran', ...common, tree: proof, report: { state: 'not-configured' } };
    return { result, cases: null };
  } finally {
    await trees.close();
  }
}
