import type { ConfigProblem } from './project-config';

/** The project's configuration cannot be used: nothing was started and nothing was written. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(problemLine).join('\n'));
  }

  /** By name, not by class: the window and the engine are bundles of their own, each with its copy of the class. */
  static is(error: unknown): error is ConfigError {
    return error instanceof Error && error.name === 'ConfigError';
  }
}

/** `interlock.json:3:5 test.timeout: … Remedy` */
export function problemLine(problem: ConfigProblem): string {
  const key = problem.key === '' ? '' : `${problem.key}: `;
  return `${problem.file}:${problem.line}:${problem.column} ${key}${problem.message}. ${problem.remedy}`;
}
