import type { TestRunResult } from '../../../runner-host/protocol/result';
import { TestRunSpec } from '../../../runner-host/protocol/run-spec';
import { testResult } from '../../../runner-host/protocol/runs';
import type { LoadedConfig, TestConfig } from '../../config/project-config';
import type { PipelinePorts } from '../context';
import type { Reason } from '../outcome';
import type { Progress } from '../progress';
import { judgeProof, standing, unproven, type ProofFinding } from './judge-proof';
import { choosePlantedTest, type PlantedTest, type ProjectFiles } from './planted-test';
import { recordProof } from './proof-record';

/** Stands for the work item in a proof's runs; no item can have this id. */
export const PROOF_ITEM = '(proof)';

/** The repository as a proof needs it. */
export interface ProvedRepository {
  /** The main worktree: scratch worktrees are made beside it and borrow its installed packages. */
  root: string;
  /** Paths of all files of a commit. */
  list(commit: string): Promise<string[]>;
}

interface ProofFacts {
  /** The base branch's commit that was tried. */
  base: string;
  planted: { framework: string; path: string } | null;
  /** What the suite says of base as it is; null: it was not run. */
  baseStanding: { word: string; text: string } | null;
  /** Ids of the runs: base, then base with the planted test. */
  runs: string[];
}
export type ProofReport = ProofFacts & ProofFinding;

export interface ProveCommand {
  actor: string;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Shows whether the project's gate can go red: runs the suite on base, then on base with a test that must fail, through the
 * same host and runner as every item's. Sighted or blind is kept in the ledger; a blind gate passes nothing.
 */
export async function proveGate(
  ports: PipelinePorts,
  loaded: LoadedConfig,
  repository: ProvedRepository,
  command: ProveCommand,
): Promise<ProofReport> {
  const { test } = loaded.config;
  const base = loaded.base.commit;
  const facts: ProofFacts = { base, planted: null, baseStanding: null, runs: [] };
  const tell = (finding: ProofFinding): ProofReport => ({ ...facts, ...finding });
  if (!test) return tell(unproven('no-test-command', 'interlock.json has no "test"', 'Add test.command there'));
  const going = await clearWay(ports);
  if (going) return tell(going);
  const files: ProjectFiles = {
    paths: await repository.list(base),
    read: async (path) => (await ports.git.readFile(base, path))?.toString('utf8') ?? null,
  };
  const plant = test.prove ? configured(test.prove) : await choosePlantedTest(test, files);
  if (!plant) return tell(unknownFramework());
  facts.planted = { framework: plant.framework, path: plant.path };
  if (files.paths.includes(plant.path)) return tell(placeTaken(plant.path));
  const run = async (planted?: PlantedTest): Promise<TestRunResult> => {
    const id = ports.newRunId();
    facts.runs.push(id);
    return runOnce(ports, proofSpec(id, repository.root, base, test, planted), command);
  };
  const before = await run();
  facts.baseStanding = standing(before);
  if (before.status === 'infra') return tell(noRun('base', before));
  const after = await run(plant);
  if (after.status === 'infra') return tell(noRun('the planted test', after));
  const finding = judgeProof(before, after, plant);
  const { outcome, reason } = finding;
  if (outcome !== 'unproven') {
    const at = ports.clock.now();
    await recordProof(ports.ledger, { state: outcome, actor: command.actor, reason: reason.text, at });
  }
  return tell(finding);
}

/** Results that an earlier proof left are forgotten; why not to begin, where one is still going. */
async function clearWay({ host }: PipelinePorts): Promise<ProofFinding | undefined> {
  const { runs } = await host.request('run/list', {});
  const earlier = runs.filter((run) => run.item === PROOF_ITEM);
  const going = earlier.find((run) => run.state !== 'finished');
  if (going)
    return unproven('proof-going', `another proof is going (run ${going.run})`, 'Wait for it, then: interlock prove');
  for (const { run } of earlier) await host.request('run/acknowledge', { run });
  return undefined;
}

const configured = ({ file, text }: NonNullable<TestConfig['prove']>): PlantedTest => ({
  framework: 'configured',
  path: file,
  text,
});

const unknownFramework = (): ProofFinding =>
  unproven(
    'framework-unknown',
    'the test command names no framework that is known here, so no failing test can be written for it',
    'Say which file makes the suite fail: "prove": { "file": ..., "text": ... } under "test" in interlock.json',
  );

const placeTaken = (path: string): ProofFinding =>
  unproven(
    'place-taken',
    `${path} is on base already`,
    'Rename it, or name another place: test.prove in interlock.json',
  );

function proofSpec(run: string, root: string, head: string, test: TestConfig, plant?: PlantedTest): TestRunSpec {
  const { command, cwd, timeoutMs, graceMs, env, passEnv, report, network } = test;
  const scratch = { from: root, ...(plant ? { plant: { path: plant.path, text: plant.text } } : {}) };
  const facts = { run, item: PROOF_ITEM, worktree: `${root}.${run}`, artifacts: '', head, scratch };
  return TestRunSpec.parse({ kind: 'test', ...facts, command, cwd, timeoutMs, graceMs, env, passEnv, report, network });
}

async function runOnce({ host }: PipelinePorts, spec: TestRunSpec, command: ProveCommand): Promise<TestRunResult> {
  const { run, item } = spec;
  const { signal, onProgress = () => undefined } = command;
  await host.request('run/start', { spec });
  // The answer is the run's own end; a cancel that does not arrive leaves the run to its time-out.
  const cancel = (): void =>
    void host.request('run/cancel', { run, reason: `cancelled by ${command.actor}` }).catch(() => undefined);
  signal?.addEventListener('abort', cancel, { once: true });
  if (signal?.aborted) cancel();
  try {
    const { result } = await host.follow(run, 0, {
      output: (event) => onProgress({ kind: 'output', item, run, ...event }),
      step: ({ state, position }) => onProgress({ kind: 'run', item, run, state, position }),
    });
    if (!result) throw new Error(`the runner host gives no result of run ${run}`);
    await host.request('run/acknowledge', { run });
    return testResult(result);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function noRun(what: string, result: TestRunResult & { status: 'infra' }): ProofFinding {
  const reason: Reason = {
    code: result.cause,
    text: `the suite could not be run with ${what}: ${result.detail}`,
    remedy: 'Mend that, then: interlock prove',
  };
  return { outcome: 'unproven', reason };
}
