import { join } from 'node:path';
import { ConnectRefused } from './connect-refused';

/** `~`, `${NAME}` and the tokens of ssh_config(5). Throws ConnectRefused on a token that is not known here. */
export function expandPath(
  value: string,
  tokens: Readonly<Record<string, string>>,
  { home, env }: { home: string; env: NodeJS.ProcessEnv },
): string {
  const unquoted = /^"(.*)"$/.exec(value)?.[1] ?? value;
  const expanded = unquoted
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? refuse(whole))
    .replace(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? refuse(whole))));
  return /^~([/\\]|$)/.test(expanded) ? join(home, expanded.slice(1)) : expanded;
}

function refuse(part: string): never {
  throw new ConnectRefused('ssh-config', `${part} in a path of the ssh configuration is not understood`);
}

/** `ssh -G` prints a list of paths without quotes: a part that begins no path belongs to the one before. */
export function splitPaths(value: string): string[] {
  const paths: string[] = [];
  for (const part of value.split(' ')) {
    if (paths.length > 0 && !/^([/~\\]|[A-Za-z]:|%d|\$\{|__PROGRAMDATA__|none$)/.test(part)) {
      paths[paths.length - 1] += ` ${part}`;
    } else paths.push(part);
  }
  return paths;
}
