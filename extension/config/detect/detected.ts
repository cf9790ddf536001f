/** A test command that was found, and what was thought while choosing it. */
export interface Detected {
  kind: 'npm' | 'pytest' | 'go' | 'cargo' | 'make';
  command: string[];
  env?: Record<string, string>;
  /** Path of the JUnit report that the command leaves; null = it leaves none. */
  report: string | null;
  /** What was found and what was chosen, a sentence each. */
  why: string[];
}

/** Reads a file of the project; null if it is not there. */
export type ReadProjectFile = (path: string) => Promise<string | null>;
