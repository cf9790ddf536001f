import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { sha256 } from '../../../extension/artifacts/hash';
import { readTestReport } from '../../../extension/artifacts/test-report';
import type { JobRow } from '../../../extension/ledger/rows';
import { checkTestsPassed } from '../../../extension/pipeline/gates/check-tests-passed';
import { judgeTestRun } from '../../../extension/pipeline/judge';
import { renderReport } from '../../../extension/pipeline/render-report';
import { runRow, verdictRow } from '../../../extension/pipeline/run-rows';
import { TestRunResult, type ReportReading } from '../../../runner-host/protocol/result';
import { judgeEnd } from '../../../runner-host/runners/judge-end';
import { readReport } from '../../../runner-host/runners/read-report';
import { itemRow, suiteRan } from './rows';
import { damage, forgery, junitOf, tampering, truth, type Forgery, type Tampering, type Truth } from './whole-chain';

const folder = mkdtempSync(join(tmpdir(), 'ilk-chain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RUN = 'r0000000a-00000001';
const config = { artifacts: 'docs/work-items' };

/** From the bytes of a report to what the host answers. */
async function resultOf({ cause, treeAfter, smoke }: Truth, bytes: Buffer | null | 'none'): Promise<TestRunResult> {
  const file = join(folder, 'r.xml');
  rmSync(file, { force: true });
  if (Buffer.isBuffer(bytes)) writeFileSync(file, bytes);
  const reading: ReportReading =
    bytes === 'none'
      ? { state: 'not-configured' }
      : (await readReport(folder, { format: 'junit', path: 'r.xml' }, 0)).reading;
  const exitCode = cause.kind === 'exit' ? cause.code : cause.kind === 'timeout' ? 0 : null;
  const ran = suiteRan({ exitCode, signal: cause.kind === 'signal' ? cause.signal : null, report: reading, treeAfter });
  if (ran.status !== 'suite-ran') throw new Error('unreachable');
  const finding = judgeEnd(cause, ran.supervision, reading, 1000);
  if (finding === null) {
    const answers = smoke === null ? {} : { smoke: [{ url: 'http://a/', outcome: smoke, detail: '', durationMs: 1 }] };
    return TestRunResult.parse({ ...ran, ...answers });
  }
  const { report: _report, ...rest } = ran;
  return { ...rest, status: 'infra', ...finding };
}

/**
 * From that answer to the gate, over the ledger's rows and the branch: whether the item passes. As the advance does it: the
 * result in the ledger is judged again, and its verdict's row and the report have to bear that out.
 */
function passes(result: TestRunResult, floor: number | null, tampered: Tampering, forge: Forgery): boolean {
  const rules = { floor, floorSource: 'test', base: 'b1', configHash: 'c' };
  const facts = { id: RUN, item: 'DEMO-1', stage: 'testing', kind: 'test', head: 'h1', tree: 't1', spec: '{}' };
  const job: JobRow = { ...facts, rules: JSON.stringify(rules), created_at: 1, settled_at: 2 };
  const judgement = judgeTestRun(result, rules);
  const given = { ...rules, producer: 'test-runner', command: result.supervision.resolvedCommand, now: 3 };
  const honest = verdictRow(job, result, judgement, given);
  const verdict = { ...(honest ?? verdictRow(job, result, NO_VERDICT, given)), ...tampered.verdict };
  const run = { ...runRow(job, result, 1), ...tampered.run };
  if (!isWhole(verdict)) throw new Error('unreachable');
  const { path, text } = renderReport(config, itemRow(), { job, run, verdict });
  const onBranch = forge(text, RUN);
  const read = onBranch === null ? null : readTestReport(onBranch);
  const gate = checkTestsPassed({
    item: 'DEMO-1',
    report:
      onBranch === null || read === null
        ? null
        : { path, sha256: sha256(onBranch), fields: read.ok ? read.fields : { unreadable: read.reason } },
    run,
    verdict,
    artifacts: [{ id: `${RUN}/x`, item: 'DEMO-1', stage: 'testing', run: RUN, path, sha256: sha256(text), at: 3 }],
    tree: 't1',
  });
  const again = judgeTestRun(TestRunResult.parse(JSON.parse(run.result)), rules);
  return again.kind === 'verdict' && again.verdict === 'PASS' && gate.open;
}

const NO_VERDICT = {
  kind: 'verdict',
  verdict: 'INCONCLUSIVE',
  reason: { code: 'none', text: 'none', remedy: '' },
} as const;
type Verdict = NonNullable<ReturnType<typeof verdictRow>>;
const isWhole = (verdict: Partial<Verdict>): verdict is Verdict => verdict.id !== undefined;

it('nothing is a PASS unless the suite ran and passed: not by exit code, signal, report bytes, front matter or ledger rows', async () => {
  let opened = 0;
  const floors = fc.option(fc.nat({ max: 4 }));
  await fc.assert(
    fc.asyncProperty(
      ...([truth, damage, fc.boolean(), floors, tampering, forgery] as const),
      async (real, damaged, configured, floor, tampered, forge) => {
        const report = configured ? damaged(Buffer.from(junitOf(real.outcomes))) : 'none';
        if (!passes(await resultOf(real, report), floor, tampered, forge)) return;
        opened += 1;
        expect(real).toMatchObject({ cause: { kind: 'exit', code: 0 }, treeAfter: 't1' });
        expect([null, 'right']).toContain(real.smoke);
        if (!configured) return;
        expect(real.outcomes.filter((one) => one === 'failed' || one === 'errored')).toEqual([]);
        const executed = real.outcomes.filter((one) => one === 'passed').length;
        expect(executed).toBeGreaterThanOrEqual(Math.max(1, floor ?? 1));
      },
    ),
    { numRuns: 3000 },
  );
  // A gate that never opens would prove nothing.
  expect(opened).toBeGreaterThan(100);
});
