import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { matches, type Target } from './policy';

/** The proxy that stands before a target by the command's own variables, or null for a direct way. */
export interface Upstream {
  http(target: Target): URL | null;
  https(target: Target): URL | null;
}

/** Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` as programs do; only http:// proxies are known. */
export function upstreamOf(env: Readonly<Record<string, string>>): Upstream {
  const variable = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? '';
  const exceptions = variable('NO_PROXY')
    .split(/[,\s]+/)
    .filter(Boolean);
  const direct = (target: Target): boolean =>
    exceptions.some(
      (text) => text === '*' || matches(text, target) || matches(`*.${text.replace(/^\*?\./, '')}`, target),
    );
  const proxy = (name: string, target: Target): URL | null => {
    const text = variable(name) || variable('ALL_PROXY');
    return text.startsWith('http://') && URL.canParse(text) && !direct(target) ? new URL(text) : null;
  };
  return { http: (target) => proxy('HTTP_PROXY', target), https: (target) => proxy('HTTPS_PROXY', target) };
}

/** Opens the way to a target; gives null where it cannot be opened. Calls back once. */
export function tunnelTo(target: Target, via: URL | null, done: (socket: Socket | null) => void): void {
  if (via === null) {
    const socket = connect(target.port, target.host);
    const failed = (): void => done(null);
    socket.once('error', failed);
    socket.once('connect', () => {
      socket.off('error', failed);
      done(socket);
    });
    return;
  }
  const path = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const login = via.username === '' ? null : `${decodeURIComponent(via.username)}:${decodeURIComponent(via.password)}`;
  const headers = {
    host: path,
    ...(login === null ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
  };
  request({ host: via.hostname, port: via.port || 80, method: 'CONNECT', path, headers, agent: false })
    .once('error', () => done(null))
    .once('response', () => done(null))
    .once('connect', (reply, socket: Socket) => {
      if (reply.statusCode === 200) return done(socket);
      socket.destroy();
      done(null);
    })
    .end();
}
