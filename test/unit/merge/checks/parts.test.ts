import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { align } from '../../../../runner-host/merge/checks/align';
import { lineFinding } from '../../../../runner-host/merge/checks/finding';
import { matcher } from '../../../../runner-host/merge/checks/glob';
import { normalise } from '../../../../runner-host/merge/checks/lines';
import { similarity } from '../../../../runner-host/merge/checks/similarity';
import { parseTree } from '../../../../runner-host/merge/checks/tree-walk';

it('an alignment turns one list into the other, with as few edits as there can be', () => {
  let state = 7;
  const next = (bound: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % bound;
  for (let round = 0; round < 300; round++) {
    const list = (): string[] => Array.from({ length: next(9) }, () => 'abc'.charAt(next(3)));
    const [a, b] = [list(), list()];
    const hunks = align(a, b, 100) ?? [];
    const built: string[] = [];
    let at = 0;
    for (const hunk of hunks) {
      built.push(...a.slice(at, hunk.fromBefore), ...b.slice(hunk.fromAfter, hunk.toAfter));
      at = hunk.toBefore;
    }
    expect([...built, ...a.slice(at)]).toEqual(b);
    const edits = hunks.reduce((sum, hunk) => sum + hunk.toBefore - hunk.fromBefore + hunk.toAfter - hunk.fromAfter, 0);
    expect(edits).toBe(a.length + b.length - 2 * longestCommon(a, b));
  }
});

function longestCommon([a, ...as]: string[], [b, ...bs]: string[]): number {
  if (a === undefined || b === undefined) return 0;
  return a === b ? 1 + longestCommon(as, bs) : Math.max(longestCommon(as, [b, ...bs]), longestCommon([a, ...as], bs));
}

it('an alignment above its bound has no answer', () => {
  expect(align(['a', 'b', 'c'], ['x', 'y', 'z'], 5)).toBeUndefined();
  expect(align(['a', 'b', 'c'], ['x', 'y', 'z'], 6)).toHaveLength(1);
});

it('signs alone make no two lines alike', () => {
  expect(similarity('const a = f.g(1);', 'const b = h.i(2);')).toBeLessThan(0.5);
  expect(similarity('version = "1.1.0"', 'version = "1.2.0"')).toBeGreaterThan(0.6);
  expect(similarity('timeouts', 'timeout')).toBeGreaterThan(0.6);
  expect(similarity('}', '}')).toBe(0);
});

it('globs stay within a name, span folders, and know bytes', () => {
  const matches = matcher(['*.lock', '/top.json', 'gen/**', 'src/**/x?.ts', 'd[1].(a)', 'caf\u00e9/*']);
  const paths = ['a.lock', 'deep/er/b.lock', 'top.json', 'gen/a/b', 'src/x1.ts', 'src/a/b/x2.ts', 'caf\xc3\xa9/x'];
  expect(paths.filter((path) => !matches(path))).toEqual([]);
  expect(['a.lock/x', 'deep/top.json', 'gen', 'src/x12.ts', 'd1.a', 'caf\xe9/x'].filter(matches)).toEqual([]);
  expect(matcher([])('anything')).toBe(false);
});

it('the hash of a line is the one that sha256sum gives of its normalised bytes', () => {
  const line = '  - caf\xc3\xa9   x\t';
  const finding = lineFinding('DROPPED', {
    path: 'p',
    side: 'item',
    line,
    normalised: normalise(line),
    count: 1,
    detail: '',
  });
  expect(finding.lineHash).toBe(createHash('sha256').update('- café x').digest('hex'));
  expect(finding.line).toBe('- café   x');
  const long = lineFinding('DROPPED', {
    path: 'p',
    side: 'item',
    line: 'y'.repeat(500),
    normalised: 'y',
    count: 1,
    detail: '',
  });
  expect(long.line).toHaveLength(200);
});

it('a tree object that is cut off is a failure', () => {
  const id = 'a'.repeat(40);
  const whole = `100644 name\0${'\x01'.repeat(20)}`;
  expect(parseTree(id, whole).get('name')).toEqual({ mode: '100644', id: '01'.repeat(20) });
  for (const cut of [whole.slice(0, -1), '100644 name', '100644'])
    expect(() => parseTree(id, cut)).toThrow('is not whole');
});
