import type { MergeProof } from '../../../runner-host/protocol/merge';
import { MergeCommand } from '../../../runner-host/protocol/merge';
import { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import type { MergeConfig } from '../../config/project-config';
import type { Precondition } from '../../ledger/ledger';
import type { JobRow } from '../../ledger/rows';
import type { AdvanceContext } from '../context';
import type { Started } from '../open-job';
import { nothingWritten, record, refuseVisibly } from '../record';
import { whyFrozen } from './merge-queue';
import { mergeRunSpec, testKey } from './merge-spec';
import type { MergeRules } from './merge-rules';
import { standingBranch } from './standing-branch';
import type { Member } from './members';

/** Checks that what would land is what passed, then writes the intent to land: the host is asked only once that is on disk. */
export async function startMergeRun(
  context: AdvanceContext,
  merge: MergeConfig,
  members: readonly Member[],
): Promise<Started> {
  const { item, ports, loaded } = context;
  const { read } = ports.ledger;
  const standing = await standingBranch(context);
  if (!standing.ok) return { ok: false, report: await refuseVisibly(context, standing.reason) };
  const run = ports.newRunId();
  const spec = mergeRunSpec(loaded.config, merge, read, {
    run,
    repository: ports.repository.commonDir,
    items: [{ row: item, head: standing.head }, ...members.map(({ item: row, head }) => ({ row, head }))],
    proven: members.length === 0 ? await provenTree(context, standing) : [],
  });
  const rules: MergeRules = {
    base: loaded.base.commit,
    configHash: loaded.hash,
    demands: { test: spec.test !== null, security: spec.security !== null, coverage: spec.coverage !== null },
  };
  const job: JobRow = {
    id: run,
    item: item.id,
    stage: item.stage,
    kind: 'merge',
    head: standing.head,
    tree: standing.tree,
    spec: JSON.stringify(spec),
    rules: JSON.stringify(rules),
    created_at: ports.clock.now(),
    settled_at: null,
  };
  const recorded = await record(
    context,
    { type: 'run-started', run },
    { pre: [['jobs', run, null], stillOpen(context)], put: [['jobs', job]] },
  );
  if (recorded.ok) return { ok: true, job };
  // Frozen in this very moment, perhaps: that is said then.
  const frozen = whyFrozen(read, item.base);
  return {
    ok: false,
    report: frozen ? await refuseVisibly(context, frozen) : nothingWritten(item, 'refused', recorded.reason),
  };
}

/** The queue is as it was when it was found open. */
function stillOpen({ ports, item }: AdvanceContext): Precondition {
  const row = ports.ledger.read.queue(item.base);
  return ['queues', item.base, row ? { state: 'open', at: row.at } : null];
}

/** The PASS of the branch's own test, by tree: the gate takes it only where the project says that its tests ignore history. */
async function provenTree(
  { ports, item, loaded }: AdvanceContext,
  standing: { head: string; tree: string },
): Promise<MergeProof[]> {
  const { read } = ports.ledger;
  const tested = read.verdicts(item.id).find((verdict) => verdict.stage === 'testing');
  const job = tested?.verdict === 'PASS' && tested.tree === standing.tree ? read.job(tested.id) : undefined;
  if (!job || !loaded.config.merge?.testsIgnoreHistory) return [];
  // The reports' folder is no part of what is tested, and lands with it.
  const whole = await ports.git.treeWithout(standing.head, '.interlock/no such folder');
  return [{ commit: standing.head, tree: whole, key: testKey(commandOf(job.spec)) }];
}

function commandOf(spec: string): MergeCommand {
  const {
    kind: _kind,
    run: _run,
    item: _item,
    worktree: _worktree,
    artifacts: _artifacts,
    head: _head,
    scratch: _scratch,
    ...command
  } = TestRunSpec.parse(JSON.parse(spec));
  return MergeCommand.parse(command);
}
