import { ConnectRefused } from './connect-refused';

export interface HostName {
  host: string;
  port: number | null;
  user: string | null;
}

/** The hops of ProxyJump: `[user@]host[:port]` or an ssh URI, between commas. Throws ConnectRefused. */
export function parseHops(value: string): HostName[] {
  return value.split(',').map((part) => {
    const plain = part
      .trim()
      .replace(/^ssh:\/\//, '')
      .replace(/\/$/, '');
    const [, user, bracketed, bare, port] = /^(?:(.+)@)?(?:\[([^\]]+)\]|([^:@[\]]+))(?::(\d{1,5}))?$/.exec(plain) ?? [];
    const host = bracketed ?? bare;
    if (host === undefined) throw new ConnectRefused('ssh-config', 'a host in ProxyJump can not be read');
    return { host, port: port === undefined ? null : Number(port), user: user ?? null };
  });
}
