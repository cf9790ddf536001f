import { setTimeout as sleep } from 'node:timers/promises';
import { PROTOCOL_VERSION } from '../../runner-host/protocol/version';
import { findHost, type FoundHost } from './find-host';
import { HostConnection } from './host-connection';
import { elsewhere, HostError } from './host-error';
import { startHost, type StartedHost, type StartOptions } from './start-host';

const BOUND_MS = 10_000;
const LOOK_MS = 25;
/** A host that ended at once is started again so seldom. */
const RESTART_MS = 1000;
/** What the host exits with if it can't tell whether an older one still serves. */
const CANNOT_SERVE = 3;

export interface ReachOptions extends StartOptions {
  clientName: string;
  log(line: string): void;
}

/** A connection to the host that runs, also to one that ends; null if none does. Never starts one. Throws `HostError`. */
export async function probeHost({ stateDir, clientName }: ReachOptions): Promise<HostConnection | null> {
  const found = findHost(stateDir);
  if (found === null) return null;
  if (found.record.version > PROTOCOL_VERSION) throw newer(found);
  try {
    return await HostConnection.open(found.record, clientName, PROTOCOL_VERSION);
  } catch (error) {
    if (error instanceof HostError && error.code === 'unreachable') return null;
    throw error;
  }
}

/**
 * A connection to the repository's host, started if there is none; an older version is drained and replaced. At most 10 s.
 * @param forNewRun whether a host that ends is of no use
 * @throws HostError
 */
export async function reachHost(options: ReachOptions, forNewRun: boolean): Promise<HostConnection> {
  const deadline = Date.now() + BOUND_MS;
  let started: StartedHost | undefined;
  let startedAt = 0;
  let problem = new HostError('unreachable', 'no runner host came up');
  for (;;) {
    const found = findHost(options.stateDir);
    const usable = found !== null && !(found.stopped && forNewRun);
    if (usable) {
      try {
        return await join(found, options);
      } catch (error) {
        problem = keepTrying(error);
      }
    }
    const exit = started?.exitCode();
    if (exit === CANNOT_SERVE && found !== null && !found.stopped)
      throw elsewhere(found.record.identity.host, found.marker);
    if (exit !== undefined && exit !== 0) throw started?.problem() ?? problem;
    if (Date.now() >= deadline) throw problem;
    if (started === undefined || (exit === 0 && Date.now() - startedAt > RESTART_MS)) {
      options.log('starting the runner host');
      started = startHost(options);
      startedAt = Date.now();
    }
    await sleep(LOOK_MS);
  }
}

async function join(found: FoundHost, { clientName, log }: ReachOptions): Promise<HostConnection> {
  const { version } = found.record;
  if (version > PROTOCOL_VERSION) throw newer(found);
  if (version === PROTOCOL_VERSION) return HostConnection.open(found.record, clientName, PROTOCOL_VERSION);
  if (!found.stopped) {
    log(`draining the runner host of version ${version}`);
    const old = await HostConnection.open(found.record, clientName, version);
    await old.request('host/drain', { cancel: false }).finally(() => old.close());
  }
  throw new HostError('unreachable', `the runner host of version ${version} is being replaced`);
}

function newer({ record }: FoundHost): HostError {
  return new HostError(
    'newer-host',
    `the running host speaks version ${record.version}, this side ${PROTOCOL_VERSION}`,
  );
}

/** Nobody listens, a dying host, a record that was replaced between reading and connecting: the next look may find better. */
function keepTrying(error: unknown): HostError {
  if (!(error instanceof HostError)) throw error;
  if (error.code === 'unreachable' || error.code === 'connection-lost' || error.code === 'unauthorized') return error;
  throw error;
}
