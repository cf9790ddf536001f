import { describe, expect, test } from 'vitest';
import { classify } from '../../../runner-host/ssh/classify';
import { EXIT_REASONS, LOST_REASONS, type Frame, type RemoteExit } from '../../../runner-host/ssh/frames';
import type { SshEvent, StagingEvidence } from '../../../runner-host/ssh/staging-evidence';

const error = (level?: string, code?: string | number): SshEvent => ({
  kind: 'error',
  ...(level === undefined ? {} : { level }),
  ...(code === undefined ? {} : { code }),
});
const closed: SshEvent = { kind: 'close' };
const hello: Frame = { type: 'hello', version: 1, bootId: 'b' };
const begun: Frame[] = [hello, { type: 'env', state: 'ok', reason: 'fit' }, { type: 'started', pid: 7 }];
const attached: Frame = { type: 'attached', offset: 0 };
const data = (offset: number, text: string): Frame => ({ type: 'data', offset, bytes: Buffer.from(text) });
const exit = (changes: Partial<RemoteExit> = {}): Frame => ({
  type: 'exit',
  exit: {
    code: 0,
    reason: 'exit',
    oomKills: 0,
    survivors: 0,
    leaked: 0,
    freeBefore: 9e6,
    freeAfter: 9e6,
    logBytes: 0,
    ...changes,
  },
});
const evidence = (changes: Partial<StagingEvidence>): StagingEvidence => ({
  events: [],
  frames: [],
  noiseBytes: 0,
  inner: null,
  ...changes,
});
const judged = (changes: Partial<StagingEvidence>): string => {
  const { class: name, cause } = classify(evidence(changes));
  return `${name} ${cause}`;
};

describe('the connection phase', () => {
  test.each<[string, SshEvent[], string]>([
    [
      'wrong key, unknown user, no credentials, second factor missing',
      [error('client-authentication')],
      'permanent-env authentication',
    ],
    ['too many wrong keys of the agent', [error(undefined, 2)], 'permanent-env disconnected'],
    ['no agent socket', [error('agent'), error('client-authentication')], 'permanent-env authentication'],
    ['an encrypted key without passphrase, a garbage key', [{ kind: 'threw' }], 'permanent-env key-unusable'],
    [
      'host key changed',
      [{ kind: 'host-key', answer: 'changed' }, error('handshake')],
      'permanent-env host-key-changed',
    ],
    [
      'host key unknown',
      [{ kind: 'host-key', answer: 'unknown' }, error('handshake')],
      'permanent-env host-key-unknown',
    ],
    [
      'host key revoked',
      [{ kind: 'host-key', answer: 'revoked' }, error('handshake')],
      'permanent-env host-key-revoked',
    ],
    ['host key refused, nobody said why', [error('handshake')], 'permanent-env handshake'],
    [
      'the verifier never answers',
      [{ kind: 'host-key', answer: 'none' }, error('client-timeout')],
      'permanent-env host-key-unanswered',
    ],
    ['no common key exchange', [error('handshake'), error('client-socket', 'ECONNRESET')], 'permanent-env handshake'],
    [
      'no common key exchange, the reset first',
      [error('client-socket', 'ECONNRESET'), error('handshake')],
      'permanent-env handshake',
    ],
    ['refused', [error('client-socket', 'ECONNREFUSED')], 'transient-infra unreachable'],
    ['no route', [error('client-socket', 'ENETUNREACH')], 'transient-infra unreachable'],
    ['rejected by a firewall', [error('client-socket', 'EHOSTUNREACH')], 'transient-infra unreachable'],
    ['name does not exist', [error('client-socket', 'ENOTFOUND')], 'permanent-env host-name'],
    ['name server does not answer', [error('client-socket', 'EAI_AGAIN')], 'transient-infra unreachable'],
    ['no answer, or a port that is silent', [error('client-timeout')], 'transient-infra timeout'],
    ['closed before the handshake, HTTP, MaxStartups', [error('protocol')], 'transient-infra lost-before-handshake'],
    ['MaxSessions', [{ kind: 'exec-failed', reason: 2 }], 'transient-infra channel-open'],
    ['channels forbidden', [{ kind: 'exec-failed', reason: 1 }], 'permanent-env channel-refused'],
    ['exec refused', [{ kind: 'exec-failed' }], 'permanent-env exec-refused'],
    ['lost without a word', [closed], 'transient-infra closed'],
    ['no byte at all', [{ kind: 'silent' }], 'transient-infra silent'],
    ['an error that nobody knows', [error('new-level')], 'held not-understood'],
    ['nothing', [], 'held no-evidence'],
  ])('%s', (_name, events, expected) => {
    expect(judged({ events })).toBe(expected);
  });

  test.each([
    ['a forced command swallows the suite and ends with 0', 0, 0],
    ['nologin prints and ends with 1', 60, 1],
    ['a login shell without our syntax', 30, 1],
    ['/bin/sh is missing', 0, 127],
    ['the shell is killed', 0, null],
  ])('%s: no supervisor, for good', (_name, noiseBytes, code) => {
    expect(judged({ events: [{ kind: 'close', code }], noiseBytes })).toBe('permanent-env no-supervisor');
  });

  test('a forced cat that sends back all that it gets is not a host that answers', () => {
    expect(judged({ events: [{ kind: 'silent' }], noiseBytes: 400 })).toBe('permanent-env no-supervisor');
  });
});

describe('preflight', () => {
  test.each([
    ['permanent', 'workdir-missing', 'permanent-env workdir-missing'],
    ['permanent', 'command-not-found', 'permanent-env command-not-found'],
    ['transient', 'docker-daemon', 'transient-infra docker-daemon'],
  ] as const)('%s %s', (state, reason, expected) => {
    const events: SshEvent[] = [{ kind: 'close', code: 0 }];
    expect(judged({ frames: [hello, { type: 'env', state, reason }], events })).toBe(expected);
  });
});

describe('during the run', () => {
  test.each<[string, SshEvent[]]>([
    ['bare close: session killed, reboot, jump host gone', [closed]],
    ['connection reset', [error('client-socket', 'ECONNRESET'), closed]],
    ['corrupted packet', [error(), closed]],
    ['keepalive timeout', [error('client-timeout'), closed]],
    ['silence', [{ kind: 'silent' }]],
    ['status 0 without an exit frame', [{ kind: 'close', code: 0 }]],
    ['status 1 without an exit frame', [{ kind: 'close', code: 1 }]],
    ['a login refused when attaching', [closed, error('client-authentication')]],
  ])('%s: attach again', (_name, events) => {
    const expected = { class: 'transient-infra', cause: 'connection-lost', reattach: true };
    expect(classify(evidence({ frames: begun, events }))).toEqual(expected);
  });

  test('the shell on the host is killed by a signal', () => {
    expect(judged({ frames: begun, events: [{ kind: 'close', code: null, signal: 'KILL' }] })).toBe('held killed');
  });

  test('frames that can not be trusted any more', () => {
    expect(judged({ frames: begun, broken: 'a gap' })).toBe('transient-infra frames-broken');
  });

  test('every way to lose a run, none is a verdict', () => {
    const causes = LOST_REASONS.map((reason) => judged({ frames: [...begun, { type: 'lost', reason }] }));
    expect(causes).toEqual([
      'transient-infra lost-rebooted',
      'transient-infra lost-supervisor',
      'transient-infra lost-never-started',
      'held run-unknown',
    ]);
  });
});

describe('the exit frame', () => {
  const ended = (changes: Partial<RemoteExit>, more: Partial<StagingEvidence> = {}): string =>
    judged({ frames: [...begun, attached, exit(changes)], ...more });

  test.each([0, 1, 2, 125, 126, 127, 255])('the suite ends with %i: its own code', (code) => {
    const result = classify(evidence({ frames: [...begun, attached, exit({ code })], events: [closed] }));
    expect(result).toEqual({ class: 'suite-ran', cause: 'exit', reattach: false, code });
  });

  test('every reason but exit is no verdict, whatever the code', () => {
    const others = EXIT_REASONS.filter((reason) => reason !== 'exit');
    const causes = others.map((reason) => [0, 1].map((code) => ended({ code, reason })));
    expect(causes).toEqual([
      ['transient-infra timeout', 'transient-infra timeout'],
      ['transient-infra lease', 'transient-infra lease'],
      ['held killed', 'held killed'],
      ['held output-limit', 'held output-limit'],
      ['permanent-env workdir-unusable', 'permanent-env workdir-unusable'],
      ['transient-infra host-busy', 'transient-infra host-busy'],
    ]);
  });

  test.each<[string, Partial<RemoteExit>, string]>([
    ['killed from outside, or by itself', { code: 137 }, 'held killed'],
    ['ended by TERM', { code: 143 }, 'held killed'],
    ['out of memory', { code: 137, oomKills: 1 }, 'held out-of-memory'],
    ['a test failed for want of memory', { code: 1, oomKills: 2 }, 'held out-of-memory'],
    ['green, something else on the host was short of memory', { code: 0, oomKills: 1 }, 'suite-ran exit'],
    ['red and the disk is full', { code: 1, freeAfter: 0 }, 'permanent-env disk-full'],
    ['green and the disk is full: what log?', { code: 0, freeAfter: 0 }, 'held disk-full'],
    ['red, the disk could not be looked at', { code: 1, freeAfter: null }, 'held disk-unknown'],
    ['survivors', { code: 0, survivors: 1 }, 'held survivors'],
    ['survivors not looked for', { code: 0, survivors: null }, 'held survivors-unknown'],
  ])('%s', (_name, changes, expected) => {
    expect(ended(changes)).toBe(expected);
  });

  test('counts only with the whole log, over however many connections', () => {
    const last = exit({ code: 1, logBytes: 6 });
    const whole = [attached, data(0, 'abc'), { type: 'attached', offset: 3 } as const, data(3, 'def')];
    expect(judged({ frames: [...begun, ...whole, last] })).toBe('suite-ran exit');
    expect(judged({ frames: [...begun, attached, data(0, 'abc'), last] })).toBe('transient-infra log-incomplete');
    expect(judged({ frames: [...begun, attached, data(3, 'def'), last] })).toBe('transient-infra log-incomplete');
  });

  test.each<[string, number, StagingEvidence['inner'], Partial<RemoteExit>, string]>([
    ['bad flag, missing image', 125, { started: false, endCode: null }, {}, 'permanent-env container-start'],
    ['the suite itself ends with 125', 125, { started: true, endCode: 125 }, {}, 'suite-ran exit'],
    ['command not found in the container', 126, { started: false, endCode: null }, {}, 'permanent-env container-start'],
    ['daemon down, no such container', 1, { started: false, endCode: null }, {}, 'permanent-env container-start'],
    ['exit 0, and nothing ever began', 0, { started: false, endCode: null }, {}, 'permanent-env container-start'],
    ['container restarted during the run', 137, { started: true, endCode: null }, {}, 'transient-infra container-lost'],
    ['daemon killed during the run', 255, { started: true, endCode: null }, {}, 'transient-infra container-lost'],
    ['the suite itself ends with 255', 255, { started: true, endCode: 255 }, {}, 'suite-ran exit'],
    ['out of memory in the container', 137, { started: true, endCode: null }, { oomKills: 1 }, 'held out-of-memory'],
    ['codes differ', 0, { started: true, endCode: 1 }, {}, 'held container-codes-differ'],
  ])('in a container: %s', (_name, code, inner, changes, expected) => {
    expect(ended({ code, ...changes }, { inner })).toBe(expected);
  });
});
