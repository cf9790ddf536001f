import type { SshEvent } from '../staging-evidence';

/** RFC 4253, 11.1: what a host says when it has had enough of our attempts. */
const NO_MORE_ATTEMPTS = [2, 14];

/** What counts of an error; its text does not. */
export function errorEvent(error: Error & { level?: string; code?: string | number }): SshEvent & { kind: 'error' } {
  const { level, code } = error;
  return { kind: 'error', ...(level === undefined ? {} : { level }), ...(code === undefined ? {} : { code }) };
}

/** The host was asked to let us in, and did not. */
export function isLoginRefused(events: readonly SshEvent[]): boolean {
  return events.some(
    (event) =>
      event.kind === 'error' &&
      (event.level === 'client-authentication' ||
        (typeof event.code === 'number' && NO_MORE_ATTEMPTS.includes(event.code))),
  );
}
