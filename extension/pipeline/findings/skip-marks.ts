/** What makes frameworks pass over tests, or run some of them alone. Over-matching costs a line in a report. */
const MARKS = [
  // JavaScript: it.skip, describe.only, test.todo, xit(, fdescribe(, { skip: true }
  /\b(?:it|test|describe|suite|context|bench)(?:\.[a-z]+)*\.(?:skip|skipIf|runIf|todo|only|fixme|failing|fails)\b/g,
  /\b(?:x|f)(?:it|test|describe|context)\s*\(/g,
  /\b(?:skip|todo|only)\s*:\s*(?:true|['"`])/g,
  /\bthis\.skip\s*\(/g,
  // Python
  /@pytest\.mark\.(?:skip|skipif|xfail)\b|\bpytest\.(?:skip|xfail|importorskip)\s*\(|@(?:unittest\.)?skip(?:If|Unless)?\b|\bself\.skipTest\s*\(/g,
  // Go, Rust
  /\b[a-z]\.(?:Skip|Skipf|SkipNow)\s*\(/g,
  /#\[\s*ignore\b/g,
  // JVM, .NET
  /@(?:Disabled|Ignore)\w*\b/g,
  /\[\s*Ignore\b|\bSkip\s*=\s*"/g,
];

/** How many marks a test file holds that skip tests, or single some out. */
export function countSkipMarks(text: string): number {
  return MARKS.reduce((count, mark) => count + (text.match(mark)?.length ?? 0), 0);
}
