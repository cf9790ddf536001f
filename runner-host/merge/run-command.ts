import { INFRA_CLASS, type TestRunResult } from '../protocol/result';
import type { MergeCommand, MergeTest } from '../protocol/merge';
import type { MergeOutcome } from '../protocol/merge-outcome';
import type { Gate } from './gate';
import { infra } from './gate-stop';
import { addWorktree, removeWorktree } from './worktrees';

/** How one supervised command in a worktree of the gate's ended. */
export interface CommandEnd {
  state: 'green' | 'red' | 'timeout' | 'infra' | 'dirty';
  result: TestRunResult;
  test: Extract<MergeTest, { state: 'ran' }>;
}

export interface CommandRequest {
  of: 'test' | 'security' | 'base';
  item: string;
  command: MergeCommand;
  commit: string;
  tree: string;
}

/**
 * Runs a command on a commit, in a worktree that is made for it and removed again. `read` looks at the worktree while it stands. The tree on
 * disk is proven to be the commit's before and after. Throws `GitFailure` and `GateStop` where the worktree can't be made.
 */
export async function runOnCommit<T>(
  gate: Gate,
  request: CommandRequest,
  read: (worktree: string, end: CommandEnd) => Promise<T>,
): Promise<{ end: CommandEnd; seen: T }> {
  const { spec, context, mirror } = gate;
  const { item, command, commit, tree } = request;
  const worktree = await addWorktree(mirror.git, {
    folder: gate.worktrees,
    name: gate.nextName(request.of),
    commit,
    target: mirror.target,
    packagesFrom: spec.packagesFrom,
    env: context.env,
  });
  try {
    await gate.reach('worktree');
    const { result } = await context.runCommand({
      ...command,
      kind: 'test',
      run: spec.run,
      item,
      worktree,
      // The whole tree is what lands, so the whole tree is what is proven.
      artifacts: '',
      head: commit,
    });
    if (result.kind !== 'test') throw new Error(`run ${result.run} is no test run`);
    gate.lastSupervision = result.supervision;
    const end: CommandEnd = {
      state: stateOf(result, tree, request.of),
      result,
      test: { state: 'ran', commit, tree, result },
    };
    return { end, seen: await read(worktree, end) };
  } finally {
    await removeWorktree(mirror.git, worktree).catch((error: Error) =>
      context.log(`${worktree} left behind: ${error.message}`),
    );
  }
}

/** An exit code counts only for the tree that was asked about. */
function stateOf(result: TestRunResult, tree: string, of: CommandRequest['of']): CommandEnd['state'] {
  if (result.status === 'infra') return result.cause === 'timeout' ? 'timeout' : 'infra';
  const { tree: proof, supervision, report } = result;
  if (proof === null || proof.tree !== tree || proof.treeAfter === null) return 'infra';
  if (supervision.exitCode !== 0) return 'red';
  // A scanner may leave its files: it says nothing by them, and its worktree is thrown away.
  if (of !== 'security' && proof.treeAfter !== proof.tree) return 'dirty';
  if (report.state === 'missing' || report.state === 'unreadable') return 'red';
  if (report.state === 'read' && report.failed + report.errored > 0) return 'red';
  return 'green';
}

/** The outcome of a command that was neither green nor red. */
export function notJudged({ state, result }: CommandEnd, of: 'test' | 'security', timeoutMs: number): MergeOutcome {
  const step = of === 'test' ? 'TEST' : 'SECURITY';
  if (state === 'timeout')
    return {
      outcome: 'TIMEOUT',
      of,
      timeoutMs,
      detail: `the ${of === 'test' ? 'suite' : 'security command'} was still running after ${timeoutMs} ms`,
      remedy: 'It is tried again. If it lasts: raise "merge.timeout", or find what hangs',
    };
  if (result.status === 'suite-ran')
    return infra(
      'command-infra',
      step,
      'the tree on disk could not be proven to be the candidate, so its exit code says nothing',
    );
  const cls = INFRA_CLASS[result.cause];
  return infra('command-infra', step, `${result.cause}: ${result.detail}`, { cause: result.cause, class: cls });
}

/** What a service answered after a green suite: a wrong answer is the code's, none is nobody's. */
export function judgeSmoke({ smoke = [] }: TestRunResult): { state: 'right' | 'wrong' | 'none'; detail: string } {
  const line = (outcome: 'wrong' | 'none') => {
    const found = smoke.find((answer) => answer.outcome === outcome);
    return found === undefined ? null : { state: outcome, detail: `${found.url}: ${found.detail}` };
  };
  return line('wrong') ?? line('none') ?? { state: 'right', detail: '' };
}
