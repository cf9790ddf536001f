import type { RunningView } from '../../../webview/protocol';
import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow, JobRow } from '../../ledger/rows';
import type { RunActivity } from '../activity';
import { clock, oneLine, shortId } from '../format';
import * as messages from '../messages';
import * as words from '../staging-messages';
import { attempts } from './attempts';
import { stagingSpec } from './staging-spec';

/** What a panel shows of a run that has no result yet. */
export function runningView(
  item: ItemRow,
  job: JobRow,
  activity: RunActivity | undefined,
  read: LedgerReads,
  now: number,
): RunningView {
  const target = job.kind === 'staging' ? stagingSpec(job.spec)?.target : undefined;
  const known = activity?.run === job.id ? activity : undefined;
  return {
    item: item.id,
    title: oneLine(item.title, 300),
    run: job.id,
    sentence: messages.runGoing(known?.state ?? 'running', known?.position ?? null),
    banner: target?.transport === 'demo' ? words.demoRunning() : null,
    facts: [
      ...(target
        ? [
            { label: words.hostLabel(), value: oneLine(target.transport === 'demo' ? words.demoHost() : target.host) },
            { label: words.transportLabel(), value: words.transport(target.transport) },
          ]
        : []),
      { label: messages.startedLabel(), value: clock(job.created_at, now) },
      { label: messages.headLabel(), value: shortId(job.head), title: job.head },
      { label: messages.treeLabel(), value: shortId(job.tree), title: job.tree },
      { label: messages.runLabel(), value: job.id },
    ],
    attempts: attempts(read.runs(item.id), (id) => read.verdict(id), job, job.id, now),
  };
}
