import { TestRunSpec } from '../../runner-host/protocol/run-spec';
import type { TestConfig } from '../config/project-config';
import { GitError } from '../git/git-error';
import type { LedgerReads } from '../ledger/ledger';
import type { JobRow } from '../ledger/rows';
import { artifactsFolder } from './artifacts-folder';
import type { AdvanceContext } from './context';
import { isUnexpired } from './flaky-court';
import { testRulesOf } from './findings/test-rules';
import { lastLanded, testFloor } from './floor';
import { foreignReport } from './gates/check-tests-passed';
import type { JobRules } from './job-rules';
import type { AdvanceReport } from './outcome';
import type { WorktreeState } from './ports';
import { nothingWritten, record, recordAndReport, refuseVisibly } from './record';
import { reportOnBranch } from './report-on-branch';

export type Started = { ok: true; job: JobRow } | { ok: false; report: AdvanceReport };

/** Checks that the worktree can be tested, then writes the intent to run: the host is asked only once that is on disk. */
export async function startTestRun(context: AdvanceContext): Promise<Started> {
  const { item, ports, loaded } = context;
  const { config } = loaded;
  const test = config.test;
  if (!test) {
    return refuse(
      context,
      'no-test-command',
      `interlock.json on ${loaded.base.branch} has no "test"`,
      'Add test.command there.',
    );
  }
  const folder = artifactsFolder(config, item.id);
  const worktree = await ports.git.worktree(item.worktree, test.report?.path ?? null);
  const unusable = whyUnusable(context, worktree);
  if (unusable)
    return { ok: false, report: await recordAndReport(context, { type: 'permanent', run: null, reason: unusable }) };
  if (worktree.state !== 'present') throw new Error('unreachable: an unusable worktree was reported above');
  const report = await reportOnBranch(context, 'worktree');
  const foreign = foreignReport({ item: item.id, report, artifacts: ports.ledger.read.artifacts(item.id) });
  if (foreign && !foreign.open) return { ok: false, report: await refuseVisibly(context, foreign.reason) };
  const dirty = worktree.dirty.filter((path) => !path.startsWith(`${folder}/`));
  if (dirty.length > 0) {
    const shown = dirty.slice(0, 5).join(', ') + (dirty.length > 5 ? `, and ${dirty.length - 5} more` : '');
    return refuse(
      context,
      'worktree-dirty',
      `the worktree has changes that no commit holds: ${shown}`,
      'Commit them, or remove them, then advance.',
    );
  }
  const run = ports.newRunId();
  const spec = TestRunSpec.parse(
    testRunSpec({ run, item: item.id, worktree: item.worktree, folder, test, head: worktree.head }),
  );
  const rules: JobRules = {
    ...testFloor(test, ports.ledger.read),
    base: loaded.base.commit,
    configHash: loaded.hash,
    fork: await forkOf(context, worktree.head),
    redOnBase: test.redOnBase,
    rerunFailed: test.rerunFailed,
    ...(test.biteMatrix !== 'off' && { biteMatrix: test.biteMatrix }),
    flaky: test.flaky.filter((flake) => isUnexpired(flake, ports.clock.now())).map(({ reason: _, ...flake }) => flake),
    testRules: testRulesOf(test),
    against: landedRun(ports.ledger.read),
  };
  const job: JobRow = {
    id: run,
    item: item.id,
    stage: item.stage,
    kind: 'test',
    head: worktree.head,
    tree: await ports.git.treeWithout(worktree.head, folder),
    spec: JSON.stringify(spec),
    rules: JSON.stringify(rules),
    created_at: ports.clock.now(),
    settled_at: null,
  };
  const recorded = await record(
    context,
    { type: 'run-started', run },
    { pre: [['jobs', run, null]], put: [['jobs', job]] },
  );
  if (!recorded.ok) return { ok: false, report: nothingWritten(item, 'refused', recorded.reason) };
  return { ok: true, job };
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

function whyUnusable(context: AdvanceContext, worktree: WorktreeState) {
  const { item } = context;
  switch (worktree.state) {
    case 'missing':
      return {
        code: 'worktree-missing',
        text: `the worktree ${item.worktree} is gone`,
        remedy: `git worktree add "${item.worktree}" ${item.branch}, then interlock release ${item.id}`,
      };
    case 'not-a-worktree':
      return {
        code: 'worktree-missing',
        text: `${item.worktree} is not a worktree of this repository: ${worktree.detail}`,
        remedy: `Move it away, git worktree add "${item.worktree}" ${item.branch}, then interlock release ${item.id}`,
      };
    case 'present':
      if (worktree.branch === item.branch) return undefined;
      return {
        code: 'worktree-elsewhere',
        text: `the worktree ${item.worktree} has ${worktree.branch ?? 'a detached HEAD'} checked out, not ${item.branch}`,
        remedy: `git -C "${item.worktree}" switch ${item.branch}, then interlock release ${item.id}`,
      };
  }
}

async function refuse(context: AdvanceContext, code: string, text: string, remedy: string): Promise<Started> {
  return { ok: false, report: await refuseVisibly(context, { code, text, remedy }) };
}
