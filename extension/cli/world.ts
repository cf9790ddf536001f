import type { Engine } from '../engine';

/** A standard stream as the terminal's code sees it. Writing never throws: a reader that went away is no error. */
export interface OutputStream {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Width of the terminal in cells, if there is one. */
  readonly columns: number | undefined;
}

/** Everything outside that a command may touch; cli.ts makes the real one. */
export interface World {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly version: string;
  /** Version of the Node that this runs in. */
  readonly node: string;
  /** Whether a person sits at this terminal: what is asked there can be answered there. */
  readonly interactive: boolean;
  /** ms since the epoch. */
  now(): number;
  /** Calls back again and again until the returned function is called. */
  every(ms: number, tick: () => void): () => void;
  /** Calls back for Ctrl-C and for a polite request to end, until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Leaves at once, whatever is going on. */
  leave(exit: number): void;
  isFolder(path: string): Promise<boolean>;
  /** `cli:<name>` of the person at this terminal. */
  actor(cwd: string): Promise<string>;
  openEngine(cwd: string, log: (text: string) => void): Promise<Engine>;
  /** What git calls its version; null: it cannot be asked. */
  gitVersion(cwd: string): Promise<string | null>;
  /** One line from the person at the terminal; null: they left. `hidden`: nothing that is typed is shown. */
  ask(question: string, hidden: boolean): Promise<string | null>;
  /** The last lines of a file, oldest first; empty if it cannot be read. */
  tail(file: string, lines: number): Promise<string[]>;
}
