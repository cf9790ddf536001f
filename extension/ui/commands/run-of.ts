import type { ItemRef } from './item-ref';

/** The run that is named, else the one that is going, else the last one. */
export function runOf({ repository, item, run }: ItemRef): string | undefined {
  const { read } = repository.engine;
  return run ?? read.openJobs(item).at(-1)?.id ?? read.runs(item)[0]?.id;
}
