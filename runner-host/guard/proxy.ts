import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NetworkPolicy } from '../protocol/run-spec';
import { noteGuard } from './audit';
import { isLocal, readTarget, standingOf, type Target } from './policy';
import { tunnelTo, type Upstream } from './upstream';

export interface GuardProxy {
  port: number;
  close(): void;
}

/** Where git's pushes over HTTP are sent to: the rest of the path is what they were meant for. */
export const PUSH_PATH = '/refused-push/';
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);
const BY = 'proxy';

/**
 * The proxy that every program of a run is told to use. Plain HTTP is looked into: reads pass, writes only to the sandbox. What
 * cannot be looked into (CONNECT) passes to the sandbox and to hosts that may be read from, and nowhere else.
 */
export function openProxy(policy: NetworkPolicy, log: string, upstream: Upstream): Promise<GuardProxy> {
  const sockets = new Set<Duplex>();
  const keep = <S extends Duplex>(socket: S): S => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    return socket;
  };
  const mayPass = (method: string, target: Target, read: boolean): boolean => {
    const standing = standingOf(target, policy);
    const record = { method, target: `${target.host}:${target.port}`, by: BY };
    if (standing === 'sandbox') noteGuard(log, { action: 'allowed', ...record });
    if (standing === 'sandbox' || standing === 'local' || read || (method === 'CONNECT' && standing === 'read'))
      return true;
    noteGuard(log, { action: 'blocked', ...record });
    return false;
  };

  const server = createServer((asked, answer) => {
    const { method = '', url = '' } = asked;
    if (url.startsWith(PUSH_PATH)) {
      noteGuard(log, { action: 'blocked', method: 'git push', target: url.slice(PUSH_PATH.length), by: 'git' });
      return refuse(answer);
    }
    const wanted = URL.canParse(url) ? new URL(url) : null;
    if (wanted?.protocol !== 'http:') return refuse(answer);
    const target = { host: wanted.hostname, port: Number(wanted.port || 80) };
    if (!mayPass(method, target, READS.has(method))) return refuse(answer);
    forward(asked, answer, wanted, isLocal(target.host) ? null : upstream.http(target));
  });
  server.on('connection', keep);
  server.on('connect', (asked: IncomingMessage, socket: Socket, head: Buffer) => {
    const target = readTarget(asked.url ?? '');
    if (target === null || !mayPass('CONNECT', target, false)) {
      socket.end(`HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${REFUSED}`);
      return;
    }
    tunnelTo(target, isLocal(target.host) ? null : upstream.https(target), (far) => {
      if (far === null) return void socket.end('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\n\r\n');
      keep(far);
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      far.write(head);
      far.pipe(socket).pipe(far);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close() {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}

const REFUSED =
  'Interlock refused this: a run writes nothing to the outside, and a connection that cannot be looked into may be a write. ' +
  'See test.network in interlock.json.\n';

function refuse(answer: ServerResponse): void {
  answer.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(REFUSED);
}

function forward(asked: IncomingMessage, answer: ServerResponse, wanted: URL, via: URL | null): void {
  const { method } = asked;
  const headers = { ...asked.headers };
  delete headers['proxy-connection'];
  const to = via
    ? { host: via.hostname, port: via.port || 80, path: wanted.href }
    : { host: wanted.hostname, port: wanted.port || 80, path: `${wanted.pathname}${wanted.search}` };
  const far = request({ ...to, method, headers, agent: false }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    reply.pipe(answer);
  });
  far.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  answer.on('close', () => far.destroy());
  asked.pipe(far);
}
