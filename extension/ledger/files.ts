import * as fs from 'node:fs';
import { promisify } from 'node:util';

/**
 * Every file call of the ledger, and nothing else: a test puts a layer between to make each one fail, stop or lie.
 * All throw Node's system errors.
 */
export interface LedgerFiles {
  /** Makes missing folders with mode 0700. */
  makeDirectory(path: string): void;
  list(directory: string): string[];
  exists(path: string): boolean;
  /** `append`: every write goes to the end in one step (O_APPEND), reads too. `new`: must not exist yet; mode 0600. */
  open(path: string, mode: 'read' | 'append' | 'new'): number;
  /** Returns the bytes read; less than asked for means the end of the file. */
  read(fd: number, into: Uint8Array, position: number): number;
  /** The same off the main thread. */
  readLater(fd: number, into: Uint8Array, position: number): Promise<number>;
  /** One write(2). Returns the bytes written, which may be fewer than given. */
  write(fd: number, bytes: Uint8Array): number;
  stat(fd: number): { size: number; links: number };
  /** fdatasync, off the main thread. */
  sync(fd: number): Promise<void>;
  syncDirectory(path: string): Promise<void>;
  close(fd: number): void;
  /** Gives a file its final name; throws EEXIST if the name is taken. */
  link(from: string, to: string): void;
  unlink(path: string): void;
  /** Calls back on events of the file or folder; never keeps the process alive. An error ends it. */
  watch(path: string, onEvent: () => void, onError: () => void): { close(): void };
  /** `f_type` of statfs(2). */
  fileSystemType(path: string): number;
}

const FLAGS = {
  read: fs.constants.O_RDONLY,
  append: fs.constants.O_RDWR | fs.constants.O_APPEND,
  new: fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL,
};
const read = promisify(fs.read);

export const nodeFiles: LedgerFiles = {
  makeDirectory: (path) => void fs.mkdirSync(path, { recursive: true, mode: 0o700 }),
  list: (directory) => fs.readdirSync(directory),
  exists: (path) => fs.existsSync(path),
  open: (path, mode) => fs.openSync(path, FLAGS[mode], 0o600),
  read: (fd, into, position) => fs.readSync(fd, into, 0, into.length, position),
  readLater: async (fd, into, position) => (await read(fd, into, 0, into.length, position)).bytesRead,
  write: (fd, bytes) => fs.writeSync(fd, bytes),
  stat: (fd) => {
    const { size, nlink } = fs.fstatSync(fd);
    return { size, links: nlink };
  },
  sync: (fd) =>
    new Promise((resolve, reject) => {
      fs.fdatasync(fd, (error) => {
        if (error) reject(error);
        else resolve();
      });
    }),
  async syncDirectory(path) {
    if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals its entries
    const handle = await fs.promises.open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  close: (fd) => fs.closeSync(fd),
  link: (from, to) => fs.linkSync(from, to),
  unlink: (path) => fs.unlinkSync(path),
  watch(path, onEvent, onError) {
    const watcher = fs.watch(path, { persistent: false }, onEvent);
    return watcher.on('error', onError);
  },
  fileSystemType: (path) => fs.statfsSync(path).type,
};
