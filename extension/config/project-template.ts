import type { ProjectFacts } from './detect-project';
import type { Detected } from './detect/detected';

/** The text of a first interlock.json. Without a test command it has a gap, and Interlock says so until it is filled. */
export function projectTemplate(found: Detected | undefined, { base, remote }: ProjectFacts): string {
  const lines = [
    '// What Interlock runs and demands. It is read from the last commit of the base branch: a change counts once it is there.',
    '{',
    `  "base": ${JSON.stringify(base)},`,
    ...(remote === 'origin'
      ? []
      : [`  // Items land on ${remote === '' ? 'the local base branch: there is no remote' : 'this remote'}.`]),
    ...(remote === 'origin' ? [] : [`  "remote": ${JSON.stringify(remote)},`]),
    '  // All stages: analysis, architecture, development, review, testing, deploy-staging, merge, deploy, done.',
    '  "stages": ["development", "testing", "merge", "done"],',
    '  "test": {',
    ...testLines(found).map((line) => `    ${line}`),
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function testLines(found: Detected | undefined): string[] {
  if (found === undefined)
    return ['// No test command was found. Write yours here, one word an entry: ["make", "check"]', '"command": []'];
  return [
    ...found.why.map((sentence) => `// ${oneLine(sentence)}`),
    typeof found.command === 'string'
      ? '// A text goes through the shell; a list would run without one.'
      : '// A list runs without a shell; a text would go through one.',
    `"command": ${typeof found.command === 'string' ? JSON.stringify(found.command) : listOf(found.command)},`,
    ...(found.env === undefined
      ? []
      : [
          `"env": ${JSON.stringify(found.env)
            .replaceAll(':"', ': "')
            .replace(/^\{|\}$/g, (brace) => (brace === '{' ? '{ ' : ' }'))},`,
        ]),
    '"timeout": "15m",',
    ...(found.report === null
      ? ['// No report: the exit code decides alone.', '"report": { "format": "none" },', '"floor": "off"']
      : [
          `"report": { "format": "${found.report.format}", "path": ${JSON.stringify(found.report.path)} },`,
          '// No PASS with fewer executed tests than the last item that landed had.',
          '"floor": "base"',
        ]),
  ];
}

function listOf(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** What stands in the project's own files must not end the comment that quotes it. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}
