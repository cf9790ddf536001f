import { setTimeout as sleep } from 'node:timers/promises';
import { classify } from '../ssh/classify';
import { classifyConnection } from '../ssh/classify-connection';
import type { RemoteHost } from '../ssh/connect/remote-host';
import type { Frame, RemoteExit } from '../ssh/frames';
import type { RemoteRequest } from '../ssh/remote-request';
import type { Classification, InnerMarks, StagingEvidence } from '../ssh/staging-evidence';
import { killRemote, type Killed } from './kill-remote';
import { ticksOf, type StagingLimits } from './limits';
import { talk, type Talk } from './talk';

/** A connection that is cut within a login's noise looks like a host that has no supervisor. So often it is tried again. */
const NOISY_TRIES = 3;
/** After a confirmed kill the run's own connection still brings the end of the log. */
const LAST_WORDS_MS = 3_000;

/** One command under supervision on the host. Times in ms. */
export interface RemoteRun {
  runId: string;
  base: string;
  workdir: string;
  command: string;
  program: string;
  token: string;
  owner: string;
  sweep: string;
  timeoutMs: number;
  graceMs: number;
  mostLogKib: number;
  /** It was asked for before, perhaps by a runner host that died: it is attached to, and never started. */
  attachOnly: boolean;
}

export interface SessionTools {
  script: string;
  limits: StagingLimits;
  /** Takes the log's bytes in order, each once. What it throws ends the run. */
  write(bytes: Buffer): void;
  onFrame?(frame: Frame): void;
  /** Ends the run on the host. */
  stop: AbortSignal;
}

export interface SessionEnd {
  evidence: StagingEvidence;
  /** Connections on which the supervisor answered. */
  connections: number;
  bootId: string | null;
  exit: RemoteExit | null;
  /** The last connection was refused for good while the run's fate was not known. */
  refused: Classification | null;
  /** null: nobody asked for the end. */
  killed: Killed | null;
  /** The log could not be kept. */
  failed: Error | null;
}

/** So long a host is tried that was never reached; the deferral that follows tries it again. */
const UNREACHED_MS = 10_000;
/** No connection came about at all. */
const NOT_REACHED = new Set<unknown>([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
]);

/**
 * Runs a command on the host and stays with it until its end is known: a lost connection is taken up again at the byte where it
 * was lost. Never starts a run twice, and never gives one up for a new one. Never rejects.
 */
export async function superviseRemote(host: RemoteHost, run: RemoteRun, tools: SessionTools): Promise<SessionEnd> {
  return new Session(host, run, tools).follow();
}

class Session {
  readonly #host: RemoteHost;
  readonly #run: RemoteRun;
  readonly #tools: SessionTools;
  readonly #leave = new AbortController();
  readonly #frames: Frame[] = [];
  #asked: boolean;
  #begun: boolean;
  /** Whether a connection ever came about: else nothing can have begun on the host. */
  #reached: boolean;
  #seen = 0;
  #connections = 0;
  #heard = performance.now();
  #killing: Promise<Killed> | null = null;

  constructor(host: RemoteHost, run: RemoteRun, tools: SessionTools) {
    this.#host = host;
    this.#run = run;
    this.#tools = tools;
    this.#asked = this.#begun = this.#reached = run.attachOnly;
  }

  async follow(): Promise<SessionEnd> {
    const { stop, limits } = this.#tools;
    const onStop = (): void => this.#kill();
    let last: Talk | null = null;
    if (!stop.aborted || this.#asked) {
      stop.addEventListener('abort', onStop, { once: true });
      if (stop.aborted) onStop();
      for (let wait = limits.firstBackOffMs, tries = 1; ; wait = Math.min(wait * 2, limits.mostBackOffMs), tries++) {
        const before = this.#frames.length;
        last = await this.#connect();
        if (this.#frames.length > before) wait = limits.firstBackOffMs;
        if (last.settled || last.failed !== null || this.#leave.signal.aborted) break;
        if (!this.#mayTry(last, tries) || performance.now() - this.#heard > this.#patience(last)) break;
        // Not all who were cut off at once come back at once.
        await sleep(wait * (0.5 + Math.random() / 2), null, { signal: this.#leave.signal }).catch(() => null);
      }
      stop.removeEventListener('abort', onStop);
    }
    if (last?.failed) this.#kill();
    this.#leave.abort();
    return this.#end(last, await this.#killing);
  }

  async #connect(): Promise<Talk> {
    const { script, limits, write, onFrame } = this.#tools;
    const run = this.#run;
    this.#asked = true;
    const said = await talk(
      this.#host,
      { ...requestOf(run, limits), mode: this.#begun ? 'attach' : 'start', offset: this.#seen },
      {
        script,
        limits,
        leave: this.#leave.signal,
        onData: (offset, bytes) => {
          write(bytes);
          this.#seen = offset + bytes.length;
        },
        onFrame: (frame) => {
          this.#heard = performance.now();
          if (frame.type === 'started' || frame.type === 'exists' || frame.type === 'attached') this.#begun = true;
          onFrame?.(frame);
        },
      },
    );
    if (said.frames.length > 0) this.#connections += 1;
    this.#frames.push(...said.frames);
    return said;
  }

  /** After a supervisor has answered, only what a person must mend keeps us from trying again. */
  #mayTry({ frames, events, noiseBytes, broken }: Talk, tries: number): boolean {
    if (frames.length > 0) return true;
    const { class: name, cause } = classifyConnection(events, noiseBytes, broken);
    if (cause === 'no-supervisor') {
      const cut = events.every(({ kind }) => kind !== 'silent') && isBareClose(events);
      return cut && (this.#frames.length > 0 || tries < NOISY_TRIES);
    }
    return name === 'transient-infra';
  }

  /** In ms. A run that may have begun is waited for as long as it can be taken up again. */
  #patience({ frames, events }: Talk): number {
    const { reconnectMs } = this.#tools.limits;
    this.#reached ||=
      frames.length > 0 || !events.some((event) => event.kind === 'error' && NOT_REACHED.has(event.code));
    return this.#reached ? reconnectMs : Math.min(UNREACHED_MS, reconnectMs);
  }

  #kill(): void {
    if (this.#killing !== null || !this.#asked) return;
    const { script, limits } = this.#tools;
    this.#killing = killRemote(this.#host, this.#run, { script, limits }).then(async (killed) => {
      if (killed.confirmed) await sleep(LAST_WORDS_MS, null, { signal: this.#leave.signal }).catch(() => null);
      this.#leave.abort();
      return killed;
    });
  }

  #end(last: Talk | null, killed: Killed | null): SessionEnd {
    const frames = this.#frames;
    const known = frames.some(({ type }) => type === 'hello');
    const { events = [], noiseBytes = 0, broken } = last ?? {};
    const exit = frames.findLast((frame) => frame.type === 'exit')?.exit ?? null;
    const connection =
      known && last !== null && last.frames.length === 0 && !last.settled
        ? classifyConnection(events, noiseBytes, broken)
        : null;
    const bootId = frames.findLast((frame) => frame.type === 'hello')?.bootId ?? null;
    return {
      evidence: { events, frames, seen: this.#seen, noiseBytes, broken, inner: null },
      connections: this.#connections,
      bootId: bootId === '-' ? null : bootId,
      exit,
      refused: connection?.class === 'permanent-env' ? connection : null,
      killed: killed ?? (last === null ? { confirmed: true, survivors: 0 } : null),
      failed: last?.failed ?? null,
    };
  }
}

/** What the run was. `inner`: the marks of a container suite. */
export function judgeSession({ evidence, refused }: SessionEnd, inner: InnerMarks | null = null): Classification {
  const found = classify({ ...evidence, inner });
  return found.reattach && refused !== null ? { ...refused, reattach: true } : found;
}

export function requestOf(run: RemoteRun, limits: StagingLimits): Omit<RemoteRequest, 'nonce' | 'mode' | 'offset'> {
  const { timeoutMs, graceMs, attachOnly: _, ...same } = run;
  return {
    ...same,
    tickSeconds: limits.tickSeconds,
    timeoutTicks: ticksOf(timeoutMs, limits),
    leaseTicks: ticksOf(limits.leaseMs, limits),
    graceTicks: ticksOf(graceMs, limits),
    needFreeKib: limits.needFreeKib,
  };
}

function isBareClose(events: Talk['events']): boolean {
  return events.every((event) => event.kind !== 'close' || (event.code === undefined && event.signal === undefined));
}
