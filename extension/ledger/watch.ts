import type { LedgerFiles } from './files';

type Watcher = ReturnType<LedgerFiles['watch']>;

/**
 * Calls back when something happens to the journal: events of the folder and of the present segment (the quickest), and a
 * slow poll for file systems and systems that give none. Keeps no process alive.
 */
export class JournalWatch {
  private folder: Watcher | undefined;
  private file: { path: string; watcher: Watcher | undefined } | undefined;
  private readonly poll: NodeJS.Timeout;

  constructor(
    private readonly files: LedgerFiles,
    directory: string,
    private readonly onEvent: () => void,
    pollMs: number,
  ) {
    const watchFolder = () => {
      this.folder = this.open(directory, () => (this.folder = undefined));
    };
    this.poll = setInterval(() => {
      if (!this.folder) watchFolder();
      onEvent();
    }, pollMs);
    this.poll.unref();
    watchFolder();
  }

  /** The segment to watch from now on. */
  follow(path: string | undefined): void {
    if (this.file?.path === path) return;
    this.file?.watcher?.close();
    this.file = path === undefined ? undefined : { path, watcher: this.open(path, () => undefined) };
  }

  close(): void {
    clearInterval(this.poll);
    this.folder?.close();
    this.file?.watcher?.close();
  }

  /** Undefined where it cannot be watched (missing, or the system's limit is reached): the poll goes on. */
  private open(path: string, onLost: () => void): Watcher | undefined {
    try {
      const watcher = this.files.watch(path, this.onEvent, () => {
        watcher.close();
        onLost();
      });
      return watcher;
    } catch {
      return undefined;
    }
  }
}
