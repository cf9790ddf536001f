import type { Classification } from '../ssh/staging-evidence';
import { judgeSession, superviseRemote, type SessionEnd } from './session';
import type { ServiceTools } from './service-run';

/** Longer than any run with all its services. */
const MOST_MS = 7 * 24 * 60 * 60 * 1000;
const OWNER_CHARS = 200;

export interface HostLock {
  /** What ended the holder before it was released; null while the host is ours for all we know. */
  readonly lost: Classification | null;
  /** Ends the holder on the host. Returns whether the host has confirmed it; if not, the lease ends it. */
  release(): Promise<boolean>;
}

export type LockAnswer =
  | { held: true; lock: HostLock }
  /** `owner`: who has it, in the words that it left. */
  | { held: false; found: Classification; owner: string; end: SessionEnd };

export interface LockRun {
  runId: string;
  token: string;
  /** For people who find the host busy. */
  owner: string;
  /** It was taken before, by a runner host that died: it is joined, or is lost. */
  attachOnly: boolean;
}

/**
 * Takes the host for one item: a supervised command that does nothing there holds the kernel's lock until it is ended, by us or
 * by its lease. Taking it again for the same run id, from another process too, gives the same lock. Never rejects.
 */
export async function takeHost({ runId, token, owner, attachOnly }: LockRun, tools: ServiceTools): Promise<LockAnswer> {
  const { host, script, limits, base, stop } = tools;
  const releasing = new AbortController();
  const cancel = (): void => releasing.abort();
  let log = '';
  let over: SessionEnd | null = null;
  let told!: () => void;
  const answered = new Promise<void>((resolve) => (told = resolve));
  const ended = superviseRemote(
    host,
    {
      ...{ runId, base, token, owner, sweep: '', program: '', workdir: '/', attachOnly },
      // Printed only by one that has the lock: the supervisor starts nothing without it.
      command: `echo held; exec sleep ${MOST_MS / 1000}`,
      ...{ timeoutMs: MOST_MS, graceMs: 1000, mostLogKib: 1024 },
    },
    {
      ...{ script, limits, stop: releasing.signal },
      write: (bytes) => {
        log = (log + bytes.toString('utf8')).slice(0, OWNER_CHARS);
        if (log.startsWith('held\n')) told();
      },
    },
  ).then((end) => {
    over = end;
    told();
    return end;
  });
  stop.addEventListener('abort', cancel, { once: true });
  if (stop.aborted) cancel();
  await answered;
  stop.removeEventListener('abort', cancel);
  if (over !== null) {
    const end = await ended;
    return { held: false, found: judgeSession(end), owner: log.startsWith('held\n') ? '' : log.trim(), end };
  }
  return {
    held: true,
    lock: {
      get lost() {
        return over === null ? null : judgeSession(over);
      },
      release: async () => {
        releasing.abort();
        const { exit, killed } = await ended;
        return killed?.confirmed === true || exit?.survivors === 0;
      },
    },
  };
}
