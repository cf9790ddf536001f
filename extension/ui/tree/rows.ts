import type { Activity } from '../activity';
import * as messages from '../messages';
import { queuedRow, queueRow } from '../merge/queue-rows';
import { doneItems, queuesOf, type TreeSource } from './children';
import { itemMark, itemRow, lastMove } from './item-row';
import type { TreeNode } from './nodes';
import type { TreeRow } from './row';
import { artifactRow, jobRow, runRow } from './run-row';
import { stageRow } from './stage-row';

/** The line for any node, or undefined for one whose rows are gone from the ledger. */
export function rowOf(
  node: TreeNode,
  source: TreeSource,
  { name, root }: { name: string; root: string },
  activity: Activity,
  now: number,
): TreeRow | undefined {
  const { read, stages } = source;
  switch (node.kind) {
    case 'repository':
      return plain(name, root, 'repo', 'repository', 'expanded', root);
    case 'closed':
      return plain(messages.doneGroup(), String(doneItems(source).length), 'pass-filled', 'closed', 'collapsed', '');
    case 'more':
      return plain(messages.showMore(), '', 'ellipsis', 'more', 'leaf', '');
    case 'queue':
    case 'queued': {
      const queue = queuesOf(source).find(({ base }) => base === node.base);
      if (!queue) return undefined;
      return node.kind === 'queue' ? queueRow(queue, now) : queuedRow(queue, node.item, read, now);
    }
    case 'item': {
      const item = read.item(node.item);
      if (!item) return undefined;
      const transitions = read.transitions(item.id);
      return itemRow({
        item,
        move: lastMove(transitions),
        activity: activity.of(item.id),
        // Rows of runs hold whole reports: too much to read for every line of the tree.
        hasRun: transitions.some((row) => row.run !== null),
        leased: read.lease(item.id) !== undefined,
        landed: (item.condition === 'done' || item.stage === 'deploy') && read.landings(item.id).length > 0,
        now,
      });
    }
    case 'stage': {
      const item = read.item(node.item);
      if (!item) return undefined;
      const transitions = read.transitions(item.id);
      return stageRow({
        item,
        stage: node.stage,
        stages,
        transitions,
        current: itemMark({ item, move: lastMove(transitions), activity: activity.of(item.id) }),
        hasChildren: [...read.openJobs(item.id), ...read.runs(item.id), ...read.artifacts(item.id)].some(
          (row) => row.stage === node.stage,
        ),
        now,
      });
    }
    case 'run': {
      const runs = read.runs(node.item);
      const at = runs.findIndex((run) => run.id === node.run);
      const run = runs[at];
      if (run) return runRow(run, read.verdict(run.id), runs.length - at, now);
      const job = read.job(node.run);
      return job && jobRow(job, activity.of(node.item), runs.length + 1, now);
    }
    case 'artifact': {
      const artifact = read.artifacts(node.item).find((row) => row.id === node.artifact);
      return artifact && artifactRow(artifact, now);
    }
  }
}

function plain(
  label: string,
  description: string,
  icon: string,
  context: string,
  folding: TreeRow['folding'],
  tooltip: string,
): TreeRow {
  return {
    label,
    description,
    tooltip: tooltip || label,
    icon,
    colour: null,
    spoken: description ? `${label}, ${description}` : label,
    context,
    folding,
  };
}
