import type { LedgerReads } from '../../ledger/ledger';
import type { ItemRow } from '../../ledger/rows';
import { mergeQueues, type MergeQueue } from '../merge/queue-model';
import {
  artifactNode,
  closedNode,
  itemNode,
  moreNode,
  queuedNode,
  queueNode,
  repositoryNode,
  runNode,
  stageNode,
  type TreeNode,
} from './nodes';
import { stagesShown } from './stage-row';

/** What the tree needs to know of one repository. */
export interface TreeSource {
  key: string;
  read: LedgerReads;
  stages: readonly string[];
  /** Whether the merge gate lands what comes to `merge`: only then is there a queue. */
  lands: boolean;
}

/** Done items are drawn this many at a time: they only ever grow. */
export const DONE_PAGE = 50;
/** Older runs of a stage are in `Interlock: Open Report`. */
const RUNS_SHOWN = 20;

const byId = new Intl.Collator('en', { numeric: true });

/** The first level: the repositories if there are several, else the items of the only one. */
export function rootNodes(sources: readonly TreeSource[]): TreeNode[] {
  const [only] = sources;
  if (!only) return [];
  if (sources.length === 1) return itemNodes(only);
  return sources.map((source) => repositoryNode(source.key));
}

function itemNodes(source: TreeSource): TreeNode[] {
  const open: string[] = [];
  let done = 0;
  for (const item of source.read.items()) {
    if (item.condition === 'done') done += 1;
    else open.push(item.id);
  }
  open.sort(byId.compare);
  const nodes = open.map((id) => itemNode(source.key, id));
  const queues = queuesOf(source).map(({ base }) => queueNode(source.key, base));
  return [...queues, ...nodes, ...(done > 0 ? [closedNode(source.key)] : [])];
}

/** The queues that have a line of their own. */
export function queuesOf({ read, lands }: TreeSource): MergeQueue[] {
  return lands ? mergeQueues(read) : [];
}

/** Done items, the one that was closed last first. */
export function doneItems(source: TreeSource): ItemRow[] {
  return source.read
    .items()
    .filter((item) => item.condition === 'done')
    .sort((a, b) => b.since - a.since || byId.compare(a.id, b.id));
}

/** The nodes below a node; `doneShown` says how many done items are unfolded. */
export function childNodes(node: TreeNode, source: TreeSource, doneShown: number): TreeNode[] {
  switch (node.kind) {
    case 'repository':
      return itemNodes(source);
    case 'closed': {
      const done = doneItems(source);
      const nodes = done.slice(0, doneShown).map((item) => itemNode(source.key, item.id));
      return done.length > doneShown ? [...nodes, moreNode(source.key)] : nodes;
    }
    case 'item': {
      const item = source.read.item(node.item);
      return item ? stagesShown(source.stages, item.stage).map((stage) => stageNode(source.key, item.id, stage)) : [];
    }
    case 'stage':
      return stageChildren(node, source);
    case 'queue':
      return (queuesOf(source).find(({ base }) => base === node.base)?.entries ?? []).map(({ item }) =>
        queuedNode(source.key, node.base, item),
      );
    case 'run':
    case 'artifact':
    case 'more':
    case 'queued':
      return [];
  }
}

function stageChildren({ item, stage }: TreeNode & { kind: 'stage' }, { key, read }: TreeSource): TreeNode[] {
  const going = read.openJobs(item).filter((job) => job.stage === stage);
  const runs = read.runs(item).filter((run) => run.stage === stage);
  const artifacts = newestByPath(read, item, stage);
  return [
    ...going.map((job) => runNode(key, item, stage, job.id)),
    ...runs.slice(0, RUNS_SHOWN).map((run) => runNode(key, item, stage, run.id)),
    ...artifacts.map((id) => artifactNode(key, item, stage, id)),
  ];
}

/** A report is written anew by every run: only the file that lies there now is worth a line. */
function newestByPath(read: LedgerReads, item: string, stage: string): string[] {
  const newest = new Map<string, { id: string; at: number }>();
  for (const artifact of read.artifacts(item)) {
    if (artifact.stage !== stage) continue;
    const known = newest.get(artifact.path);
    if (!known || known.at <= artifact.at) newest.set(artifact.path, { id: artifact.id, at: artifact.at });
  }
  return [...newest.values()].map(({ id }) => id);
}

/** The node above, or undefined on the first level. */
export function parentNode(node: TreeNode, source: TreeSource, several: boolean): TreeNode | undefined {
  const top = several ? repositoryNode(node.repository) : undefined;
  switch (node.kind) {
    case 'repository':
      return undefined;
    case 'closed':
    case 'queue':
      return top;
    case 'queued':
      return queueNode(node.repository, node.base);
    case 'more':
      return closedNode(node.repository);
    case 'item':
      return source.read.item(node.item)?.condition === 'done' ? closedNode(node.repository) : top;
    case 'stage':
      return itemNode(node.repository, node.item);
    case 'run':
    case 'artifact':
      return stageNode(node.repository, node.item, node.stage);
  }
}
