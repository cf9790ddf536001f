import { baseSection } from './base-section';
import { biteSection } from './bite-section';
import { crossCheck } from './cross-check';
import { failureSection } from './failure-section';
import { flakySection } from './flaky-section';
import { codeSpan, fenced, prose } from './markdown';
import { findingsSection } from './findings-section';
import { namesSection } from './names-section';
import { outsideSection, smokeSection } from './outside-section';
import { rerunSection } from './rerun-section';
import { shellWords } from './shell-words';
import type { TestReportInput, TestReportWord } from './test-report';

/** What people read: verdict, cross-check, failures first, what is cut, where the log is, how to run it again. */
export function reportBody(input: TestReportInput, word: TestReportWord): string {
  const { item, reason } = input;
  const sections = [
    `# Test report of ${codeSpan(item.id)}`,
    codeSpan(item.title),
    `**${word}**: ${prose(reason)}.`,
    crossCheck(input),
    failureSection(input.result),
    rerunSection(input.result),
    baseSection(input.evidence?.base),
    flakySection(input.evidence?.flaky),
    biteSection(input.evidence?.bite),
    findingsSection(input.evidence?.findings),
    namesSection(input.evidence?.names),
    smokeSection(input.result),
    outsideSection(input.result),
    logSection(input),
    repeatSection(input),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function logSection({ item, result }: TestReportInput): string {
  const { outputBytes, outputDropped } = result.supervision;
  const cut = outputDropped > 0 ? ` ${outputDropped} bytes were cut out of its middle.` : '';
  return [
    '## Log',
    '',
    `The whole output (${outputBytes} bytes) belongs to run ${codeSpan(result.run)}: ${codeSpan(`interlock report ${item.id} --run ${result.run}`)}.${cut}`,
  ].join('\n');
}

function repeatSection({ result, head }: TestReportInput): string {
  const command = result.supervision.resolvedCommand;
  if (command.length === 0) return '## Run it again\n\nThe command was never started.';
  return ['## Run it again', '', fenced(`git switch --detach ${head}\n${shellWords(command)}`, 'sh')].join('\n');
}
