import type { LedgerFiles } from './files';

/** Each look costs a turn of the event loop, however little there is to read. */
const GATHER_MS = 4;

type Watcher = ReturnType<LedgerFiles['watch']>;

/**
 * Calls back when something happens to the journal: events of the folder and of the present segment, and a slow poll for file
 * systems and systems that give none. Keeps no process alive.
 */
export class JournalWatch {
  private folder: Watcher | undefined;
  private file: { path: string; watcher: Watcher | undefined } | undefined;
  private readonly poll: NodeJS.Timeout;
  /** The call back for what is being gathered. */
  private due: NodeJS.Timeout | undefined;
  private last = -Infinity;

  constructor(
    private readonly files: LedgerFiles,
    directory: string,
    private readonly onEvent: () => void,
    pollMs: number,
    private readonly platform: NodeJS.Platform,
  ) {
    const watchFolder = () => {
      this.folder = this.open(directory, () => (this.folder = undefined));
    };
    this.poll = setInterval(() => {
      if (!this.folder) watchFolder();
      this.watchFile();
      onEvent();
    }, pollMs);
    this.poll.unref();
    watchFolder();
  }

  /** The segment to watch from now on. */
  follow(path: string | undefined): void {
    if (this.file?.path === path) return;
    this.file?.watcher?.close();
    this.file = path === undefined ? undefined : { path, watcher: undefined };
    this.watchFile();
  }

  /** inotify(7) tells of each write to a file in a watched folder; a watch on the file too would tell it twice. */
  private watchFile(): void {
    const told = this.platform === 'linux' && this.folder !== undefined;
    if (this.file && !told) this.file.watcher ??= this.open(this.file.path, () => undefined);
  }

  close(): void {
    clearInterval(this.poll);
    clearTimeout(this.due);
    this.folder?.close();
    this.file?.watcher?.close();
  }

  /** One write makes several events, and a busy process many: the first is passed on at once, those that follow are gathered. */
  private readonly note = (): void => {
    const rest = this.last + GATHER_MS - performance.now();
    if (rest <= 0) this.look();
    else this.due ??= setTimeout(() => this.look(), rest).unref();
  };

  private look(): void {
    clearTimeout(this.due);
    this.due = undefined;
    this.last = performance.now();
    this.onEvent();
  }

  /** Undefined where it cannot be watched (missing, or the system's limit is reached): the poll goes on. */
  private open(path: string, onLost: () => void): Watcher | undefined {
    try {
      const watcher = this.files.watch(path, this.note, () => {
        watcher.close();
        onLost();
      });
      return watcher;
    } catch {
      return undefined;
    }
  }
}
