import type { SshEvent } from '../staging-evidence';
import { ChannelLife } from './channel-life';
import { ChannelSlots } from './channel-slots';
import { isLoginRefused } from './error-event';
import type { ConnectLimits } from './limits';
import type { Link } from './link';
import type { ChannelListener, RemoteChannel, RemoteHost } from './remote-host';

/** A connection with all that it hangs on, or why there is none. */
export type ConnectAnswer = { link: Link; close(): Promise<void> } | { events: SshEvent[] };

/** Channels over one connection, which is made when the first one asks for it and again when it was lost. */
export class Ssh2Host implements RemoteHost {
  readonly #connect: (signal: AbortSignal) => Promise<ConnectAnswer>;
  readonly #limits: ConnectLimits;
  readonly #slots: ChannelSlots;
  readonly #lives = new Set<ChannelLife>();
  readonly #closing = new AbortController();
  #connection: Promise<ConnectAnswer> | undefined;

  constructor(connect: (signal: AbortSignal) => Promise<ConnectAnswer>, limits: ConnectLimits) {
    this.#connect = connect;
    this.#limits = limits;
    this.#slots = new ChannelSlots(limits.channels);
  }

  open(command: string, listener: ChannelListener): RemoteChannel {
    const life = new ChannelLife(listener, this.#limits.closeMs);
    this.#lives.add(life);
    void life.ended.then(() => this.#lives.delete(life));
    void this.#run(command, life);
    return life;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const life of this.#lives) life.close();
    const answer = await this.#connection;
    if (answer !== undefined && 'link' in answer) await answer.close();
    await Promise.all([...this.#lives].map(({ ended }) => ended));
  }

  async #run(command: string, life: ChannelLife): Promise<void> {
    const giveBack = await this.#slots.take();
    try {
      if (life.over) return;
      if (this.#closing.signal.aborted) return life.end({ kind: 'close' });
      const answer = await this.#connected();
      if (life.over) return;
      if ('events' in answer) return life.end(...answer.events);
      await this.#runOver(answer.link, command, life);
    } finally {
      giveBack();
    }
  }

  /** Settles when the host has closed the channel: only then is its slot free there too. */
  async #runOver(link: Link, command: string, life: ChannelLife): Promise<void> {
    const deaf = link.hear((event) => life.tell(event));
    const tooLong = setTimeout(() => {
      life.end({ kind: 'error', level: 'client-timeout' }, { kind: 'close' });
      // What answers nothing would hold the slot for ever.
      link.destroy();
    }, this.#limits.openMs);
    const channel = await link.exec(command);
    clearTimeout(tooLong);
    if ('kind' in channel) {
      deaf();
      return life.end(channel);
    }
    channel.on('error', () => undefined);
    const closed = new Promise<SshEvent>((resolve) => {
      // Without a status the connection was lost: 'close' comes with no argument then.
      channel.once('close', (code?: number | null, signal?: string | null) => {
        resolve({
          kind: 'close',
          ...(code === undefined ? {} : { code }),
          ...(typeof signal === 'string' ? { signal } : {}),
        });
      });
    });
    if (life.over) {
      channel.resume();
      channel.stderr.resume();
      channel.close();
    } else {
      life.begin({
        stdin: channel.stdin,
        stdout: channel,
        stderr: channel.stderr,
        abandon: () => channel.close(),
      });
    }
    const end = await Promise.race([closed, life.ended]);
    deaf();
    if (end !== undefined) life.end(end);
  }

  /** One attempt for all who wait. A refused login is not tried again: it would get the address banned. */
  async #connected(): Promise<ConnectAnswer> {
    const attempt = (this.#connection ??= this.#connect(this.#closing.signal));
    const answer = await attempt;
    if ('link' in answer ? !answer.link.open : !isLoginRefused(answer.events)) {
      if (this.#connection === attempt) this.#connection = undefined;
      if ('link' in answer) {
        await answer.close();
        return this.#connected();
      }
    }
    return answer;
  }
}
