import type { ToPanel } from '../../../webview/protocol';
import type { Engine, RunFollower } from '../../engine';
import { readTail } from '../read-tail';
import { LogTail } from './log-tail';

/** What a panel that is drawn anew gets at once, and the most that one message carries (characters). */
const KEPT = 256 * 1024;
/** Output is gathered this long: a suite that prints without pause must not flood the webview. */
const GATHER_MS = 80;
/** The ledger knows of a run a moment before the host does, and a host may be replaced: then following ends too early. */
const AGAIN_MS = 400;

/** Sends a run's output to a panel: live while it runs, the end of its file afterwards. */
export class LogFeed {
  #run: string | undefined;
  #mode: 'none' | 'live' | 'finished' = 'none';
  #follower: Promise<RunFollower> | undefined;
  #kept = new LogTail(KEPT);
  #fresh = new LogTail(KEPT);
  #timer: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(private readonly post: (message: ToPanel & { type: 'log' }) => void) {}

  /** Follows the run from its start until it is told to stop; asked again, only sends what it has where the panel lost it. */
  live(engine: Pick<Engine, 'follow'>, run: string): void {
    if (this.#run === run && this.#follower) {
      if (this.#mode === 'none') this.#sendAll('live');
      return;
    }
    this.stop();
    this.#run = run;
    this.#kept = new LogTail(KEPT);
    this.#fresh = new LogTail(KEPT);
    this.#sendAll('live');
    this.#follow(engine, run, 0);
  }

  #follow(engine: Pick<Engine, 'follow'>, run: string, from: number): void {
    const kept = this.#kept;
    let reached = from;
    this.#follower = engine.follow(run, from, {
      output: (text, stream, next) => {
        // Output that was on its way when another run was chosen.
        if (this.#kept !== kept) return;
        reached = next;
        kept.push(stream, text);
        this.#fresh.push(stream, text);
        this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
      },
      end: () => {
        if (this.#kept === kept && this.#run === run)
          this.#again = setTimeout(() => this.#follow(engine, run, reached), AGAIN_MS);
      },
    });
    this.#follower.catch(() => undefined);
  }

  /** Sends the end of the log file, once for each time the panel is drawn. */
  async finished(run: string, path: string | null): Promise<void> {
    if (this.#run === run && this.#mode === 'finished') return;
    this.stop();
    this.#run = run;
    const tail = path === null ? undefined : await readTail(path, KEPT);
    if (this.#run !== run) return;
    this.#mode = 'finished';
    const pieces = tail ? [{ stream: 'stdout' as const, text: tail.text }] : [];
    this.post({ type: 'log', run, reset: true, dropped: tail?.cut ?? 0, pieces });
  }

  /** The panel has lost what it had: the next call sends everything again. */
  forget(): void {
    this.#mode = 'none';
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#again);
    this.#timer = undefined;
    this.#follower?.then((follower) => follower.close()).catch(() => undefined);
    this.#follower = undefined;
    this.#run = undefined;
    this.#mode = 'none';
  }

  #sendAll(mode: 'live'): void {
    if (this.#run === undefined) return;
    this.#mode = mode;
    this.#fresh.take();
    this.post({ type: 'log', run: this.#run, reset: true, ...this.#kept.all() });
  }

  #flush(): void {
    this.#timer = undefined;
    if (this.#run === undefined || this.#mode !== 'live') return;
    this.post({ type: 'log', run: this.#run, reset: false, ...this.#fresh.take() });
  }
}
