import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { NetworkPolicy } from '../protocol/run-spec';

/**
 * Package registries from which suites fetch what they need. A connection to them cannot be looked into; those to which one
 * can publish ask for a token, which no run is given, and npm's own requests are looked into by the Node layer.
 */
const REGISTRIES = [
  ...['registry.npmjs.org', 'registry.yarnpkg.com', 'pypi.org', 'files.pythonhosted.org'],
  ...['proxy.golang.org', 'sum.golang.org', 'index.crates.io', 'static.crates.io'],
  ...['repo.maven.apache.org', 'repo1.maven.org', 'plugins.gradle.org', 'services.gradle.org', 'api.nuget.org'],
];

export interface Target {
  host: string;
  port: number;
}

/** What may be done at a target: `local` everything, `sandbox` everything but on record, `read` what cannot be looked into. */
export type Standing = 'local' | 'sandbox' | 'read' | 'outside';

/** Everything is outside unless something says otherwise. Names are not resolved: what they lead to may change. */
export function standingOf(target: Target, policy: NetworkPolicy): Standing {
  if (isLocal(target.host)) return 'local';
  if (policy.allowSandboxWrites && policy.sandbox.some((pattern) => matches(pattern, target))) return 'sandbox';
  if ([...REGISTRIES, ...policy.read].some((pattern) => matches(pattern, target))) return 'read';
  return 'outside';
}

/** This machine, by name or by any of its own addresses. */
export function isLocal(host: string): boolean {
  const name = plain(host);
  if (name === '' || name === 'localhost' || name.endsWith('.localhost') || name === '0.0.0.0' || name === '::')
    return true;
  if (name === '::1' || /^(::ffff:)?127\./.test(name)) return isIP(name) !== 0;
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === name));
}

/** `host`, `host:port`, `*.host`. */
export function matches(pattern: string, { host, port }: Target): boolean {
  const [, name = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  if (wanted !== undefined && Number(wanted) !== port) return false;
  return name.startsWith('*.') ? plain(host).endsWith(name.slice(1)) : plain(host) === name;
}

const plain = (host: string): string =>
  host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');

/** `host:port`, `[::1]:port`; null for anything else. */
export function readTarget(text: string): Target | null {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+):(\d{1,5})$/.exec(text) ?? [];
  return host === '' ? null : { host: host.replace(/^\[|\]$/g, ''), port: Number(port) };
}
