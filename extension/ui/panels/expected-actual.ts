/** What a failure expected and what it got, as the suite printed them. */
export interface ExpectedActual {
  expected: string;
  actual: string;
}

interface Pattern {
  /** Each quantifier is bounded or stops at a line's end: the text is hostile and may be long. */
  find: RegExp;
  order: 'expected-first' | 'actual-first';
}

const PATTERNS: readonly Pattern[] = [
  // Jest: two labelled lines.
  {
    find: /^ *Expected[\w ]{0,20}: +(.{1,500})$[^]{0,200}?^ *Received[\w ]{0,20}: +(.{1,500})$/m,
    order: 'expected-first',
  },
  // JUnit, Hamcrest: expected:<3> but was:<2>.
  { find: /expected:? ?<([^>]{0,500})> but was:? ?<([^>]{0,500})>/, order: 'expected-first' },
  // testify.
  { find: /^\s{0,20}expected ?: (.{1,500})$\s{1,20}^\s{0,20}actual {0,3}: (.{1,500})$/m, order: 'expected-first' },
  // node:assert as Node's own reporters print it.
  { find: /^ *actual: (.{1,500}?),?$\s{1,4}^ *expected: (.{1,500}?),?$/m, order: 'actual-first' },
  // Chai and Vitest: expected 2 to equal 3.
  {
    find: /expected (.{1,300}?) to (?:strictly |deeply )?(?:be|equal|eql) (.{1,300}?)(?: \/\/ .{0,100})?$/m,
    order: 'actual-first',
  },
  // pytest: assert 2 == 3.
  { find: /^E? {0,10}(?:AssertionError: )?assert (.{1,300}?) == (.{1,300}?)$/m, order: 'actual-first' },
];

/** The first known wording in the text, or null: no guess is better than a wrong one. */
export function expectedActual(text: string): ExpectedActual | null {
  for (const { find, order } of PATTERNS) {
    const found = find.exec(text);
    const first = found?.[1];
    const second = found?.[2];
    if (first === undefined || second === undefined) continue;
    return order === 'expected-first' ? { expected: first, actual: second } : { expected: second, actual: first };
  }
  return null;
}
