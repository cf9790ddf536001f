import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { ConnectRefused } from './connect-refused';
import { readSettings, type HostSettings, type LocalPlace } from './host-settings';
import { parseHops, type HostName } from './proxy-jump';
import { settingsWithoutSsh } from './without-ssh';

/** Match exec in a configuration runs commands. */
const ASK_MS = 15_000;
const MOST_HOPS = 8;

export interface ResolveOptions {
  env: NodeJS.ProcessEnv;
  /** Read instead of the person's and the system's own. */
  sshConfig?: string | undefined;
  /** The ssh program is needed anyway. */
  onlyWithSsh?: boolean;
}

/** The host with the hops before it, in the order in which they are reached. Throws ConnectRefused. */
export async function resolveChain(name: HostName, options: ResolveOptions): Promise<HostSettings[]> {
  const chain: HostSettings[] = [];
  let next: HostName | undefined = name;
  while (next !== undefined) {
    const settings: HostSettings = await resolveHost(next, options);
    chain.unshift(settings);
    // As ssh does: the first hop is reached as its own configuration says, the others through the hop before.
    const hops: HostName[] = settings.proxyJump === null ? [] : parseHops(settings.proxyJump);
    for (const hop of hops.slice(1).reverse()) chain.unshift({ ...(await resolveHost(hop, options)), proxyJump: null });
    next = hops[0];
    if (chain.length > MOST_HOPS) throw new ConnectRefused('ssh-config', `more than ${MOST_HOPS} hosts on the way`);
  }
  return chain;
}

async function resolveHost(name: HostName, options: ResolveOptions): Promise<HostSettings> {
  if (!/^[^\s-][^\s]*$/.test(name.host)) throw new ConnectRefused('ssh-config', 'that is no name of a host');
  const account = userInfo();
  // ssh takes the account's home, whatever HOME says.
  const local: LocalPlace = { home: account.homedir, user: account.username, env: options.env };
  const text = await askSsh(name, options);
  if (text === undefined && options.onlyWithSsh === true) {
    throw new ConnectRefused('no-system-client', 'there is no ssh program');
  }
  return text === undefined ? settingsWithoutSsh(name, local, options.sshConfig) : readSettings(text, name.host, local);
}

/** What `ssh -G` prints; undefined if there is no ssh. Throws ConnectRefused if ssh refuses its own configuration. */
async function askSsh({ host, port, user }: HostName, { env, sshConfig }: ResolveOptions): Promise<string | undefined> {
  const args = [
    '-G',
    ...(sshConfig === undefined ? [] : ['-F', sshConfig]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...(user === null ? [] : ['-l', user]),
    '--',
    host,
  ];
  return new Promise((resolve, reject) => {
    const child = execFile('ssh', args, { env, timeout: ASK_MS, killSignal: 'SIGKILL' }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (error.code === 'ENOENT') resolve(undefined);
      else reject(new ConnectRefused('ssh-config', 'ssh does not accept its configuration for this host'));
    });
    child.stdin?.end();
  });
}
