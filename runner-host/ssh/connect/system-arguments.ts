import type { ConnectLimits } from './limits';
import type { HostTarget } from './remote-host';

export interface SystemCall {
  command: string;
  knownHosts: readonly string[];
  /** A file that the client makes once it is logged in. */
  loggedIn: string;
  sshConfig: string | undefined;
  limits: ConnectLimits;
}

/** The system client's arguments: it asks nothing, writes no file of the person's, shares no connection, runs the command alone. */
export function systemArguments({ host, port, user }: HostTarget, call: SystemCall): string[] {
  const { command, knownHosts, loggedIn, sshConfig, limits } = call;
  const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));
  const quoted = (path: string): string => `"${path.replaceAll('%', '%%')}"`;
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=yes',
    'UpdateHostKeys=no',
    `UserKnownHostsFile=${[...new Set(knownHosts)].map(quoted).join(' ')}`,
    'ControlMaster=no',
    'ControlPath=none',
    'ClearAllForwardings=yes',
    'ForwardAgent=no',
    'ForwardX11=no',
    'RemoteCommand=none',
    `ConnectTimeout=${seconds(limits.readyMs)}`,
    `ServerAliveInterval=${seconds(limits.keepaliveMs)}`,
    `ServerAliveCountMax=${limits.keepaliveMisses}`,
    'PermitLocalCommand=yes',
    `LocalCommand=echo >${quoted(loggedIn)}`,
  ];
  return [
    ...(sshConfig === undefined ? [] : ['-F', sshConfig]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...(user === null ? [] : ['-l', user]),
    '-T',
    ...options.flatMap((option) => ['-o', option]),
    '--',
    host,
    command,
  ];
}
