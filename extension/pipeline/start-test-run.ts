import { TestRunSpec } from '../../runner-host/protocol/run-spec';
import type { TestConfig } from '../config/project-config';
import { GitError } from '../git/git-error';
import type { LedgerReads } from '../ledger/ledger';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import { testRulesOf } from './findings/test-rules';
import { lastLanded, testFloor } from './floor';
import type { JobRules } from './job-rules';
import { openJob, refuseStart, type Started } from './open-job';
import { TEST_ARTIFACT } from './report-on-branch';
import { standingWorktree } from './standing-worktree';
import { isUnexpired } from './unexpired';

/** Checks that the worktree can be tested, then writes the intent to run: the host is asked only once that is on disk. */
export async function startTestRun(context: AdvanceContext): Promise<Started> {
  const { item, ports, loaded } = context;
  const { config } = loaded;
  const test = config.test;
  if (!test) {
    return refuseStart(
      context,
      'no-test-command',
      `interlock.json on ${loaded.base.branch} has no "test"`,
      'Add test.command there.',
    );
  }
  const folder = artifactsFolder(config, item.id);
  const standing = await standingWorktree(context, TEST_ARTIFACT);
  if (!standing.ok) return standing;
  const run = ports.newRunId();
  const spec = TestRunSpec.parse(
    testRunSpec({ run, item: item.id, worktree: item.worktree, folder, test, head: standing.head }),
  );
  const rules: JobRules = {
    ...testFloor(test, ports.ledger.read),
    base: loaded.base.commit,
    configHash: loaded.hash,
    fork: await forkOf(context, standing.head),
    redOnBase: test.redOnBase,
    rerunFailed: test.rerunFailed,
    ...(test.biteMatrix !== 'off' && { biteMatrix: test.biteMatrix }),
    flaky: test.flaky.filter((flake) => isUnexpired(flake, ports.clock.now())).map(({ reason: _, ...flake }) => flake),
    testRules: testRulesOf(test),
    against: landedRun(ports.ledger.read),
  };
  return openJob(context, { run, standing, spec, rules });
}

function landedRun(read: LedgerReads): JobRules['against'] {
  const landed = lastLanded(read);
  return landed ? { item: landed.item, run: landed.run } : null;
}

/** Where the branch and base part today: what was merged in since is not the item's. As when it was added, if git cannot say. */
async function forkOf({ ports, loaded, item }: AdvanceContext, head: string): Promise<string> {
  try {
    return (await ports.git.mergeBase(loaded.base.commit, head)) ?? item.base_commit;
  } catch (error) {
    if (error instanceof GitError) return item.base_commit;
    throw error;
  }
}

function testRunSpec(facts: {
  run: string;
  item: string;
  worktree: string;
  folder: string;
  test: TestConfig;
  head: string;
}): TestRunSpec {
  const { run, item, worktree, folder, test, head } = facts;
  const { command, cwd, timeoutMs, graceMs, env, passEnv, report, network, smoke } = test;
  return {
    kind: 'test',
    run,
    item,
    worktree,
    artifacts: folder,
    command,
    cwd,
    timeoutMs,
    graceMs,
    env,
    passEnv,
    report,
    network,
    ...(smoke.length > 0 ? { smoke } : {}),
    head,
  };
}
