import { STAGE_NAMES } from './project-config';

export interface KeyFact {
  /** What the value must be, after "must be". */
  expects: string;
  /** How it is written in the file. */
  example: string;
}

/** Every key, by its place; `*` stands for any name or position. Texts are for people. */
export const KEY_FACTS: Readonly<Record<string, KeyFact>> = {
  $schema: {
    expects: 'the address of a JSON schema',
    example: '"$schema": "interlock.schema.json"',
  },
  base: {
    expects: 'the name of a branch',
    example: '"base": "main"',
  },
  remote: {
    expects: 'the name of a remote, or "" for none',
    example: '"remote": "origin"',
  },
  artifacts: {
    expects: 'a folder inside the repository, relative, with "/" and without ".."',
    example: '"artifacts": "docs/work-items"',
  },
  worktrees: {
    expects: 'a folder; the one placeholder is ${repo}',
    example: '"worktrees": "../${repo}.worktrees"',
  },
  stages: {
    expects: 'a list of stages',
    example: '"stages": ["development", "testing", "merge", "done"]',
  },
  'stages.*': {
    expects: `one of ${STAGE_NAMES.join(', ')}`,
    example: '"stages": ["development", "testing", "merge", "done"]',
  },
  budgets: {
    expects: 'an object',
    example: '"budgets": { "developerRetries": 3 }',
  },
  'budgets.developerRetries': {
    expects: 'a whole number from 0 to 100',
    example: '"developerRetries": 3',
  },
  'budgets.infraRetries': {
    expects: 'a whole number from 0 to 100',
    example: '"infraRetries": 3',
  },
  test: {
    expects: 'an object',
    example: '"test": { "command": ["npm", "test"] }',
  },
  'test.command': {
    expects: 'a list of words (run without a shell) or a text (run by the shell) that is not empty',
    example: '"command": ["npm", "test"]',
  },
  'test.command.*': {
    expects: 'a text that is not empty',
    example: '"command": ["npm", "test"]',
  },
  'test.cwd': {
    expects: 'a folder inside the repository, relative, with "/" and without ".."',
    example: '"cwd": "packages/app"',
  },
  'test.timeout': {
    expects: 'a duration such as "15m", above zero and at most 24h, with one of the units ms, s, m, h',
    example: '"timeout": "15m"',
  },
  'test.grace': {
    expects: 'a duration such as "3s", at most 24h, with one of the units ms, s, m, h',
    example: '"grace": "3s"',
  },
  'test.env': {
    expects: 'an object of texts',
    example: '"env": { "TZ": "UTC" }',
  },
  'test.env.*': {
    expects: 'a text, under a name of letters, digits and "_" that begins with no digit',
    example: '"env": { "TZ": "UTC" }',
  },
  'test.passEnv': {
    expects: 'a list of names of variables',
    example: '"passEnv": ["JAVA_HOME"]',
  },
  'test.passEnv.*': {
    expects: 'a name of letters, digits and "_" that begins with no digit',
    example: '"passEnv": ["JAVA_HOME"]',
  },
  'test.report': {
    expects: 'an object with a format',
    example: '"report": { "format": "junit", "path": "reports/**/*.xml" }',
  },
  'test.report.format': {
    expects: '"junit" or "none"',
    example: '"report": { "format": "junit", "path": "reports/**/*.xml" }',
  },
  'test.report.path': {
    expects: 'a path or glob inside the repository, relative, with "/" and without ".."',
    example: '"path": "reports/**/*.xml"',
  },
  'test.floor': {
    expects: '"base", "off" or a whole number of at least 1',
    example: '"floor": "base"',
  },
};

/** The fact of a place in the file: numbers and free names match `*`. */
export function factOf(path: readonly (string | number)[]): KeyFact | undefined {
  return KEY_FACTS[path.join('.')] ?? KEY_FACTS[[...path.slice(0, -1), '*'].join('.')];
}

/** Names that may stand in the object at this place. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  const prefix = path.length === 0 ? '' : `${path.join('.')}.`;
  return Object.keys(KEY_FACTS)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((key) => key !== '*' && !key.includes('.'));
}
