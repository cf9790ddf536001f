import { availableParallelism } from 'node:os';
import { isAbsolute } from 'node:path';
import { parseArgs } from 'node:util';
import { CONTAINMENTS, type ContainmentName } from './shim/messages';

export interface HostOptions {
  /** `<git common dir>/interlock`, absolute. */
  stateDir: string;
  idleMs: number;
  /** Runs at once. */
  limit: number;
  /** Bytes of output kept of a run. */
  outputCap: number;
  /** Acknowledged runs kept. */
  keep: number;
  /** What may hold a run together. Less than all there is is for tests. */
  containment: ContainmentName[];
}

/** Reads the host's command line. Throws an `Error` whose message says what is wrong. */
export function readOptions(args: readonly string[]): HostOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      state: { type: 'string' },
      'idle-ms': { type: 'string', default: String(10 * 60 * 1000) },
      concurrency: { type: 'string', default: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
      'output-cap': { type: 'string', default: String(64 * 1024 * 1024) },
      'keep-runs': { type: 'string', default: '200' },
      containment: { type: 'string', default: CONTAINMENTS.join(',') },
    },
  });
  const { state } = values;
  if (state === undefined || !isAbsolute(state)) throw new Error('--state needs the absolute path of the state folder');
  return {
    stateDir: state,
    idleMs: count('idle-ms', values['idle-ms'], 1),
    limit: count('concurrency', values.concurrency, 1),
    outputCap: count('output-cap', values['output-cap'], 1024),
    keep: count('keep-runs', values['keep-runs'], 0),
    containment: containments(values.containment),
  };
}

/** `sweep` stands for none. */
function containments(text: string): ContainmentName[] {
  const names = text.split(',');
  const found = CONTAINMENTS.filter((name) => names.includes(name));
  if (text !== 'sweep' && found.length !== names.length)
    throw new Error(`--containment needs sweep, or names of ${CONTAINMENTS.join(',')}`);
  return found;
}

function count(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > 2 ** 31 - 1)
    throw new Error(`--${name} needs a whole number from ${least}`);
  return value;
}
