import { found, type Classification, type SshEvent } from './staging-evidence';

/** RFC 4254, 5.1: connect failed, resource shortage. The others are a host's refusal. */
const PASSING_CHANNEL_FAILURES = [2, 4];
/** RFC 4253, 11.1: connection lost, by application, too many connections. */
const PASSING_DISCONNECTS = [10, 11, 12];
const PASSING_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
];

/**
 * No `hello` ever came. What a person must mend wins over what may pass: one failure can be followed by a reset that it
 * caused, and a refused login that is tried again gets the address banned.
 */
export function classifyConnection(
  events: readonly SshEvent[],
  noiseBytes: number,
  broken: string | undefined,
): Classification {
  const classes = events.map(classifyEvent).filter((one) => one !== undefined);
  const decisive =
    classes.find((one) => one.class === 'permanent-env') ??
    classes.find((one) => one.class === 'held') ??
    classes.find((one) => one.class === 'transient-infra');
  if (decisive !== undefined && decisive.cause !== 'closed' && decisive.cause !== 'silent') return decisive;
  // Somebody answers on that host, but not our supervisor: a forced command, a shell that refuses logins.
  if (noiseBytes > 0 || broken !== undefined) return found('permanent-env', 'no-supervisor');
  return decisive ?? found('held', 'no-evidence');
}

function classifyEvent(event: SshEvent): Classification | undefined {
  switch (event.kind) {
    case 'threw':
      return found('permanent-env', event.cause ?? 'key-unusable');
    case 'host-key':
      return found('permanent-env', event.answer === 'none' ? 'host-key-unanswered' : `host-key-${event.answer}`);
    case 'exec-failed':
      if (event.reason === undefined) return found('permanent-env', 'exec-refused');
      return PASSING_CHANNEL_FAILURES.includes(event.reason)
        ? found('transient-infra', 'channel-open')
        : found('permanent-env', 'channel-refused');
    case 'close':
      // A status, even 0, without a word from our supervisor: whatever ran there was not the suite.
      return event.code === undefined && event.signal === undefined
        ? found('transient-infra', 'closed')
        : found('permanent-env', 'no-supervisor');
    case 'silent':
      return found('transient-infra', 'silent');
    case 'error':
      return classifyError(event.level, event.code);
  }
}

function classifyError(level: string | undefined, code: string | number | undefined): Classification {
  if (typeof code === 'number') {
    return PASSING_DISCONNECTS.includes(code)
      ? found('transient-infra', 'disconnected')
      : found('permanent-env', 'disconnected');
  }
  if (level === 'client-authentication' || level === 'agent') return found('permanent-env', 'authentication');
  if (level === 'handshake') return found('permanent-env', 'handshake');
  if (level === 'client-timeout') return found('transient-infra', 'timeout');
  if (code === 'ENOTFOUND') return found('permanent-env', 'host-name');
  if (code !== undefined && PASSING_CODES.includes(code)) return found('transient-infra', 'unreachable');
  if (level === 'protocol') return found('transient-infra', 'lost-before-handshake');
  return found('held', 'not-understood');
}
