import type { RunResult } from '../../runner-host/protocol/runs';
import type { ProjectConfig } from '../config/project-config';
import type { ItemRow, JobRow, RunRow, VerdictRow } from '../ledger/rows';
import type { AdvanceContext } from './context';
import type { RunEvidence } from './gates/check-provenance';
import type { GateAnswer } from './gates/gate';
import type { Judgement } from './judgement';
import type { AdvanceReport, Verdict } from './outcome';
import type { ArtifactKind } from './report-on-branch';

/** What a decided run says of itself in the advance's report. */
export interface DecidedFacts {
  run: string;
  result: string;
  verdict: Verdict;
}

/** What the stages of runners differ in: how a result is settled, committed and decided is the same for all of them. */
export interface RunnerStage<F extends { run: string }> {
  producer: string;
  artifact: ArtifactKind<F>;
  /** What the artifact is called in the subject of its commit. */
  noun: string;
  /** By the job's own rules, fixed when it was started: every process judges alike. */
  judge(result: RunResult, job: JobRow): Judgement;
  /** The base branch's commit and the configuration's hash that the job was started under. */
  rulesOf(job: JobRow): { base: string; configHash: string };
  /** The words of the command. */
  command(result: RunResult, job: JobRow): readonly string[];
  /** From the ledger's rows alone: the same bytes whenever and wherever it is rendered. */
  render(
    config: Pick<ProjectConfig, 'artifacts'>,
    item: ItemRow,
    rows: { job: JobRow; run: RunRow; verdict: VerdictRow },
  ): { path: string; text: string };
  gate(evidence: RunEvidence<F>): GateAnswer;
  /** What keeps an item from passing though its gate is open; undefined: nothing. */
  holdPass(context: AdvanceContext, facts: DecidedFacts): Promise<AdvanceReport | undefined>;
  /** What a pass says besides its reason; may be empty. */
  passNote(context: AdvanceContext, run: string): string;
}
