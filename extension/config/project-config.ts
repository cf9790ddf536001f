import type { ReportFormat } from '../../runner-host/protocol/run-spec';
import type { StagingContainer, StagingTarget } from '../../runner-host/protocol/staging';

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
  /** Needed when `stages` holds `deploy-staging`. */
  staging: StagingConfig | null;
  /** Null: no merge gate, a person lands the branch. */
  merge: MergeConfig | null;
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
  report: { format: ReportFormat; path: string } | null;
  /** Least number of executed tests for a PASS: `base` = that of the last item that passed and landed, at least 1. */
  floor: 'base' | 'off' | number;
  /** Whether a red suite is run on base too, before the item is blamed. */
  redOnBase: boolean;
  /** Whether base's tests and the item's are run on each other's code, and whether new tests that prove nothing close the gate. */
  biteMatrix: 'off' | 'advisory' | 'required';
  /** How often (0 or 1) a red suite is run again on the same tree before it is decided. */
  rerunFailed: number;
  /** Flakes on record: green after red passes only where they alone were red. `until`: YYYY-MM-DD. */
  flaky: { test: string; suite?: string | undefined; reason: string; until: string }[];
  /** Patterns of what decides how tests run; a change is a finding for a person. `file#/pointer` for a part of a JSON file. */
  protected: string[];
  /** Patterns of test files. */
  files: string[];
  /** Read-only requests after a green suite. */
  smoke: SmokeConfig[];
  network: NetworkConfig;
  /** The failing test that proves the gate, where its framework is not recognised. */
  prove: { file: string; text: string } | null;
}

export interface StagingConfig {
  target: StagingTarget;
  /** Array: no shell. String: through the host's shell. */
  command: string[] | string;
  /** Absolute folder on the host. */
  cwd: string;
  timeoutMs: number;
  graceMs: number;
  env: Record<string, string>;
  container: StagingContainer | null;
  /** Prints the commit that the host serves; null: not proven. */
  servedCommit: string[] | string | null;
  report: { format: ReportFormat; path: string } | null;
  waivers: WaiverConfig[];
}

export interface MergeConfig {
  /** `always`: no PASS of the ledger saves the test of the candidate. */
  retest: 'always-unless-proven' | 'always';
  /** The suite does not look at git's history: a PASS of the same tree is a proof. */
  testsIgnoreHistory: boolean;
  /** Of the test of the candidate; null: that of `test.timeout`. */
  timeoutMs: number | null;
  /** Items that are tested together at most; 1: one after the other. */
  batch: number;
  style: 'merge' | 'squash';
  numbered: string[];
  generated: string[];
  changelog: string | null;
  submodules: 'refuse' | 'empty';
  security: { command: string[] | string; timeoutMs: number } | null;
  coverage: { path: string; format: 'lcov' | 'cobertura'; maxDrop: number } | null;
}

/** A staging check that may fail up to a day. */
export interface WaiverConfig {
  /** The check's name as the report gives it, or `suite > name`. */
  check: string;
  reason: string;
  /** Where its mending is followed. */
  reference: string;
  /** YYYY-MM-DD. */
  until: string;
}

export interface SmokeConfig {
  url: string;
  status: number;
  /** JSON pointer -> the value that must stand there. */
  json: Record<string, string | number | boolean | null>;
  timeoutMs: number;
}

/** What a run's processes may reach outside of this machine; everything else is refused. */
export interface NetworkConfig {
  /** `host` or `host:port`; may be written to only if `allowSandboxWrites` says so too. */
  sandbox: string[];
  allowSandboxWrites: boolean;
  /** Besides the package registries that are known: hosts with which programs may talk in a way that cannot be looked into. */
  read: string[];
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
