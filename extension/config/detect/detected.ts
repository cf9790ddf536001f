import type { ReportFormat } from '../../../runner-host/protocol/run-spec';

/** A test command that was found, and what was thought while choosing it. */
export interface Detected {
  kind: 'npm' | 'pytest' | 'go' | 'cargo' | 'gradle' | 'maven' | 'dotnet' | 'make';
  /** A text goes through the shell. */
  command: string[] | string;
  env?: Record<string, string>;
  /** The report that the command leaves; null = it leaves none. */
  report: { format: ReportFormat; path: string } | null;
  /** What was found and what was chosen, a sentence each. */
  why: string[];
}

/** Reads a file of the project; null if it is not there. */
export type ReadProjectFile = (path: string) => Promise<string | null>;

/** Names in a folder of the project ("" = its top), folders with a `/` at the end; none if it is not there. */
export type ListProjectFolder = (path: string) => Promise<string[]>;
