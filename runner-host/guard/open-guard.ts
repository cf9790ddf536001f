import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { GuardReading } from '../protocol/result';
import type { NetworkPolicy } from '../protocol/run-spec';
import { readGuard } from './audit';
import { NODE_LAYER } from './node-layer';
import { openProxy, PUSH_PATH } from './proxy';
import { PYTHON_LAYER } from './python-layer';
import { SSH_LAYER } from './ssh-layer';
import { upstreamOf } from './upstream';

export interface Guard {
  /** The command's environment with the guard in it. */
  env: Record<string, string>;
  /** Ends the guard and tells what it refused and let pass. */
  close(): Promise<GuardReading>;
}

/** Nothing outside may be written to, and no host be talked to blindly but the known registries. */
const NOTHING: NetworkPolicy = { sandbox: [], allowSandboxWrites: false, read: [] };

/**
 * Puts the write guard's layers around a command: a preload for Node and one for Python, a proxy for everything that heeds
 * proxies, git's pushes. There is no way to start a command without it: what cannot be set up throws.
 * @param folder made here; holds the layers and `guard.jsonl`
 */
export async function openGuard(
  folder: string,
  env: Readonly<Record<string, string>>,
  policy: NetworkPolicy = NOTHING,
): Promise<Guard> {
  const log = join(folder, 'guard.jsonl');
  const [node, ssh] = [join(folder, 'guard.cjs'), join(folder, 'ssh')];
  await mkdir(join(folder, 'python'), { recursive: true, mode: 0o700 });
  await writeFile(log, '', { mode: 0o600 });
  await writeFile(node, NODE_LAYER);
  await writeFile(join(folder, 'python', 'sitecustomize.py'), PYTHON_LAYER);
  await writeFile(ssh, SSH_LAYER, { mode: 0o700 });
  const proxy = await openProxy(policy, log, upstreamOf(env));
  const sandbox = policy.allowSandboxWrites ? policy.sandbox : [];
  const address = `http://127.0.0.1:${proxy.port}`;
  const both = (name: string, value: string): [string, string][] => [
    [name, value],
    [name.toLowerCase(), value],
  ];
  return {
    env: {
      ...env,
      INTERLOCK_GUARD: JSON.stringify({ log, sandbox }),
      INTERLOCK_GUARD_LOG: log,
      NODE_OPTIONS: [`--require ${JSON.stringify(node)}`, env['NODE_OPTIONS']].filter(Boolean).join(' '),
      PYTHONPATH: [join(folder, 'python'), env['PYTHONPATH']].filter(Boolean).join(delimiter),
      ...Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => both(name, address))),
      ...Object.fromEntries(both('NO_PROXY', 'localhost,127.0.0.1,::1')),
      ...(process.platform === 'win32' ? {} : { GIT_SSH_COMMAND: `'${ssh.replaceAll("'", `'\\''`)}'` }),
      ...pushSettings(env, address, sandbox),
    },
    async close() {
      proxy.close();
      return readGuard(log);
    },
  };
}

/** Pushes over HTTP go to the guard's proxy, which refuses them; the longest match wins, so local and sandbox ones stay. */
function pushSettings(
  env: Readonly<Record<string, string>>,
  address: string,
  sandbox: readonly string[],
): Record<string, string> {
  const hosts = ['127.0.0.1', 'localhost', '[::1]', ...sandbox.filter((host) => !host.startsWith('*.'))];
  const own = hosts.flatMap((host) => ['http', 'https'].map((scheme) => `${scheme}://${host}`));
  const settings: [string, string][] = [
    ...['https://', 'http://'].map((from): [string, string] => [`url.${address}${PUSH_PATH}.pushInsteadOf`, from]),
    ...own.map((url): [string, string] => [`url.${url}.pushInsteadOf`, url]),
  ];
  const first = Number(env['GIT_CONFIG_COUNT'] ?? 0) || 0;
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(first + settings.length)],
    ...settings.flatMap(([key, value], at) => [
      [`GIT_CONFIG_KEY_${first + at}`, key],
      [`GIT_CONFIG_VALUE_${first + at}`, value],
    ]),
  ]);
}
