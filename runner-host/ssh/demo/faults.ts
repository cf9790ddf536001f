/** What goes wrong at a demo host, to see what a connection to it makes of that. Nothing of it by default. */
export interface DemoFaults {
  rejectAuth: boolean;
  /** Only this password logs in, by the method that is named; keys do not. */
  password: { method: 'password' | 'keyboard-interactive'; value: string; prompts?: number } | null;
  /** A channel can't be opened. */
  refuseChannel: boolean;
  refuseExec: boolean;
  /** Says neither yes nor no to a command. */
  ignoreExec: boolean;
  /** Runs this instead of every command. */
  forcedCommand: string | null;
  /** Takes a command, and then neither runs it nor says anything. */
  silent: boolean;
  /** Closes the channel without a status. */
  noStatus: boolean;
  /** Before a command is started. */
  delayMs: number;
  /** Resets the connection when so many bytes of stdout have been sent. */
  dropAfterBytes: number | null;
}

export const NO_FAULTS: DemoFaults = {
  rejectAuth: false,
  password: null,
  refuseChannel: false,
  refuseExec: false,
  ignoreExec: false,
  forcedCommand: null,
  silent: false,
  noStatus: false,
  delayMs: 0,
  dropAfterBytes: null,
};
