/**
 * Loaded into every Node process of a run (`NODE_OPTIONS --require`). Reads over HTTP pass; everything else that leaves this
 * machine is refused where it is called, unless it goes to an allowed sandbox. It stands in the process of the code that it
 * watches: it stops mistakes, not code that sets out to get around it.
 */
export const NODE_LAYER = String.raw`'use strict';
(() => {
  if (!process.env.INTERLOCK_GUARD) return;
  const fs = require('node:fs');
  const net = require('node:net');
  const dgram = require('node:dgram');
  const { AsyncLocalStorage } = require('node:async_hooks');
  // All of http would cost each process two milliseconds more. Where this part of it can't be had alone, or only with a
  // warning, all of it is loaded.
  const { Agent } = Number.parseInt(process.versions.node) <= 24 ? require('_http_agent') : require('node:http');
  let policy = { log: '', sandbox: [] };
  try { policy = JSON.parse(process.env.INTERLOCK_GUARD); } catch {}

  const plain = (host) => String(host).toLowerCase().replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isLocal = (host) => {
    const name = plain(host);
    if (['', 'localhost', '0.0.0.0', '::', '::1'].includes(name) || name.endsWith('.localhost')) return true;
    if (/^(::ffff:)?127\./.test(name)) return net.isIP(name) !== 0;
    return Object.values(require('node:os').networkInterfaces()).some((list) => list.some(({ address }) => address === name));
  };
  const inSandbox = (host, port) =>
    policy.sandbox.some((pattern) => {
      const [, name, wanted] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase());
      if (wanted !== undefined && Number(wanted) !== Number(port)) return false;
      return name.startsWith('*.') ? plain(host).endsWith(name.slice(1)) : plain(host) === name;
    });
  const note = (action, method, host, port) => {
    const line = JSON.stringify({ at: Date.now(), action, method, target: host + ':' + port, by: 'node ' + process.pid });
    try { fs.appendFileSync(policy.log, line + '\n'); } catch {}
  };
  /** Undefined: may pass. Else the error to fail with. */
  const refusal = (method, host, port) => {
    if (isLocal(host)) return undefined;
    if (inSandbox(host, port)) return void note('allowed', method, host, port);
    note('blocked', method, host, port);
    const error = new Error(
      'Interlock refused ' + method + ' to ' + host + ':' + port + ': a run writes nothing to the outside. ' +
      'A host that is made for it belongs into test.network.sandbox in interlock.json.');
    return Object.assign(error, { code: 'EINTERLOCK' });
  };
  const isRead = (method) => ['GET', 'HEAD', 'OPTIONS'].includes(method);

  /** Within a read over HTTP: where its connection may go. */
  const reading = new AsyncLocalStorage();
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (...given) {
    const first = Array.isArray(given[0]) ? given[0][0] : given[0];
    const options = typeof first === 'object' && first !== null ? first
      : typeof first === 'string' && !/^\d+$/.test(first) ? { path: first }
      : { port: first, host: typeof given[1] === 'string' ? given[1] : 'localhost' };
    const { path, port, host = 'localhost' } = options;
    const read = reading.getStore();
    if (path === undefined && !(read && (read.anywhere || plain(read.host) === plain(host)))) {
      const error = refusal('CONNECT', host, port);
      if (error) {
        process.nextTick(() => this.destroy(error));
        return this;
      }
    }
    return connect.apply(this, given);
  };

  // Every request of http and https comes by here, and loading https alone would cost each process ten milliseconds.
  const { addRequest } = Agent.prototype;
  Agent.prototype.addRequest = function (asked, options, ...rest) {
    const { host = 'localhost', port, socketPath } = options;
    if (socketPath || isLocal(host)) return addRequest.call(this, asked, options, ...rest);
    const method = String(asked.method).toUpperCase();
    if (!isRead(method)) {
      const error = refusal(method, host, port);
      if (error) throw error;
    }
    return reading.run({ host }, () => addRequest.call(this, asked, options, ...rest));
  };
  if (typeof globalThis.fetch === 'function') {
    const { fetch } = globalThis;
    globalThis.fetch = async function (input, init) {
      // A mock answers in the process itself; what it lets through meets the connection's own check.
      const dispatcher = (init && init.dispatcher) || globalThis[Symbol.for('undici.globalDispatcher.1')];
      if (dispatcher && /^Mock/.test(dispatcher.constructor.name)) return fetch(input, init);
      const method = String((init && init.method) || (input && input.method) || 'GET').toUpperCase();
      const url = new URL(typeof input === 'string' || input instanceof URL ? input : input.url);
      const port = url.port || (url.protocol === 'https:' ? 443 : 80);
      if (!isRead(method) && /^https?:$/.test(url.protocol)) {
        const error = refusal(method, url.hostname, port);
        if (error) throw error;
        return reading.run({ host: url.hostname }, () => fetch(input, init));
      }
      return reading.run({ anywhere: true }, () => fetch(input, init));
    };
  }
  const { send, connect: bind } = dgram.Socket.prototype;
  dgram.Socket.prototype.send = function (...given) {
    const host = given.slice(1).find((value) => typeof value === 'string');
    const error = host === undefined ? undefined : refusal('UDP', host, given.filter((value) => typeof value === 'number').at(-1));
    if (error) throw error;
    return send.apply(this, given);
  };
  dgram.Socket.prototype.connect = function (port, host, ...rest) {
    const error = typeof host === 'string' ? refusal('UDP', host, port) : undefined;
    if (error) throw error;
    return bind.call(this, port, host, ...rest);
  };
})();
`;
