import { connect } from 'node:net';
import type { SshEvent } from '../staging-evidence';
import { errorEvent } from './error-event';

const PROBE_MS = 5_000;

/** What keeps a port from being reached; undefined if it answers. */
export async function probeTcp(host: string, port: number): Promise<SshEvent | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (event: SshEvent | undefined): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(event);
    };
    const late = setTimeout(() => settle({ kind: 'error', level: 'client-timeout' }), PROBE_MS);
    socket.once('connect', () => settle(undefined));
    socket.on('error', (error) => settle({ ...errorEvent(error), level: 'client-socket' }));
  });
}
