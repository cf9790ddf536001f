import type { StagingRunResult } from '../../runner-host/protocol/staging';
import type { FrontMatterFailure } from './front-matter';
import { isoTime } from './iso-time';
import { readFields } from './read-fields';
import { shellWords } from './shell-words';
import { provenCommit, waivedFailures } from './staging-facts';
import { stagingLogBody } from './staging-log-body';
import type { WaiverUse } from './waiver-use';
import { writeFrontMatter } from './write-front-matter';

/** File name of the staging log in the item's artifacts folder. */
export const STAGING_LOG = '15-staging-log.md';

export interface StagingLogInput {
  item: { id: string; title: string };
  result: StagingRunResult;
  /** PASS | FAIL | INCONCLUSIVE; null where the run says nothing about the code. */
  verdict: string | null;
  /** Why, in a sentence, and what helps. */
  reason: string;
  remedy: string;
  head: string;
  tree: string;
  base: string;
  /** The words as they were given to the host. */
  command: readonly string[];
  container: { engine: string; name: string } | null;
  /** Whether the commit that the host serves was asked for, and which it had to be. */
  served: { asked: boolean; commit: string; sameContent?: readonly string[] | undefined };
  waivers: readonly WaiverUse[];
  producer: string;
}

/** Words of `staging_status`. SUCCESS alone can open a gate. */
const STATUSES = ['SUCCESS', 'FAILED'] as const;
export type StagingStatus = (typeof STATUSES)[number];

export interface StagingLogFields {
  staging_status: StagingStatus;
  run: string;
  tree: string;
  head: string;
  base: string;
  command: string;
  exit_code: number | null;
  tests: number | null;
  failed: number | null;
  skipped: number | null;
  /** Failed checks that may fail. */
  waived: number;
  duration_ms: number;
  started_at: string;
  producer: string;
  host: string;
  /** What the host served before and after the suite; `not proven` where it was not asked. */
  served_commit: string;
}

/**
 * The text of the log: a function of its input alone, byte for byte the same whenever it is written again. SUCCESS is written
 * only for a suite that ran and was green, or whose failed checks are all waived, whatever verdict comes in.
 */
export function writeStagingLog(input: StagingLogInput): string {
  const { result } = input;
  const { remote } = result;
  const status: StagingStatus = input.verdict === 'PASS' && mayPass(input) ? 'SUCCESS' : 'FAILED';
  const counts = result.status === 'suite-ran' && result.report.state === 'read' ? result.report : null;
  const machine = writeFrontMatter([
    ['staging_status', { plain: status }],
    ['run', result.run],
    ['tree', input.tree],
    ['head', input.head],
    ['base', input.base],
    ['command', shellWords(input.command)],
    ['exit_code', remote.exitCode],
    ['tests', counts?.tests ?? null],
    ['failed', counts ? counts.failed + counts.errored : null],
    ['skipped', counts?.skipped ?? null],
    ['waived', waivedFailures(input).length],
    ['duration_ms', remote.durationMs],
    ['started_at', isoTime(remote.startedAt)],
    ['producer', input.producer],
    ['host', remote.host],
    ['served_commit', provenCommit(input) ?? 'not proven'],
  ]);
  return `${machine}\n${stagingLogBody(input, status)}`;
}

function mayPass(input: StagingLogInput): boolean {
  const { result, served } = input;
  if (result.status !== 'suite-ran' || (served.asked && provenCommit(input) === null)) return false;
  const { report, remote } = result;
  const failed = report.state === 'read' ? report.failed + report.errored : 0;
  if (remote.exitCode === 0)
    return report.state === 'not-configured' || (report.state === 'read' && failed === 0 && report.passed > 0);
  if (remote.exitCode === null || report.state !== 'read') return false;
  return (
    failed > 0 && report.passed > 0 && report.failures.length === failed && waivedFailures(input).length === failed
  );
}

/** The machine keys of a staging log, or why they cannot be had. Every key must be there, once, with a value of its kind. */
export function readStagingLog(
  content: string | Uint8Array,
): { ok: true; fields: StagingLogFields } | FrontMatterFailure {
  return readFields(content, ({ text, word, whole, count }) => ({
    staging_status: word('staging_status', STATUSES),
    run: text('run'),
    tree: text('tree'),
    head: text('head'),
    base: text('base'),
    command: text('command'),
    exit_code: count('exit_code'),
    tests: count('tests'),
    failed: count('failed'),
    skipped: count('skipped'),
    waived: whole('waived'),
    duration_ms: whole('duration_ms'),
    started_at: text('started_at'),
    producer: text('producer'),
    host: text('host'),
    served_commit: text('served_commit'),
  }));
}
