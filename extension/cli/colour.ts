import type { OutputStream } from './world';

/** Whether to colour: never against NO_COLOR (https://no-color.org) or into a file, a pipe or a dumb terminal. */
export function colourOf(stream: OutputStream, env: Readonly<Record<string, string | undefined>>): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY && env['TERM'] !== 'dumb';
}
