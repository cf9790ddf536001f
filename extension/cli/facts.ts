import { padWidth } from './display-width';
import { line, type Line } from './line';

/** `name   value` lines under each other, the values aligned; a fact without a value is left out. */
export function facts(
  pairs: readonly (readonly [name: string, value: string | null | undefined])[],
  indent = '  ',
): Line[] {
  const shown = pairs.filter((pair): pair is readonly [string, string] => Boolean(pair[1]));
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => line(`${indent}${padWidth(name, width)}  ${value}`));
}
