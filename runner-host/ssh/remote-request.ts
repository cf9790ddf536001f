/** What a supervisor on the host is asked, and how it comes there. Durations are in ticks of `tickSeconds`. */
export interface RemoteRequest {
  /** 32 hex digits, new for every connection. The run's processes never see it. */
  nonce: string;
  /** `start` is idempotent: a run that is there is attached to. `kill` also keeps a start that is still on its way from beginning. */
  mode: 'start' | 'attach' | 'kill';
  runId: string;
  /** The folder on the host that holds the run directories, absolute or `~/...`; made if it is missing, closed to other users. */
  base: string;
  /** Bytes of the log that are known already. */
  offset: number;
  workdir: string;
  /** Given to the host's shell. */
  command: string;
  /** Must be there and executable before anything starts; empty: not asked. */
  program: string;
  /** The name of the variable by which the run's processes are known. */
  token: string;
  /** Who holds the host for as long as this run goes on, in words for people; empty: the run does not need it for itself alone. */
  owner: string;
  /** A script for the host's shell that ends what the run left in a container: exit 0 nothing left, 1 something, else not known. */
  sweep: string;
  tickSeconds: number;
  timeoutTicks: number;
  /** Without a heartbeat for so long the run ends. Must be more than the time in which a lost connection is taken up again. */
  leaseTicks: number;
  graceTicks: number;
  needFreeKib: number;
  mostLogKib: number;
}

/**
 * The command line for the host: the supervisor's text as one argument, in which no login shell finds anything to interpret.
 * `shell` reads it there.
 */
export function remoteCommand(script: string, shell = '/bin/sh'): string {
  if (!/^[\w./-]+$/.test(shell)) throw new Error(`not a plain path of a shell: ${shell}`);
  return `exec ${shell} -c 'S="$(printf %b "${encode(withoutComments(script))}")" && eval "$S"' ${shell}`;
}

/** The lines for the supervisor's stdin, up to the first heartbeat. Throws if a value can't be carried. */
export function requestLines(request: RemoteRequest): string {
  const { nonce, mode, runId, base, offset, workdir, command, program, token, owner, sweep } = request;
  const { tickSeconds, timeoutTicks, leaseTicks, graceTicks, needFreeKib, mostLogKib } = request;
  const numbers = [timeoutTicks, leaseTicks, graceTicks, needFreeKib, mostLogKib];
  for (const value of [offset, ...numbers]) {
    if (!Number.isSafeInteger(value) || value < 0 || value > 1e12) throw new Error(`not a count: ${value}`);
  }
  const texts = [workdir, command, program, token, owner, sweep];
  const values = [nonce, mode, runId, base, offset, ...texts, tickSeconds, ...numbers];
  return values.map((value) => `${encode(String(value))}\n`).join('');
}

/** Every byte outside of the safe ones as `\0ooo`, which `printf %b` of any shell undoes. Throws on a zero byte. */
export function encode(text: string): string {
  if (text.includes('\0')) throw new Error('a zero byte can not be an argument');
  return Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9_./:-]/.test(char) ? char : `\\0${byte.toString(8).padStart(3, '0')}`;
  }).join('');
}

/** Comments and indentation would only be sent. The script holds no text over several lines. */
function withoutComments(script: string): string {
  const lines = script.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n');
}
