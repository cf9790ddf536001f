import type { CaseResult } from '../../runner-host/protocol/result';
import { failureSection } from './failure-section';
import { codeSpan, prose } from './markdown';
import { rerunSection } from './rerun-section';
import { shellWords } from './shell-words';
import { provenCommit, waivedFailures } from './staging-facts';
import type { StagingLogInput, StagingStatus } from './staging-log';
import type { WaiverUse } from './waiver-use';

const MOST_NAMES = 50;

/** What people read: verdict, how it ran and where, what was served, waivers, failures, where the log is, what to do. */
export function stagingLogBody(input: StagingLogInput, status: StagingStatus): string {
  const { item, verdict, reason, remedy } = input;
  const word = verdict === null || verdict === 'PASS' || verdict === 'FAIL' ? status : `${status} (${verdict})`;
  const sections = [
    `# Staging log of ${codeSpan(item.id)}`,
    codeSpan(item.title),
    `**${word}**: ${prose(reason)}.`,
    runSection(input),
    waiverSection(input),
    failureSection(input.result),
    rerunSection(input.result),
    logSection(input),
    remedy === '' ? '' : `## What to do\n\n${prose(remedy)}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function runSection(input: StagingLogInput): string {
  const { result, command, container } = input;
  const { remote } = result;
  const facts: [string, string][] = [
    ['host', `${codeSpan(remote.host)}, by ${prose(remote.transport)}`],
    ['command', command.length === 0 ? 'none' : codeSpan(shellWords(command))],
    ...(container ? [['container', `${codeSpan(container.name)} (${container.engine})`] as [string, string]] : []),
    ['exit code', `${remote.exitCode ?? 'not known'}, after ${(remote.durationMs / 1000).toFixed(1)} s`],
    ...(result.status === 'infra'
      ? [['the suite ran', `no: ${prose(result.cause)} (${prose(result.detail)})`] as [string, string]]
      : [['checks', counts(result.report)] as [string, string]]),
    ['served commit', servedText(input)],
    ['connections', String(remote.connections)],
    ['processes left', remote.survivors === null ? 'not known' : String(remote.survivors)],
  ];
  return [
    '## Run',
    '',
    '| fact | value |',
    '| --- | --- |',
    ...facts.map(([name, text]) => `| ${name} | ${text} |`),
  ].join('\n');
}

function counts(report: (StagingLogInput['result'] & { status: 'suite-ran' })['report']): string {
  switch (report.state) {
    case 'not-configured':
      return 'no report is configured: their number is not proven';
    case 'missing':
      return `the report is missing: ${prose(report.path)}`;
    case 'unreadable':
      return `the report ${prose(report.path)} cannot be trusted: ${prose(report.reason)}`;
    case 'read':
      return `${report.tests}: ${report.passed} passed, ${report.failed} failed, ${report.errored} with errors, ${report.skipped} skipped`;
  }
}

function servedText({ served, result }: StagingLogInput): string {
  if (!served.asked) return 'served commit not proven';
  const said = result.served;
  if (said === null) return `not known; it must be ${codeSpan(served.commit)}`;
  const after = said.after === null ? 'not known' : codeSpan(said.after);
  const proven = provenCommit({ served, result });
  const same = proven !== null && proven !== served.commit;
  const rule = same ? `the content is that of ${codeSpan(served.commit)}` : `it must be ${codeSpan(served.commit)}`;
  return `before ${codeSpan(said.before)}, after ${after}; ${rule}`;
}

/** Empty where the project waives nothing. */
function waiverSection(input: StagingLogInput): string {
  const { waivers, result } = input;
  if (waivers.length === 0) return '';
  const ran = result.status === 'suite-ran' && result.report.state === 'read' ? result.report : null;
  const applied = waivers.filter(({ use }) => use === 'applied');
  const lines = [
    ...(applied.length === 0 ? ['waived: none'] : applied.map((waiver) => `waived: ${waiverText(waiver)}`)),
    ...(ran === null ? ['No report names the failed checks, so no waiver applies.'] : [realFailed(input, ran)]),
    ...waivers.filter(({ use }) => use === 'expired').map((waiver) => `expired: ${waiverText(waiver)}`),
    ...waivers.filter(({ use }) => use === 'unused').map((waiver) => `unused: ${waiverText(waiver)}`),
  ];
  return ['## Waivers', '', ...lines.map((line) => `- ${line}`)].join('\n');
}

function waiverText({ check, reason, reference, until }: WaiverUse): string {
  return `${codeSpan(check)}, until ${prose(until)}: ${prose(reason)} (${prose(reference)})`;
}

function realFailed(
  input: StagingLogInput,
  report: { failed: number; errored: number; failures: CaseResult[] },
): string {
  const waived = new Set(waivedFailures(input));
  const real = report.failures.filter((check) => !waived.has(check));
  const count = Math.max(report.failed + report.errored, report.failures.length) - waived.size;
  if (count === 0) return 'REAL failed: none';
  const names = real.slice(0, MOST_NAMES).map(({ name }) => codeSpan(name));
  const more = count - names.length;
  return `REAL failed: ${[...names, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`;
}

function logSection({ item, result }: StagingLogInput): string {
  const { outputBytes, outputDropped } = result.remote;
  const cut = outputDropped > 0 ? ` ${outputDropped} bytes were cut out of its middle.` : '';
  const show = codeSpan(`interlock report ${item.id} --run ${result.run}`);
  return [
    '## Log',
    '',
    `The whole output (${outputBytes} bytes) belongs to run ${codeSpan(result.run)}: ${show}.${cut}`,
  ].join('\n');
}
