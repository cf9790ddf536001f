import type { RunningView } from '../../../webview/protocol';
import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow, JobRow } from '../../ledger/rows';
import type { RunActivity } from '../activity';
import { clock, oneLine, shortId } from '../format';
import * as messages from '../messages';
import { attempts } from './attempts';

/** What a panel shows of a run that has no result yet. */
export function runningView(
  item: ItemRow,
  job: JobRow,
  activity: RunActivity | undefined,
  read: LedgerReads,
  now: number,
): RunningView {
  const known = activity?.run === job.id ? activity : undefined;
  return {
    item: item.id,
    title: oneLine(item.title, 300),
    run: job.id,
    sentence: messages.runGoing(known?.state ?? 'running', known?.position ?? null),
    facts: [
      { label: messages.startedLabel(), value: clock(job.created_at, now) },
      { label: messages.headLabel(), value: shortId(job.head), title: job.head },
      { label: messages.treeLabel(), value: shortId(job.tree), title: job.tree },
      { label: messages.runLabel(), value: job.id },
    ],
    attempts: attempts(read.runs(item.id), (id) => read.verdict(id), job, job.id, now),
  };
}
