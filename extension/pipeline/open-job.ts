import type { RunSpec } from '../../runner-host/protocol/runs';
import type { JobRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import type { AdvanceReport } from './outcome';
import { nothingWritten, record, refuseVisibly } from './record';

export type Started = { ok: true; job: JobRow } | { ok: false; report: AdvanceReport };

/** Writes the intent to run together with the item's step: the host is asked only once that is on disk. */
export async function openJob(
  context: AdvanceContext,
  facts: { run: string; standing: { head: string; tree: string }; spec: RunSpec; rules: object },
): Promise<Started> {
  const { item, ports } = context;
  const { run, standing, spec, rules } = facts;
  const job: JobRow = {
    id: run,
    item: item.id,
    stage: item.stage,
    kind: spec.kind,
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
    { pre: [['jobs', run, null]], put: [['jobs', job]] },
  );
  if (!recorded.ok) return { ok: false, report: nothingWritten(item, 'refused', recorded.reason) };
  return { ok: true, job };
}

/** Nothing is started, for a reason that the item then shows. */
export async function refuseStart(
  context: AdvanceContext,
  code: string,
  text: string,
  remedy: string,
): Promise<Started & { ok: false }> {
  return { ok: false, report: await refuseVisibly(context, { code, text, remedy }) };
}
