import type { StageName } from '../config/project-config';

/** What makes a stage's artifact. `person-or-agent`: no exit code can make it. */
export type Producer = 'person-or-agent' | 'test-runner' | 'staging-runner' | 'landing' | 'deploy-runner' | 'nobody';

export interface Stage {
  name: StageName;
  producer: Producer;
  /** Where a FAIL verdict sends the item; null = it is held where it stands. */
  onFail: StageName | null;
  /**
   * Whether a person may move the item on without a gate (`release`), recorded as that person's decision.
   * Never where a verdict or the remote can be asked instead.
   */
  movableByPerson: boolean;
}

/** The default pipeline: transitions other than those that follow from this table are refused. */
export const STAGES: readonly Stage[] = [
  { name: 'analysis', producer: 'person-or-agent', onFail: null, movableByPerson: true },
  { name: 'architecture', producer: 'person-or-agent', onFail: null, movableByPerson: true },
  { name: 'development', producer: 'person-or-agent', onFail: null, movableByPerson: true },
  { name: 'review', producer: 'person-or-agent', onFail: 'development', movableByPerson: true },
  { name: 'testing', producer: 'test-runner', onFail: 'development', movableByPerson: false },
  { name: 'deploy-staging', producer: 'staging-runner', onFail: 'development', movableByPerson: false },
  { name: 'merge', producer: 'landing', onFail: 'development', movableByPerson: false },
  { name: 'deploy', producer: 'deploy-runner', onFail: null, movableByPerson: true },
  { name: 'done', producer: 'nobody', onFail: null, movableByPerson: false },
];

/** The stage's row, or undefined for a name that the table does not know. */
export function stageOf(name: string): Stage | undefined {
  return STAGES.find((stage) => stage.name === name);
}

/** The stage after this one in a project's own order, or undefined at its end or for a stage that it leaves out. */
export function nextStage(stages: readonly StageName[], current: string): StageName | undefined {
  const at = stages.findIndex((stage) => stage === current);
  return at < 0 ? undefined : stages[at + 1];
}
