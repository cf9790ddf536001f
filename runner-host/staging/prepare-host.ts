import type { CommandLine, ReportPlace } from '../protocol/run-spec';
import type { StagingContainer } from '../protocol/staging';
import type { Classification } from '../ssh/staging-evidence';
import { oneLine } from './causes';
import { commandText } from './command-text';
import { CONTAINER_FAULTS, containerPreflight } from './container-text';
import { removeReports } from './report-text';
import { serve, type ServiceTools } from './service-run';
import type { SessionEnd } from './session';

const MOST_BYTES = 256 * 1024;
const READY = 'ready\n';

export interface Preparation {
  runId: string;
  token: string;
  cwd: string;
  container: StagingContainer | null;
  servedCommit: CommandLine | null;
  report: ReportPlace | null;
  attachOnly?: boolean;
}

export type Served =
  /** null: nobody says what the host serves. */
  | { ok: true; commit: string | null }
  | { ok: false; found: Classification; end: SessionEnd }
  | { ok: false; class: 'permanent-env' | 'transient-infra'; cause: string; facts: string };

/** The text for the host: what must be as it should before `ready` is printed, then the command that tells the served commit. */
export function preparationText({
  container,
  servedCommit,
  report,
}: Pick<Preparation, 'container' | 'servedCommit' | 'report'>): string {
  return [
    'fault() { echo "fault $1"; exit 0; }',
    ...(container === null ? [] : [containerPreflight(container)]),
    ...(report === null ? [] : [removeReports(report.path)]),
    'echo ready',
    ...(servedCommit === null ? [] : [commandText(servedCommit)]),
  ].join('\n');
}

/** Before the suite: container there, old reports gone, what is served. Null where nothing is to be done. Never rejects. */
export async function prepareHost(preparation: Preparation, tools: ServiceTools): Promise<Served | null> {
  const { container, servedCommit, report } = preparation;
  if (container === null && servedCommit === null && report === null) return null;
  return ask(preparation, preparationText(preparation), tools);
}

/** After the suite: what is served now. Null where nobody says it. Never rejects. */
export async function servedAfter(preparation: Preparation, tools: ServiceTools): Promise<Served | null> {
  const { servedCommit } = preparation;
  if (servedCommit === null) return null;
  return ask(preparation, preparationText({ container: null, servedCommit, report: null }), tools);
}

async function ask(preparation: Preparation, command: string, tools: ServiceTools): Promise<Served> {
  const { runId, token, cwd, servedCommit, attachOnly = false } = preparation;
  const answer = await serve({ runId, token, workdir: cwd, command, mostBytes: MOST_BYTES, attachOnly }, tools);
  return answer.ok ? readAnswer(answer.code, answer.output.toString('utf8'), servedCommit !== null) : answer;
}

/** What the text on the host printed. The first line is ours: nothing foreign is printed before it. */
export function readAnswer(code: number, output: string, served: boolean): Served {
  const fault = /^fault ([a-z-]+)\n/.exec(output)?.[1];
  if (fault !== undefined) {
    const known = CONTAINER_FAULTS[fault as keyof typeof CONTAINER_FAULTS] ?? 'permanent-env';
    return { ok: false, class: known, cause: fault, facts: '' };
  }
  if (!output.startsWith(READY)) {
    return { ok: false, class: 'permanent-env', cause: 'preparation-failed', facts: oneLine(output) };
  }
  const text = output.slice(READY.length);
  if (!served) return { ok: true, commit: null };
  if (code !== 0) {
    return {
      ok: false,
      class: 'permanent-env',
      cause: 'served-commit-failed',
      facts: `exit code ${code}: ${oneLine(text)}`,
    };
  }
  return { ok: true, commit: oneLine(text) };
}
