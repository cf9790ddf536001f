import { StagingRunSpec } from '../../../runner-host/protocol/staging';
import type { StagingConfig } from '../../config/project-config';
import type { AdvanceContext } from '../context';
import { openJob, refuseStart, type Started } from '../open-job';
import type { Reason } from '../outcome';
import { refuseVisibly } from '../record';
import { STAGING_ARTIFACT } from '../report-on-branch';
import { standingWorktree } from '../standing-worktree';
import type { StagingRules } from './staging-rules';

/** Checks that the branch holds what was tested, then writes the intent to run: the host is asked only once that is on disk. */
export async function startStagingRun(context: AdvanceContext): Promise<Started> {
  const { item, ports, loaded } = context;
  const staging = loaded.config.staging;
  if (!staging) {
    const what = `interlock.json on ${loaded.base.branch} has no "staging"`;
    return refuseStart(context, 'no-staging-host', what, 'Add staging.host, staging.command and staging.cwd there.');
  }
  const standing = await standingWorktree(context, STAGING_ARTIFACT);
  if (!standing.ok) return standing;
  const tested = testedCommit(context, standing.tree);
  if (!tested.ok) return { ok: false, report: await refuseVisibly(context, tested.reason) };
  const run = ports.newRunId();
  const commit = commitToServe(context, standing);
  const sameContent = tested.commit === null || tested.commit === commit ? undefined : [tested.commit];
  const spec = stagingRunSpec(staging, { run, item: item.id, head: commit, sameContent });
  const rules: StagingRules = {
    base: loaded.base.commit,
    configHash: loaded.hash,
    served: { asked: staging.servedCommit !== null, commit, ...(sameContent && { sameContent }) },
    report: staging.report !== null,
    waivers: staging.waivers,
    at: ports.clock.now(),
  };
  return openJob(context, { run, standing, spec, rules });
}

/**
 * The commit that passed `testing`; null where the project does not test. Only the tree of the newest verdict there may be
 * looked at on staging, and only if it passed. Its commit is often the one that was deployed: the tip is Interlock's report.
 */
function testedCommit(
  { item, ports, loaded }: AdvanceContext,
  tree: string,
): { ok: true; commit: string | null } | { ok: false; reason: Reason } {
  if (!loaded.config.stages.includes('testing')) return { ok: true, commit: null };
  const tested = ports.ledger.read.verdicts(item.id).find((verdict) => verdict.stage === 'testing');
  if (tested?.verdict === 'PASS' && tested.tree === tree) return { ok: true, commit: tested.head };
  const reason = {
    code: 'forged-or-stale',
    text:
      tested?.verdict === 'PASS'
        ? `${item.branch} is no longer at the tested tree ${tested.tree.slice(0, 8)}`
        : `the ledger's newest test verdict for ${item.id} is ${tested?.verdict ?? 'missing'}, not PASS`,
    remedy: `interlock send-back ${item.id}, then test it again`,
  };
  return { ok: false, reason };
}

/**
 * The branch's tip when the item came to the stage with this tree. Logs that Interlock commits there move the tip and not the
 * tree: who has deployed what was asked for must not be asked for another commit because of that.
 */
function commitToServe({ item, ports }: AdvanceContext, standing: { head: string; tree: string }): string {
  const { read } = ports.ledger;
  const came = read
    .transitions(item.id)
    .findLast((row) => row.to_stage === item.stage && row.from_stage !== item.stage);
  const before = read
    .runs(item.id)
    .filter((run) => run.kind === 'staging' && run.tree === standing.tree)
    .map((run) => read.job(run.id))
    .find((job) => job !== undefined && job.created_at >= (came?.at ?? 0));
  return before ? StagingRunSpec.parse(JSON.parse(before.spec)).head : standing.head;
}

function stagingRunSpec(
  staging: StagingConfig,
  facts: Pick<StagingRunSpec, 'run' | 'item' | 'head' | 'sameContent'>,
): StagingRunSpec {
  const { target, command, cwd, timeoutMs, graceMs, env, container, servedCommit, report } = staging;
  return StagingRunSpec.parse({
    kind: 'staging',
    ...facts,
    target,
    command,
    cwd,
    timeoutMs,
    graceMs,
    env,
    container,
    servedCommit,
    report,
  } satisfies StagingRunSpec);
}
