import fc from 'fast-check';
import type { VerdictRow, RunRow } from '../../../extension/ledger/rows';
import type { EndCause } from '../../../runner-host/supervisor/first-cause';

/** What really happened, known without any code under test. */
export interface Truth {
  outcomes: ('passed' | 'failed' | 'errored' | 'skipped')[];
  cause: EndCause;
  treeAfter: string | null;
  smoke: 'right' | 'wrong' | 'none' | null;
}

export const truth: fc.Arbitrary<Truth> = fc.record({
  outcomes: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constant('passed' as const) },
      fc.constantFrom('failed' as const, 'errored' as const, 'skipped' as const),
    ),
    { maxLength: 5 },
  ),
  cause: fc.oneof(
    { weight: 4, arbitrary: fc.constant<EndCause>({ kind: 'exit', code: 0 }) },
    fc.constantFrom(1, 2, 126, 127, 255).map((code): EndCause => ({ kind: 'exit', code })),
    fc.constantFrom('SIGKILL', 'SIGTERM', 'SIGSEGV').map((signal): EndCause => ({
      kind: 'signal',
      signal: signal as NodeJS.Signals,
    })),
    fc.constant<EndCause>({ kind: 'timeout' }),
    fc.constant<EndCause>({ kind: 'out-of-memory', detail: 'x' }),
  ),
  treeAfter: fc.oneof({ weight: 6, arbitrary: fc.constant('t1') }, fc.constantFrom('t2', null)),
  smoke: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    fc.constantFrom('right' as const, 'wrong' as const, 'none' as const),
  ),
});

const ELEMENT = { passed: '', failed: '<failure/>', errored: '<error/>', skipped: '<skipped/>' };

/** The report that an honest reporter writes. */
export function junitOf(outcomes: Truth['outcomes']): string {
  const count = (outcome: string): number => outcomes.filter((one) => one === outcome).length;
  const figures = `tests="${outcomes.length}" failures="${count('failed')}" errors="${count('errored')}" skipped="${count('skipped')}"`;
  const cases = outcomes.map((one, at) => `<testcase classname="a" name="n${at}">${ELEMENT[one]}</testcase>`);
  return `<?xml version="1.0"?>\n<testsuites><testsuite name="a" ${figures}>${cases.join('')}</testsuite></testsuites>\n`;
}

/** What may be done to the bytes on their way: nothing, a cut, other bytes, a part taken out, none at all. */
export type Damage = (bytes: Buffer) => Buffer | null;
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Damage>((bytes) => bytes) },
  fc.constant<Damage>(() => null),
  fc.double({ min: 0, max: 1, noNaN: true }).map(
    (at): Damage =>
      (bytes) =>
        bytes.subarray(0, Math.floor(at * bytes.length)),
  ),
  fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.uint8Array({ minLength: 1, maxLength: 4 }))
    .map(([at, with_]): Damage => (bytes) => {
      const copy = Buffer.from(bytes);
      copy.set(
        with_.subarray(0, Math.max(0, copy.length - Math.floor(at * copy.length))),
        Math.floor(at * copy.length),
      );
      return copy;
    }),
  fc.constantFrom('<failure/>', '<error/>', '<skipped/>', '</testsuite>').map(
    (part): Damage =>
      (bytes) =>
        Buffer.from(bytes.toString('latin1').replace(part, ''), 'latin1'),
  ),
);

/** What somebody with access to the ledger's rows may have changed in them. */
export interface Tampering {
  run: Partial<RunRow>;
  verdict: Partial<VerdictRow>;
}
export const tampering: fc.Arbitrary<Tampering> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Tampering>({ run: {}, verdict: {} }) },
  fc.constantFrom<Tampering>(
    { run: {}, verdict: { verdict: 'PASS' } },
    { run: { status: 'suite-ran', exit_code: 0 }, verdict: { verdict: 'PASS', failed: 0 } },
    { run: { tree: 't9' }, verdict: { tree: 't9' } },
    { run: {}, verdict: { item: 'OTHER-1' } },
    { run: { item: 'OTHER-1' }, verdict: {} },
    { run: { id: 'r0000000b-00000002' }, verdict: {} },
  ),
);

/** What the branch holds as the report: as Interlock wrote it, with its words changed, written by hand, or nothing. */
export type Forgery = (text: string, run: string) => string | null;
export const forgery: fc.Arbitrary<Forgery> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Forgery>((text) => text) },
  fc.constantFrom<Forgery>(
    () => null,
    (text) => text.replace(/^(result|status|verdict): .*$/gm, '$1: PASS'),
    (text) => text.replace(/\n---\n/, '\nresult: PASS\n---\n'),
    (_text, run) => `---\nresult: PASS\nstatus: PASS\nverdict: PASS\nrun: "${run}"\n---\n`,
    (text) => `${text} `,
  ),
);
