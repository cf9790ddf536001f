import type { Node } from 'jsonc-parser';
import { property } from './json-source';
import type { Finding } from './finding';
import { STAGE_NAMES, type StageName } from './project-config';

/**
 * Rules between values. They look at the file's own nodes, so that they speak also where another key is wrong;
 * a value of the wrong type is left to the schema.
 */
export function checkMeaning(root: Node): Finding[] {
  const stages = property(root, 'stages')?.value;
  return [
    ...(stages?.type === 'array' ? checkStages(stages) : []),
    ...checkTest(root, stages),
    ...checkStaging(root, stages),
    ...checkMerge(root),
  ];
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

/** Without the key all stages are there. */
function hasStage(stages: Node | undefined, name: StageName): boolean {
  return stages === undefined || (stages.children ?? []).some((node) => node.value === name);
}

function checkTest(root: Node, stages: Node | undefined): Finding[] {
  const test = property(root, 'test')?.value;
  const tests = hasStage(stages, 'testing');
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

function checkStaging(root: Node, stages: Node | undefined): Finding[] {
  const staging = property(root, 'staging')?.value;
  if (staging === undefined)
    return hasStage(stages, 'deploy-staging')
      ? [
          {
            path: [],
            key: 'staging',
            message: 'The key is missing: the stage "deploy-staging" needs a host and a command',
            remedy:
              'Write for example: "staging": { "host": "staging.example.com", "command": ["./staging_check.sh"], "cwd": "/srv/app" } - or list "stages" without "deploy-staging"',
          },
        ]
      : [];
  const findings: Finding[] = [];
  if (staging.type === 'object' && property(staging, 'host') === undefined && transportOf(staging) !== 'demo')
    findings.push({
      path: ['staging'],
      key: 'host',
      message: 'The key is missing: it must be the name or address of the staging host',
      remedy: 'Write for example: "host": "staging.example.com" - or "transport": "demo" to try it without one',
    });
  const report = property(staging, 'report')?.value;
  const waivers = property(staging, 'waivers')?.value;
  const none = report === undefined || property(report, 'format')?.value.value === 'none';
  if (none && (waivers?.children ?? []).length > 0)
    findings.push({
      path: ['staging', 'waivers'],
      message: 'A failing check can be waived only by its name in a report',
      remedy: 'Add "report": { "format": "junit", "path": "staging.xml" }, or remove the waivers',
    });
  return findings;
}

function checkMerge(root: Node): Finding[] {
  const merge = property(root, 'merge')?.value;
  if (property(merge, 'coverage') === undefined || property(root, 'test') !== undefined) return [];
  return [
    {
      path: ['merge', 'coverage'],
      message: 'There is no "test" that would write the coverage report',
      remedy: 'Add "test", or remove "coverage"',
    },
  ];
}

const transportOf = (staging: Node): unknown => property(staging, 'transport')?.value.value;
