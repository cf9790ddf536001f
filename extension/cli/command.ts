import type { Engine } from '../engine';
import type { ExitCode } from './exit-codes';
import type { Line } from './line';
import type { ParsedArguments } from './parse-arguments';
import type { World } from './world';

export interface CommandContext {
  readonly args: ParsedArguments;
  readonly world: World;
  /** The folder to work in: `--cwd`, or the process's own. */
  readonly cwd: string;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Width that tables are cut to; undefined = nothing is cut. */
  readonly columns: number | undefined;
  /** Opens the deciding side at the first call; it is closed when the command has ended. */
  engine(): Promise<Engine>;
  actor(): Promise<string>;
  /** A line on stderr: logs, progress, warnings. Never part of the answer. */
  say(line: Line): void;
}

/** What a command answers: the same facts for programs and for people. */
export interface CommandResult {
  exit: ExitCode;
  json: object;
  lines: Line[];
}

export type Command = (context: CommandContext) => Promise<CommandResult>;
