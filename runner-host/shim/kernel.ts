import { constants } from 'node:os';
import type * as Koffi from 'koffi';

const PR_SET_PDEATHSIG = 1;
const PR_SET_CHILD_SUBREAPER = 36;
const P_ALL = 0;
const WNOHANG = 1;
const WEXITED = 4;
const WNOWAIT = 0x01000000;
/** Also children that were made by clone(2) with another signal than SIGCHLD: without it ECHILD would be no proof. */
const WALL = 0x40000000;

/** What Node has no call for. */
export interface Kernel {
  /**
   * waitid(2) without reaping: the pid of a dead child, `none-dead`, or `childless` (ECHILD) - the kernel's word that
   * no process of ours is left, because every orphan below a subreaper becomes its child.
   */
  peek(): number | 'none-dead' | 'childless';
  /** waitpid(2) for one dead child. Never for one that Node started: Node would wait for its end for ever. */
  reap(pid: number): void;
}

/**
 * Makes this process the one to which orphans below it fall (prctl(2), PR_SET_CHILD_SUBREAPER).
 * @param nativeFile koffi's native part; loading it directly takes 1 ms, its JavaScript front 7 ms
 * @throws if it can't be loaded or the kernel refuses
 */
export function becomeSubreaper(nativeFile: string): Kernel {
  const loaded = { exports: {} };
  process.dlopen(loaded, nativeFile);
  const koffi = loaded.exports as typeof Koffi;
  const libc = koffi.load(null);
  const prctl = libc.func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)');
  const waitid = libc.func('int waitid(int, unsigned int, void *, int)');
  const waitpid = libc.func('int waitpid(int, void *, int)');
  const siginfo = Buffer.alloc(128);
  // siginfo_t: three ints, then a union that is aligned to the size of a pointer; si_pid is its first member.
  const pidAt = ['arm', 'ia32'].includes(process.arch) ? 12 : 16;

  const kernel: Kernel = {
    peek() {
      siginfo.fill(0);
      if (waitid(P_ALL, 0, siginfo, WEXITED | WNOHANG | WNOWAIT | WALL) === 0) {
        return siginfo.readInt32LE(pidAt) || 'none-dead';
      }
      const errno = koffi.errno();
      if (errno === koffi.os.errno['ECHILD']) return 'childless';
      throw new Error(`waitid failed with errno ${errno}`);
    },
    reap(pid) {
      waitpid(pid, null, WNOHANG | WALL);
    },
  };
  if (kernel.peek() !== 'childless') throw new Error('there are children before the first one was started');
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) !== 0) throw new Error(`prctl failed with errno ${koffi.errno()}`);
  // A command can stop its supervisor (SIGSTOP). The host would wake it; if the host dies, the kernel does.
  prctl(PR_SET_PDEATHSIG, constants.signals.SIGCONT, 0, 0, 0);
  return kernel;
}
