import { accessSync, constants } from 'node:fs';

const SHELL = '/bin/sh';

/**
 * Ends this process with the exit code. Node's own way waits for V8's background threads, and for ever if one of them waits for
 * a garbage collection of the thread that waits (nodejs/node#54918; seen at one end of 200). So where it can, the process
 * becomes a shell that ends at once.
 */
export function leave(exit: number): never {
  if (canBecomeShell()) {
    for (const stream of [process.stdout, process.stderr]) leaveBlocking(stream);
    process.emitWarning = () => undefined; // that execve is new
    process.execve?.(SHELL, ['sh', '-c', `exit ${exit}`], {});
  }
  process.exit(exit);
}

/** A failed execve would abort the process. */
function canBecomeShell(): boolean {
  if (process.execve === undefined) return false;
  try {
    accessSync(SHELL, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Node made pipes non-blocking, for those who share them too, and puts that back only when it ends by itself. */
function leaveBlocking(stream: NodeJS.WriteStream): void {
  const { _handle: handle } = stream as { _handle?: { setBlocking?(blocking: boolean): unknown } };
  handle?.setBlocking?.(true);
}
