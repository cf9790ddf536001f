/** interlock.json once read: defaults filled in, durations in ms. */
export interface ProjectConfig {
  base: string;
  /** Name of the remote that items land on; empty = the local base branch. */
  remote: string;
  /** Folder of the artifacts, relative to the repository's root, with `/`. */
  artifacts: string;
  /** Folder of the worktrees, relative to the main worktree, `${repo}` replaced by its name. */
  worktrees: string;
  /** In order; the last one is `done`. */
  stages: StageName[];
  budgets: Budgets;
  /** Needed when `stages` holds `testing`. */
  test: TestConfig | null;
}

export const STAGE_NAMES = [
  'analysis',
  'architecture',
  'development',
  'review',
  'testing',
  'deploy-staging',
  'merge',
  'deploy',
  'done',
] as const;
export type StageName = (typeof STAGE_NAMES)[number];

export interface Budgets {
  developerRetries: number;
  infraRetries: number;
}

export interface TestConfig {
  /** Array: no shell. String: through the shell. */
  command: string[] | string;
  cwd: string;
  timeoutMs: number;
  graceMs: number;
  env: Record<string, string>;
  passEnv: string[];
  report: { format: 'junit'; path: string } | null;
  /** Least number of executed tests for a PASS: `base` = that of the last item that passed and landed, at least 1. */
  floor: 'base' | 'off' | number;
}

/** One thing wrong with interlock.json, at its place. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  /** `test.timeout`; empty for the file as a whole. */
  key: string;
  message: string;
  remedy: string;
}

/** The configuration that decides: read from the base branch's commit, never from the item's branch. */
export interface LoadedConfig {
  config: ProjectConfig;
  base: { branch: string; commit: string };
  /** sha256 (hex) of the file's bytes. */
  hash: string;
}

export type ConfigReading = { ok: true; loaded: LoadedConfig } | { ok: false; problems: ConfigProblem[] };
