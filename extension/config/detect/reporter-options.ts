import type { Detected } from './detected';
import { runnerOf, type RunnerCall } from './runner-of';

export interface ReporterOptions {
  /** Words added to the end of the script. */
  words: string[];
  env?: Record<string, string>;
  report: Detected['report'];
  why: string;
}

const PATH = 'reports/junit.xml';
const REPORT = { format: 'junit', path: PATH } as const;

/**
 * Options of the script's runner that leave a JUnit report, as its documentation gives them. Nothing that needs a package
 * which is not there; nothing for a script whose last word is not the runner's.
 */
export function reporterOptions(script: string, packages: ReadonlySet<string>): ReporterOptions {
  const call = runnerOf(script);
  if (call === null) return none('The script is not one call of a known runner, so no report is asked for.');
  switch (call.runner) {
    case 'vitest':
      return vitest(call);
    case 'jest':
      return jest(packages);
    case 'mocha':
      return mocha(call);
    case 'node':
      return nodeTest(call);
    case 'playwright':
      return playwright(call);
  }
}

function vitest({ words }: RunnerCall): ReporterOptions {
  const run = words.includes('run') || words.includes('--run') ? [] : ['--run'];
  return {
    words: [...run, '--reporter=default', '--reporter=junit', `--outputFile.junit=${PATH}`],
    report: REPORT,
    why: 'vitest writes a JUnit report beside its usual output.',
  };
}

function jest(packages: ReadonlySet<string>): ReporterOptions {
  if (!packages.has('jest-junit'))
    return none('jest writes a JUnit report only with the package jest-junit, which is not installed.');
  return {
    words: ['--ci', '--reporters=default', '--reporters=jest-junit'],
    env: { JEST_JUNIT_OUTPUT_FILE: PATH },
    report: REPORT,
    why: 'jest-junit is installed: it writes the JUnit report.',
  };
}

/** mocha's own JUnit-like reporter; it takes the place of the usual output. */
function mocha({ words }: RunnerCall): ReporterOptions {
  if (words.some((word) => /^(-R|--reporter)(=|$)/.test(word)))
    return none('The script chooses a mocha reporter itself; it is left alone.');
  return {
    words: ['--reporter=xunit', `--reporter-option=output=${PATH}`],
    report: REPORT,
    why: "mocha's xunit reporter writes the report; the log then shows no test names.",
  };
}

/** The folder of the report must be there already, so it lies at the top. Options after a file name would be the file's. */
function nodeTest({ words }: RunnerCall): ReporterOptions {
  if (words.some((word) => !word.startsWith('-')))
    return none(
      'node --test takes no options after file names, so no report is asked for: put the reporter options into the script.',
    );
  if (words.some((word) => word.startsWith('--test-reporter')))
    return none('The script chooses a reporter itself; it is left alone.');
  const path = 'junit.xml';
  return {
    words: [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=junit',
      `--test-reporter-destination=${path}`,
    ],
    report: { format: 'junit', path },
    why: 'node --test writes a JUnit report beside its usual output.',
  };
}

/** The name of the file can be set by the environment alone, relative to the folder of Playwright's configuration. */
function playwright({ words }: RunnerCall): ReporterOptions {
  if (words.some((word) => word.startsWith('--reporter')))
    return none('The script chooses a Playwright reporter itself; it is left alone.');
  return {
    words: ['--reporter=list,junit'],
    env: { PLAYWRIGHT_JUNIT_OUTPUT_NAME: PATH },
    report: REPORT,
    why: 'Playwright writes a JUnit report beside its usual output.',
  };
}

function none(why: string): ReporterOptions {
  return { words: [], report: null, why };
}
