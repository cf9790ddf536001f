import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { detectCargo } from './detect/detect-cargo';
import { detectDotnet } from './detect/detect-dotnet';
import { detectGo } from './detect/detect-go';
import { detectGradle, detectMaven } from './detect/detect-jvm';
import { detectNpm } from './detect/detect-npm';
import { detectMake, detectPytest } from './detect/detect-others';
import type { Detected, ListProjectFolder, ReadProjectFile } from './detect/detected';
import { projectTemplate } from './project-template';

export interface DetectedProject {
  /** What the test command belongs to; null = none was found and `text` has a gap to fill in. */
  kind: Detected['kind'] | null;
  /** The text of interlock.json. */
  text: string;
  /** What was found and what was chosen, a sentence each. */
  why: string[];
}

/** Facts about the repository that the file states. */
export interface ProjectFacts {
  base: string;
  /** "" = none. */
  remote: string;
}

/**
 * Looks at the top folder of a project for a test command: npm, pytest, go, cargo, Gradle, Maven, .NET, make, in this order.
 * Reads files only, runs nothing.
 */
export async function detectProject(
  root: string,
  facts: ProjectFacts = { base: 'main', remote: 'origin' },
): Promise<DetectedProject> {
  const read: ReadProjectFile = (path) => readFile(join(root, path), 'utf8').catch(() => null);
  const list: ListProjectFolder = (path) => namesIn(join(root, path));
  const answers = [
    await detectNpm(read),
    await detectPytest(read),
    await detectGo(read),
    await detectCargo(read),
    await detectGradle(read),
    await detectMaven(read),
    await detectDotnet(read, list),
    await detectMake(read),
  ];
  const notes = answers.filter((answer) => typeof answer === 'string');
  const [chosen, ...others] = answers.filter((answer) => answer !== null && typeof answer !== 'string');
  const why = [...notes, ...(chosen === undefined ? [NOTHING] : chosenBecause(chosen, others))];
  if (chosen?.report) why.push(...(await ignoreAdvice(read, chosen.report.path)));
  return { kind: chosen?.kind ?? null, text: projectTemplate(chosen, facts), why };
}

const NOTHING =
  'No test command was found: there is no package.json script, pytest set-up, go.mod, Cargo.toml, Gradle or Maven build, ' +
  '.NET solution or make target "test". Write yours into "command".';

function chosenBecause(chosen: Detected, others: readonly Detected[]): string[] {
  return [
    ...chosen.why,
    `Chosen: ${wordsOf(chosen)}`,
    ...(chosen.report === null
      ? ['Without a report the exit code decides alone, and no number of tests is proven.']
      : []),
    ...others.map((other) => `Also found, not chosen: ${wordsOf(other)}`),
  ];
}

const wordsOf = ({ command }: Detected): string => (typeof command === 'string' ? command : command.join(' '));

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
}

/** A report that git sees would be a change that the run made. */
async function ignoreAdvice(read: ReadProjectFile, report: string): Promise<string[]> {
  const parts = report.split('/');
  const top = parts.find((part) => !/[*?[{]/.test(part)) ?? report;
  const lines = ((await read('.gitignore')) ?? '').split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  return lines.includes(top) || lines.includes(`*${extname(report)}`)
    ? []
    : [`Add ${parts[0] === top ? '/' : ''}${top} to .gitignore: the report is no part of the code.`];
}
