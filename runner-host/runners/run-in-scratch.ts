import type { TestRunSpec } from '../protocol/run-spec';
import { GitFailure } from '../git/run-git';
import { isDiskFull } from './judge-end';
import { noSupervision } from './no-supervision';
import type { RunContext, RunOutcome } from './run-context';
import { makeScratch, removeScratch } from './scratch-worktree';
import { runTests } from './test-runner';

/** Runs the tests in a worktree that is made for it and removed again, however the run ends. Never throws. */
export async function runInScratch(spec: TestRunSpec, context: RunContext): Promise<RunOutcome> {
  const startedAt = Date.now();
  try {
    context.onStep('running', 'making a worktree');
    await makeScratch(spec, context.env, context.stop);
    return await runTests(spec, context);
  } catch (error) {
    const { run, item, kind } = spec;
    const supervision = noSupervision(startedAt);
    return {
      result: { status: 'infra', run, item, kind, supervision, tree: null, ...whyNotMade(error, context.stop) },
      cases: null,
    };
  } finally {
    await removeScratch(spec, context.env).catch((error: Error) =>
      context.log(`${spec.worktree} left behind: ${error.message}`),
    );
  }
}

function whyNotMade(error: unknown, stop: AbortSignal) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (stop.aborted) return { cause: 'cancelled' as const, detail: String(stop.reason) };
  if (isDiskFull(code) || /No space left/.test(message)) return { cause: 'disk-full' as const, detail: message };
  const cause = error instanceof GitFailure ? ('worktree-unreadable' as const) : ('spawn-failed' as const);
  return { cause, detail: `the scratch worktree could not be made: ${message}` };
}
