import type { Node } from 'jsonc-parser';
import { property } from './json-source';
import type { Finding } from './finding';
import { STAGE_NAMES } from './project-config';

/**
 * Rules between values. They look at the file's own nodes, so that they speak also where another key is wrong;
 * a value of the wrong type is left to the schema.
 */
export function checkMeaning(root: Node): Finding[] {
  const stages = property(root, 'stages')?.value;
  return [...(stages?.type === 'array' ? checkStages(stages) : []), ...checkTest(root, stages)];
}

function checkStages(stages: Node): Finding[] {
  const findings: Finding[] = [];
  const names = (stages.children ?? []).map((node): unknown => node.value);
  let latest = -1;
  for (const [index, name] of names.entries()) {
    const rank = STAGE_NAMES.findIndex((known) => known === name);
    if (rank === -1) continue;
    const path = ['stages', index];
    if (names.indexOf(name) < index)
      findings.push({ path, message: `The stage "${STAGE_NAMES[rank]}" is there twice`, remedy: 'Keep one' });
    else if (rank < latest)
      findings.push({
        path,
        message: `The stage "${STAGE_NAMES[rank]}" comes before "${STAGE_NAMES[latest]}"`,
        remedy: `The order is ${STAGE_NAMES.join(', ')}`,
      });
    latest = Math.max(latest, rank);
  }
  if (names.at(-1) !== 'done')
    findings.push({ path: ['stages'], message: 'The last stage must be "done"', remedy: 'Put "done" at the end' });
  return findings;
}

function checkTest(root: Node, stages: Node | undefined): Finding[] {
  const test = property(root, 'test')?.value;
  const tests = stages === undefined || (stages.children ?? []).some((node) => node.value === 'testing');
  if (test === undefined)
    return tests
      ? [
          {
            path: [],
            key: 'test',
            message: 'The key is missing: the stage "testing" needs a command',
            remedy: 'Write for example: "test": { "command": ["npm", "test"] } - or list "stages" without "testing"',
          },
        ]
      : [];
  const floor = property(test, 'floor')?.value;
  const report = property(test, 'report')?.value;
  const format: unknown = property(report, 'format')?.value.value;
  if (floor?.type === 'number' && (report === undefined || format === 'none'))
    return [
      {
        path: ['test', 'floor'],
        message: 'A number of tests cannot be proven without a report',
        remedy: 'Add "report": { "format": "junit", "path": ... }, or set "floor" to "off"',
      },
    ];
  return [];
}
