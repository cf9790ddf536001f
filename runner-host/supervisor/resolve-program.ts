import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';

export type ResolvedProgram =
  | { ok: true; /** Absolute program first. */ command: string[] }
  | { ok: false; cause: 'command-not-found' | 'not-executable'; detail: string };

type Finding = 'runnable' | 'not-executable' | 'absent';

function look(path: string): Finding {
  try {
    if (!statSync(path).isFile()) return 'absent';
  } catch {
    return 'absent';
  }
  try {
    accessSync(path, constants.X_OK);
    return 'runnable';
  } catch {
    return 'not-executable';
  }
}

function candidates(
  name: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): string[] {
  const places = /[/\\]/.test(name)
    ? [resolve(cwd, name)]
    : (env['PATH'] ?? env['Path'] ?? '')
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, name));
  if (platform !== 'win32') return places;
  const extensions = ['', ...(env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';')];
  return places.flatMap((place) => extensions.map((extension) => place + extension));
}

function shell(line: string, env: Readonly<Record<string, string>>, platform: NodeJS.Platform): string[] {
  if (platform !== 'win32') return ['/bin/sh', '-c', line];
  return [env['ComSpec'] ?? env['COMSPEC'] ?? 'C:\\Windows\\System32\\cmd.exe', '/d', '/s', '/c', line];
}

/**
 * Settles before the run which file is executed, by the PATH that the command itself will see; a string goes through the shell.
 * Names with a slash are relative to `cwd`.
 */
export function resolveProgram(
  command: string | readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform = process.platform,
): ResolvedProgram {
  const [name = '', ...args] = typeof command === 'string' ? shell(command, env, platform) : command;
  let blocked: string | undefined;
  for (const path of candidates(name, cwd, env, platform)) {
    const finding = look(path);
    if (finding === 'runnable') return { ok: true, command: [path, ...args] };
    if (finding === 'not-executable') blocked ??= path;
  }
  if (blocked !== undefined)
    return { ok: false, cause: 'not-executable', detail: `${blocked} has no permission to execute` };
  const where = /[/\\]/.test(name)
    ? `looked for ${resolve(cwd, name)}`
    : `PATH: ${env['PATH'] ?? env['Path'] ?? '(empty)'}`;
  return { ok: false, cause: 'command-not-found', detail: `no program "${name}"; ${where}` };
}
