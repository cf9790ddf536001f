import type { ProjectConfig } from '../config/project-config';

/** Folder of the item's artifacts relative to its worktree: what the tested tree leaves out. */
export function artifactsFolder(config: Pick<ProjectConfig, 'artifacts'>, item: string): string {
  return `${config.artifacts}/${item}`;
}
