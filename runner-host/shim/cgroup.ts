import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ownCgroupFolder } from './cgroup-place';

const NAME = /^interlock-[0-9a-f]{16}$/;

/**
 * A cgroup v2 of one run, below the cgroup of the process that made it. Whoever may make it may also end all that is in it,
 * at once and with no race against forks (`cgroup.kill`, Linux 5.14).
 */
export class Cgroup {
  readonly path: string;

  /** One that somebody else has made. Throws if the name is none that `make` gives. */
  constructor(path: string) {
    if (!NAME.test(basename(path))) throw new Error(`${path} is no cgroup of a run`);
    this.path = path;
  }

  /**
   * This process is in it when this returns: going in takes the kernel up to 20 ms, which a run need not wait for. Throws
   * where this process may not make one: no cgroup v2, no delegation, an older kernel.
   */
  static make(): Cgroup {
    const own = ownCgroupFolder(
      readFileSync('/proc/self/mountinfo', 'utf8'),
      readFileSync('/proc/self/cgroup', 'utf8'),
    );
    if (own === null) throw new Error('this process is in no cgroup of version 2');
    // The kernel's random number, because loading node:crypto takes 5 ms of every run.
    const random = readFileSync('/proc/sys/kernel/random/uuid', 'latin1').replaceAll('-', '').slice(0, 16);
    const made = new Cgroup(join(own, `interlock-${random}`));
    mkdirSync(made.path);
    try {
      if (!existsSync(join(made.path, 'cgroup.kill'))) throw new Error('the kernel has no cgroup.kill');
      // A cgroup can be there and take no process (a threaded parent): it shows only when one goes in.
      made.enter();
      // One that can't be left again would end this process with the run.
      made.leave();
      made.enter();
      return made;
    } catch (error) {
      made.remove();
      throw error;
    }
  }

  /** Puts this process in, so that what it starts now is in from its first moment. */
  enter(): void {
    writeFileSync(join(this.path, 'cgroup.procs'), '0');
  }

  /** Takes this process out again. Throws if it stays in: then `kill` would end it too. */
  leave(): void {
    writeFileSync(join(dirname(this.path), 'cgroup.procs'), '0');
  }

  /** Every process in it and below it. */
  pids(): number[] {
    return [this.path, ...foldersBelow(this.path)].flatMap((folder) => {
      try {
        const text = readFileSync(join(folder, 'cgroup.procs'), 'utf8');
        return text.split('\n').filter(Boolean).map(Number);
      } catch {
        return [];
      }
    });
  }

  /** The kernel's word on whether a living process is in it or below it. Throws if it can't be read. */
  isPopulated(): boolean {
    return !/^populated 0$/m.test(readFileSync(join(this.path, 'cgroup.events'), 'utf8'));
  }

  /** SIGKILL for all, at once. */
  kill(): void {
    writeFileSync(join(this.path, 'cgroup.kill'), '1');
  }

  /** Returns whether it is gone. An empty one can be removed, and so can those that the run made below it. */
  remove(): boolean {
    for (const folder of [...foldersBelow(this.path).reverse(), this.path]) {
      try {
        rmdirSync(folder);
      } catch {
        // Not empty, or gone already.
      }
    }
    return !existsSync(this.path);
  }
}

/** Parents before their children. */
function foldersBelow(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return entries.flatMap(({ name }) => [join(path, name), ...foldersBelow(join(path, name))]);
  } catch {
    return [];
  }
}
