export interface RunnerCall {
  runner: 'vitest' | 'jest' | 'mocha' | 'node' | 'playwright';
  /** The words after the runner's name. */
  words: string[];
}

/** What may stand before the runner: programs that pass their last words on. */
const WRAPPERS = new Set(['npx', 'cross-env', 'c8', 'nyc']);

/**
 * The known test runner that words added to the end of an npm script would reach, or null where that is not sure:
 * other commands after it, pipes, or quoting that is not understood here.
 */
export function runnerOf(script: string): RunnerCall | null {
  const last = script.split('&&').at(-1)?.trim() ?? '';
  if (/[|;&<>`$#()\\]/.test(last)) return null;
  const words = last.split(/\s+/);
  let at = 0;
  while (/^[A-Za-z_][A-Za-z0-9_]*=[^'"]*$/.test(words[at] ?? '') || WRAPPERS.has(words[at] ?? '')) at++;
  const name = words[at] ?? '';
  const rest = words.slice(at + 1);
  if (name === 'vitest' || name === 'jest' || name === 'mocha') return { runner: name, words: rest };
  if (name === 'playwright' && rest[0] === 'test') return { runner: name, words: rest.slice(1) };
  if (name === 'node' && rest.includes('--test')) return { runner: 'node', words: rest };
  return null;
}
