import type { LoadedConfig } from '../config/project-config';
import type { Lease, ProcessIdentity } from '../ledger/lease';
import type { Ledger } from '../ledger/ledger';
import type { ItemRow } from '../ledger/rows';
import type { Clock, Git, Host, Names } from './ports';
import type { Progress } from './progress';

/** Everything that the pipeline reaches outside itself. */
export interface PipelinePorts {
  ledger: Ledger;
  host: Host;
  git: Git;
  names: Names;
  /** The git folder that all worktrees of the repository share. */
  repository: { commonDir: string };
  clock: Clock;
  /** In [0, 1). */
  random(): number;
  newRunId(): string;
  /** Who takes leases: this process. */
  identity: ProcessIdentity;
}

/** One advance of one item, under its lease. */
export interface AdvanceContext {
  ports: PipelinePorts;
  loaded: LoadedConfig;
  item: ItemRow;
  lease: Lease;
  actor: string;
  signal: AbortSignal | undefined;
  onProgress: (progress: Progress) => void;
}
