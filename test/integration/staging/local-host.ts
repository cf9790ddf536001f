import { spawn, type ChildProcess } from 'node:child_process';
import type { ChannelListener, RemoteChannel, RemoteHost } from '../../../runner-host/ssh/connect/remote-host';

export interface LocalHostPlace {
  /** The home of the user there. */
  home: string;
  path?: string;
  /** The login shell; /bin/sh if it is not said. */
  shell?: string;
  /** What the login does before the command, as login files and forced commands would. */
  login?(command: string): string;
}

/** This machine as a staging host: every channel is a shell of its own, as sshd would start it, and can be cut off. */
export class LocalRemoteHost implements RemoteHost {
  readonly place: LocalHostPlace;
  /** Channels that were opened. */
  opened = 0;
  /** Whoever asks now is told that nobody listens. */
  down = false;
  closed = false;
  readonly #channels = new Set<LocalChannel>();

  constructor(place: LocalHostPlace) {
    this.place = place;
  }

  /** Channels that are open now. */
  get left(): number {
    return this.#channels.size;
  }

  open(command: string, listener: ChannelListener): RemoteChannel {
    this.opened += 1;
    const channel = new LocalChannel(this.down ? null : this.place, command, listener);
    this.#channels.add(channel);
    void channel.ended.then(() => this.#channels.delete(channel));
    return channel;
  }

  /** Cuts every connection, without a word to either side. */
  reset(): void {
    for (const channel of [...this.#channels]) channel.cut();
  }

  async close(): Promise<void> {
    this.closed = true;
    const open = [...this.#channels];
    for (const channel of open) channel.cut();
    await Promise.all(open.map(({ ended }) => ended));
  }
}

class LocalChannel implements RemoteChannel {
  readonly ended: Promise<void>;
  readonly stderrBytes = 0;
  readonly #process: ChildProcess | undefined;
  #cut = false;

  constructor(place: LocalHostPlace | null, command: string, listener: ChannelListener) {
    if (place === null) {
      this.ended = new Promise((resolve) =>
        setTimeout(() => {
          listener.event({ kind: 'error', level: 'client-socket', code: 'ECONNREFUSED' });
          listener.event({ kind: 'close' });
          resolve();
        }, 5),
      );
      return;
    }
    const env = { PATH: place.path ?? process.env['PATH'], HOME: place.home };
    const text = place.login?.(command) ?? command;
    // A group of its own, so that a cut ends all that hangs on the connection and nothing else.
    const child = spawn(place.shell ?? '/bin/sh', ['-c', text], {
      stdio: 'pipe',
      env,
      cwd: place.home,
      detached: true,
    });
    this.#process = child;
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => {
      if (this.#cut) return;
      const pending = listener.data(chunk);
      if (pending === undefined) return;
      child.stdout.pause();
      void pending.then(() => child.stdout.resume());
    });
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        if (this.#cut) listener.event({ kind: 'close' });
        else listener.event({ kind: 'close', code, ...(signal === null ? {} : { signal: signal.slice(3) }) });
        resolve();
      });
    });
  }

  write(text: string): void {
    if (this.#process?.stdin?.writable === true) this.#process.stdin.write(text);
  }

  close(): void {
    this.cut();
  }

  cut(): void {
    this.#cut = true;
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Over already.
    }
  }
}
