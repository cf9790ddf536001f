import type { CommandLine } from '../protocol/run-spec';

/** One word for a POSIX shell, whatever is in it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** The command as a shell reads it. */
export const commandText = (command: CommandLine): string =>
  typeof command === 'string' ? command : command.map(quoted).join(' ');

/** The program that must be there before anything starts; empty where only the shell can tell. */
export function programOf(command: CommandLine): string {
  if (typeof command !== 'string') return command[0] ?? '';
  return /^\s*([\w./-]+)(?=\s|$)/.exec(command)?.[1] ?? '';
}

/** The variables that can't be set, by their names. */
export const unusableNames = (env: Record<string, string>): string[] =>
  Object.entries(env).flatMap(([name, value]) => (/^[A-Za-z_]\w*$/.test(name) && !value.includes('\0') ? [] : [name]));

/** The text with variables set before it. */
export function withEnvironment(text: string, env: Record<string, string>): string {
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [...lines, text].join('\n');
}
