import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadStore, Store, StoreSettings } from '../store';

const fdatasync = promisify(fs.fdatasync);

/** The floor: one append and one flush for each transaction, and nothing else. It keeps no rows and decides no race. */
export const loadRaw: LoadStore = (settings) =>
  Promise.resolve(() => Promise.resolve(openRaw(settings, (fd) => Promise.resolve(fs.fdatasyncSync(fd)))));

/** The same with the flush on the thread pool, which leaves the event loop free. */
export const loadRawAsync: LoadStore = (settings) =>
  Promise.resolve(() => Promise.resolve(openRaw(settings, (fd) => fdatasync(fd))));

function openRaw({ directory, lineBytes }: StoreSettings, flush: (fd: number) => Promise<void>): Store {
  const path = join(directory, 'raw.log');
  const fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_APPEND | fs.constants.O_CREAT, 0o600);
  const line = Buffer.alloc(lineBytes, 'x');
  return {
    async advance() {
      fs.writeSync(fd, line);
      await flush(fd);
      return 'done';
    },
    revision: () => Math.floor(fs.fstatSync(fd).size / lineBytes),
    onChange(listener) {
      const watcher = fs.watch(path, listener);
      return () => watcher.close();
    },
    close: () => Promise.resolve(fs.closeSync(fd)),
  };
}
