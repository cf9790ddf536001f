import type { Supervision } from '../protocol/result';

/** The record of a run whose command was never started. */
export function noSupervision(startedAt: number): Supervision {
  return {
    resolvedCommand: [],
    pid: null,
    exitCode: null,
    signal: null,
    startedAt,
    durationMs: 0,
    containment: 'none',
    cleanliness: 'clean',
    leaked: 0,
    survivors: [],
    outputBytes: 0,
    outputDropped: 0,
  };
}
