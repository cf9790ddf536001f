import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { userInfo } from 'node:os';
import { Transform } from 'node:stream';
import type { ServerChannel, Session } from 'ssh2';
import type { ClientContext } from './demo-host';

const PASSED_ON = /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR)$/;
const SIGNALS: readonly string[] = ['HUP', 'INT', 'KILL', 'QUIT', 'TERM', 'USR1', 'USR2'];

/** One session channel: at most one command, as the local user. */
export function serveSession(session: Session, context: ClientContext): void {
  let child: ChildProcessWithoutNullStreams | undefined;
  session.on('signal', (_accept, _reject, { name }) => {
    if (SIGNALS.includes(name)) signalGroup(child, `SIG${name}` as NodeJS.Signals);
  });
  session.on('exec', (accept, reject, { command }) => {
    const { refuseExec, ignoreExec, silent, delayMs, forcedCommand } = context.faults();
    if (ignoreExec) return;
    if (refuseExec) return reject();
    context.asked();
    const channel = accept();
    channel.on('error', () => undefined);
    if (silent) return void channel.resume();
    const start = (): void => {
      child = runCommand(forcedCommand ?? command, channel, context);
    };
    if (delayMs > 0) setTimeout(start, delayMs);
    else start();
  });
}

function runCommand(command: string, channel: ServerChannel, context: ClientContext): ChildProcessWithoutNullStreams {
  const { noStatus, dropAfterBytes } = context.faults();
  const { homedir } = userInfo();
  const child = spawn('/bin/sh', ['-c', command], {
    cwd: homedir,
    env: environment(context.env),
    // A group of its own, which signals reach, and which ends when the channel is gone.
    detached: true,
  });
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stderr.pipe(channel.stderr, { end: false });
  const sent = dropAfterBytes === null ? child.stdout : child.stdout.pipe(cutAfter(dropAfterBytes, context.drop));
  sent.pipe(channel, { end: false });
  let ended = false;
  const finish = (tell: () => void): void => {
    if (ended) return;
    ended = true;
    if (!noStatus) tell();
    channel.end();
  };
  child.once('error', () => finish(() => channel.exit(127)));
  child.once('close', (code, signal) => {
    finish(() => (signal === null ? channel.exit(code ?? 1) : channel.exit(signal.replace(/^SIG/, ''))));
  });
  channel.once('close', () => {
    if (!ended) signalGroup(child, 'SIGTERM');
  });
  return child;
}

function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { homedir, username, shell } = userInfo();
  const passed = Object.entries(env).filter(([name]) => PASSED_ON.test(name));
  const user = { HOME: homedir, USER: username, LOGNAME: username, SHELL: shell ?? '/bin/sh' };
  return { ...user, ...Object.fromEntries(passed) };
}

function signalGroup(child: ChildProcessWithoutNullStreams | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Lets so many bytes through, then has the connection dropped. */
function cutAfter(bytes: number, drop: () => void): Transform {
  let left = bytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      // Once the last byte has left for the network.
      if (left === 0) setTimeout(drop, 20);
      done(null, part);
    },
  });
}
