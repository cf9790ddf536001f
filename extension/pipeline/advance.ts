import { ConfigError } from '../config/config-error';
import type { ConfigReading, LoadedConfig } from '../config/project-config';
import { releaseLease, takeLease } from '../ledger/lease';
import { advanceLanding } from './advance-landing';
import { advanceTesting } from './advance-testing';
import type { AdvanceContext, PipelinePorts } from './context';
import type { AdvanceReport } from './outcome';
import { advanceMerge } from './merge/advance-merge';
import { reserveForStage } from './merge/reserve-for-stage';
import type { Progress } from './progress';
import { nothingWritten, recordAndReport, refuseVisibly } from './record';
import { stageOf } from './stages';
import { advanceStaging } from './staging/advance-staging';

export interface AdvanceCommand {
  item: string;
  actor: string;
  until?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Takes an item one stage on, or with `until` as far as that stage. The only way to move an item by evidence; whoever asks
 * (a person, the deferral timer, the reconciler) goes through it.
 * @returns the report of the last step
 * @throws ConfigError before anything is written when interlock.json cannot be used
 */
export async function advance(
  ports: PipelinePorts,
  config: ConfigReading,
  command: AdvanceCommand,
): Promise<AdvanceReport> {
  if (!config.ok) throw new ConfigError(config.problems);
  const { until } = command;
  if (until !== undefined && !config.loaded.config.stages.some((stage) => stage === until)) {
    const known = config.loaded.config.stages.join(', ');
    const reason = { code: 'unknown-stage', text: `this project has no stage "${until}"`, remedy: `Stages: ${known}` };
    return nothingWritten({ id: command.item, stage: '' }, 'refused', reason);
  }
  let first: AdvanceReport | undefined;
  for (;;) {
    const report = await advanceOnce(ports, config.loaded, command);
    first ??= report;
    if (until === undefined || report.outcome !== 'advanced' || report.to === until || report.to === 'done') {
      return { ...report, from: first.from };
    }
  }
}

async function advanceOnce(
  ports: PipelinePorts,
  loaded: LoadedConfig,
  command: AdvanceCommand,
): Promise<AdvanceReport> {
  const { ledger } = ports;
  await ledger.refresh();
  const known = ledger.read.item(command.item);
  if (!known) {
    const reason = { code: 'unknown-item', text: `there is no work item ${command.item}`, remedy: 'interlock list' };
    return nothingWritten({ id: command.item, stage: '' }, 'refused', reason);
  }
  const taken = await takeLease(ledger, known.id, ports.identity, command.actor);
  if (!taken.ok) {
    const { owner, liveness } = taken;
    const wait = `Wait for it, or stop it with: interlock cancel ${known.id}`;
    const reason = {
      code: liveness === 'unknown' ? 'lease-unknown' : 'lease-held',
      text: `${owner.actor} is advancing it (process ${owner.pid} on ${owner.host}, ${liveness})`,
      remedy: liveness === 'unknown' ? `${wait}. If it is gone: interlock release-lease ${known.id} --force` : wait,
    };
    return nothingWritten(known, 'refused', reason);
  }
  try {
    const item = ledger.read.item(known.id) ?? known;
    const context: AdvanceContext = {
      ports,
      loaded,
      item,
      lease: taken.lease,
      actor: command.actor,
      signal: command.signal,
      onProgress: command.onProgress ?? (() => undefined),
    };
    return await produce(context);
  } finally {
    await releaseLease(ledger, taken.lease);
  }
}

async function produce(context: AdvanceContext): Promise<AdvanceReport> {
  const { item, loaded } = context;
  const hold = context.ports.ledger.read.hold(item.id);
  if (hold)
    return nothingWritten(item, 'held', { code: hold.code, text: hold.reason, remedy: hold.remedy }, { run: hold.run });
  const stage = stageOf(item.stage);
  if (!stage || !loaded.config.stages.includes(stage.name)) {
    return refuseVisibly(context, {
      code: 'stage-not-configured',
      text: `${item.id} stands at ${item.stage}, which interlock.json on ${loaded.base.branch} leaves out`,
      remedy: `interlock send-back ${item.id}`,
    });
  }
  const unreserved = stage.name === 'architecture' ? await reserveForStage(context) : undefined;
  if (unreserved) return unreserved;
  switch (stage.producer) {
    case 'test-runner':
      return advanceTesting(context);
    case 'staging-runner':
      return advanceStaging(context);
    case 'landing':
      return loaded.config.merge ? advanceMerge(context, loaded.config.merge) : advanceLanding(context);
    case 'nobody':
      return nothingWritten(item, 'refused', {
        code: 'already-done',
        text: `${item.id} is done`,
        remedy: 'interlock list',
      });
    case 'person-or-agent':
    case 'deploy-runner':
      return waitForPerson(context);
  }
}

/** Nothing here can be decided by an exit code: the item says so, once, and stays. */
async function waitForPerson(context: AdvanceContext): Promise<AdvanceReport> {
  const { item } = context;
  const reason = {
    code: 'waiting-for-producer',
    text: `${item.stage} is waiting for a person or an agent`,
    remedy: `When it is done: interlock release ${item.id}`,
  };
  if (item.condition === 'waiting') return nothingWritten(item, 'waiting', reason);
  return recordAndReport(context, { type: 'wait', reason });
}
