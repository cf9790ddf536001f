import type { Finding, FindingEvidence } from './evidence';
import { codeSpan, prose } from './markdown';

const WORDS = {
  protected: 'protected',
  'test-file': 'test file',
  'skip-mark': 'skip marks',
  'base-tests': 'tests of base',
} as const;

/** What the item changed of that by which it is judged. Empty where it changed nothing of it. */
export function findingsSection(findings: FindingEvidence | undefined): string {
  if (!findings || findings.count === 0) return '';
  const grave = findings.first.filter((one) => one.needsPerson);
  const others = findings.first.filter((one) => !one.needsPerson);
  const parts = ['## Findings'];
  if (findings.hash)
    parts.push(`A person must look at these (set ${codeSpan(findings.hash.slice(0, 12))}):`, list(grave));
  if (others.length > 0) parts.push('Changed tests:', list(others));
  const more = findings.count - findings.first.length;
  if (more > 0) parts.push(`${more} more are left out here.`);
  return parts.join('\n\n');
}

function list(findings: readonly Finding[]): string {
  return findings.map(({ kind, path, detail }) => `- ${codeSpan(path)}: ${WORDS[kind]} ${prose(detail)}`).join('\n');
}
