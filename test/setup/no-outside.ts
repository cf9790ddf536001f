import dgram from 'node:dgram';
import net from 'node:net';

/*
 * Loaded before every test file: a test of this project talks to this machine alone. It shares nothing with the write guard
 * that runs are given, so that a mistake in one is not a mistake in both.
 */

const DONE = Symbol.for('interlock.test.no-outside');
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|0\.0\.0\.0|::)$/i;

function refuseOutside(host: unknown): void {
  if (typeof host !== 'string' || LOOPBACK.test(host)) return;
  throw new Error(`a test tried to reach ${host}: tests talk to this machine alone`);
}

/** `connect(options)`, `connect(port, host)`, `connect(path)`, and the normalized list that `net.connect` gives. */
function hostOf(given: readonly unknown[]): unknown {
  const first: unknown = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (typeof first === 'object' && first !== null)
    return 'path' in first && first.path ? undefined : (first as { host?: unknown }).host;
  return typeof given[1] === 'string' ? given[1] : undefined;
}

if (!(DONE in globalThis)) {
  Object.defineProperty(globalThis, DONE, { value: true });
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
    refuseOutside(hostOf(given));
    return Reflect.apply(connect, this, given) as net.Socket;
  } as typeof connect;
  const { send } = dgram.Socket.prototype;
  dgram.Socket.prototype.send = function (this: dgram.Socket, ...given: unknown[]) {
    refuseOutside(given.slice(1).find((value) => typeof value === 'string'));
    return Reflect.apply(send, this, given) as void;
  } as typeof send;
}
