import type { Readable, Writable } from 'node:stream';
import type { SshEvent } from '../staging-evidence';
import type { ChannelListener, RemoteChannel } from './remote-host';

/** The streams of a command that runs on the host. */
export interface ChannelStreams {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** Gives the streams up, so that they close. */
  abandon(): void;
}

/** What a caller holds of a channel, from the moment it asks for one until its last event. */
export class ChannelLife implements RemoteChannel {
  readonly ended: Promise<void>;
  /** Bytes that came on stderr. */
  stderrBytes = 0;
  readonly #listener: ChannelListener;
  readonly #closeMs: number;
  #unsent: string[] = [];
  #streams: ChannelStreams | undefined;
  /** Of the last bytes that the listener was given: streams can end while they are being taken. */
  #taking: Promise<void> | undefined;
  #last: SshEvent[] | undefined;
  #over = false;
  #givenUp = false;
  #settle!: () => void;

  constructor(listener: ChannelListener, closeMs: number) {
    this.#listener = listener;
    this.#closeMs = closeMs;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
  }

  /** True when nobody waits for the channel any more. */
  get over(): boolean {
    return this.#over || this.#givenUp;
  }

  write(text: string): void {
    if (this.over) return;
    if (this.#streams === undefined) this.#unsent.push(text);
    else if (this.#streams.stdin.writable) this.#streams.stdin.write(text);
  }

  close(): void {
    if (this.over) return this.#settleNow();
    this.#givenUp = true;
    if (this.#streams === undefined) this.end({ kind: 'close' });
    else {
      const streams = this.#streams;
      // What nobody reads would keep the channel from closing.
      streams.stdout.resume();
      streams.abandon();
      setTimeout(() => this.end({ kind: 'close' }), this.#closeMs).unref();
    }
  }

  /** The channel is open: what was written meanwhile goes out, and both of its streams are read from now on. */
  begin(streams: ChannelStreams): void {
    this.#streams = streams;
    const { stdin, stdout, stderr } = streams;
    // A pipe that breaks says nothing that the end of the channel does not.
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
    stderr.on('data', (chunk: Buffer) => (this.stderrBytes += chunk.length));
    stdout.on('data', (chunk: Buffer) => this.#take(stdout, chunk));
    for (const text of this.#unsent) stdin.write(text);
    this.#unsent = [];
  }

  tell(event: SshEvent): void {
    if (!this.#over && !this.#givenUp) this.#listener.event(event);
  }

  /** The last events. Further ones are not told. */
  end(...events: SshEvent[]): void {
    if (this.#over) return;
    this.#over = true;
    // How it ended after it was given up says nothing of what ran there.
    this.#last = this.#givenUp ? [{ kind: 'close' }] : events;
    if (this.#taking === undefined || this.#givenUp) this.#settleNow();
    else void this.#taking.then(() => this.#settleNow());
  }

  #settleNow(): void {
    const events = this.#last;
    if (events === undefined) return;
    this.#last = undefined;
    for (const event of events) this.#listener.event(event);
    this.#settle();
  }

  #take(stdout: Readable, chunk: Buffer): void {
    if (this.over) return;
    let pending: void | Promise<void>;
    try {
      pending = this.#listener.data(chunk);
    } catch {
      return this.close();
    }
    if (pending === undefined) return;
    stdout.pause();
    const taking = pending.then(
      () => {
        if (this.#taking === taking) this.#taking = undefined;
        stdout.resume();
      },
      () => this.close(),
    );
    this.#taking = taking;
  }
}
