interface Placed {
  /** Unique and stable: VS Code keeps expansion and selection by it. */
  id: string;
  /** The repository's git common directory. */
  repository: string;
}

export type TreeNode =
  | (Placed & { kind: 'repository' })
  | (Placed & { kind: 'item'; item: string })
  | (Placed & { kind: 'stage'; item: string; stage: string })
  | (Placed & { kind: 'run'; item: string; stage: string; run: string })
  | (Placed & { kind: 'artifact'; item: string; stage: string; artifact: string })
  | (Placed & { kind: 'queue'; base: string })
  | (Placed & { kind: 'queued'; base: string; item: string })
  | (Placed & { kind: 'closed' })
  | (Placed & { kind: 'more' });

export type NodeKind = TreeNode['kind'];

const joined = (...parts: string[]): string => parts.join('\u0000');

export const repositoryNode = (repository: string): TreeNode => ({
  kind: 'repository',
  id: joined('repository', repository),
  repository,
});
export const itemNode = (repository: string, item: string): TreeNode => ({
  kind: 'item',
  id: joined('item', repository, item),
  repository,
  item,
});
export const stageNode = (repository: string, item: string, stage: string): TreeNode => ({
  kind: 'stage',
  id: joined('stage', repository, item, stage),
  repository,
  item,
  stage,
});
export const runNode = (repository: string, item: string, stage: string, run: string): TreeNode => ({
  kind: 'run',
  id: joined('run', repository, run),
  repository,
  item,
  stage,
  run,
});
export const artifactNode = (repository: string, item: string, stage: string, artifact: string): TreeNode => ({
  kind: 'artifact',
  id: joined('artifact', repository, artifact),
  repository,
  item,
  stage,
  artifact,
});
export const queueNode = (repository: string, base: string): TreeNode => ({
  kind: 'queue',
  id: joined('queue', repository, base),
  repository,
  base,
});
export const queuedNode = (repository: string, base: string, item: string): TreeNode => ({
  kind: 'queued',
  id: joined('queued', repository, base, item),
  repository,
  base,
  item,
});
export const closedNode = (repository: string): TreeNode => ({
  kind: 'closed',
  id: joined('closed', repository),
  repository,
});
export const moreNode = (repository: string): TreeNode => ({
  kind: 'more',
  id: joined('more', repository),
  repository,
});
