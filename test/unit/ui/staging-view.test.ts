import { describe, expect, it } from 'vitest';
import type { ReportReading } from '../../../runner-host/protocol/result';
import { ToPanel } from '../../../webview/protocol';
import type { WaiverUse } from '../../../extension/artifacts/waiver-use';
import { STAGING_REMEDIES } from '../../../extension/pipeline/staging/remedies';
import type { ReportFacts } from '../../../extension/ui/panels/report-parts';
import { reportView } from '../../../extension/ui/panels/report-view';
import { causeWords } from '../../../extension/ui/staging-messages';
import { runningView } from '../../../extension/ui/panels/running-view';
import {
  aCase,
  aJob,
  anItem,
  aRun,
  aStagingInfra,
  aStagingReport,
  aStagingResult,
  aVerdict,
  NOW,
  readsOf,
} from './rows';

const HEAD = 'c'.repeat(40);
const facts: ReportFacts = {
  read: readsOf({ items: [anItem()], runs: [aRun()], verdicts: [aVerdict()] }),
  rule: null,
  artifact: { state: 'unchanged' },
  now: NOW,
};
const view = (over: Parameters<typeof aStagingReport>[0] = {}) => reportView(aStagingReport(over), facts);
const factOf = (over: Parameters<typeof aStagingReport>[0], label: string) =>
  view(over).facts.find((fact) => fact.label === label)?.value;
const checkOf = (over: Parameters<typeof aStagingReport>[0], label: string) =>
  view(over).checks.find((check) => check.label === label);
const aWaiver = (over: Partial<WaiverUse> = {}): WaiverUse => ({
  check: 'C9a',
  reason: 'no GPU on staging',
  reference: 'DEMO-61',
  until: '2027-01-31',
  use: 'applied',
  ...over,
});
const read = (failed: string[], passed = 2): ReportReading & { state: 'read' } => ({
  state: 'read',
  files: ['/srv/app/staging.xml'],
  tests: failed.length + passed,
  passed,
  failed: failed.length,
  errored: 0,
  skipped: 0,
  failures: failed.map((name) =>
    aCase({ suite: 'staging', name, file: 'src/a.js', details: '/repo.worktrees/DEMO-1/a.js:1' }),
  ),
});
const FAIL = aVerdict({ verdict: 'FAIL' });

describe('the report of a staging run', () => {
  it('is a message that the panel accepts', () => {
    const target = { version: 1 as const, repository: '/r/.git', item: 'DEMO-1', run: null };
    const report = view({ waivers: [aWaiver()], result: aStagingResult({}, { report: read(['C9a', 'C2']) }) });
    expect(ToPanel.safeParse({ type: 'report', target, report }).error).toBeUndefined();
    expect(report).toMatchObject({ kind: 'staging', artifact: '15-staging-log.md', log: true });
  });

  it.each([
    ['PASS', 'SUCCESS', 'pass'],
    ['FAIL', 'FAILED', 'fail'],
    ['INCONCLUSIVE', 'INCONCLUSIVE', 'inconclusive'],
    ['GREAT', 'GREAT', 'inconclusive'],
  ])('calls %s %s', (verdict, word, tone) => {
    expect(view({ verdict: aVerdict({ verdict }) }).strip).toMatchObject({ word, tone, decidedBy: 'exit-code' });
  });

  it('is never green without a verdict of the ledger, whatever the exit code', () => {
    expect(view({ verdict: null }).strip.tone).not.toBe('pass');
  });

  it.each([
    ['transient-infra', 'unreachable', 'deferred', 'DEFERRED: INFRA', 'may pass by itself'],
    ['permanent-env', 'host-key-changed', 'held', 'HELD: INFRA', 'needs a person'],
    ['held', 'killed', 'held', 'HELD', 'needs a look'],
    ['cancelled', 'cancelled', 'ready', 'CANCELLED', 'cancelled'],
  ] as const)('says %s (%s) in words, and blames no code', (kind, cause, condition, word, words) => {
    const over = { verdict: null, item: anItem({ condition }), result: aStagingInfra(kind, cause) };
    expect(view(over).strip).toMatchObject({ word, decidedBy: 'nobody' });
    expect(view(over).strip.tone).toBe(kind === 'cancelled' ? 'none' : 'infra');
    expect(factOf(over, 'Cause')).toContain(words);
    expect(view(over).strip.sentence).not.toBe('');
  });

  it('shows a cause that it has no words for', () => {
    const over = { verdict: null, result: aStagingInfra('held', 'something-new') };
    expect(factOf(over, 'Cause')).toContain('something new');
  });

  it('has words for every cause that the deciding side knows a remedy for', () => {
    const causes = Object.keys(STAGING_REMEDIES);
    expect(causes.length).toBeGreaterThan(40);
    const wordless = (cause: string) => causeWords(cause) === cause.replaceAll('-', ' ') && cause !== 'cancelled';
    expect(causes.filter(wordless)).toEqual([]);
  });

  it('says loudly that the demo host is no other machine', () => {
    expect(view().banner).toBeNull();
    const over = { result: aStagingResult({ transport: 'demo' }) };
    expect(view(over).banner).toContain('no isolation');
    expect(factOf(over, 'Transport')).toBe('demo, no isolation');
  });

  it('tells how often the connection was lost, and what the suite left', () => {
    expect(factOf({}, 'Connections')).toBe('1, never lost');
    expect(factOf({ result: aStagingResult({ connections: 3 }) }, 'Connections')).toBe('reconnected 2 times');
    expect(factOf({ result: aStagingResult({ survivors: null }) }, 'Leftovers')).toBe('not known');
    const left = aStagingResult({ survivors: 2, leaked: 3, oomKills: 1 });
    expect(factOf({ result: left }, 'Leftovers')).toBe('2 still alive');
    expect(view({ result: left }).warnings).toHaveLength(3);
  });

  it('links to no file: they are on the host', () => {
    const [failure] = view({
      verdict: FAIL,
      result: aStagingResult({ exitCode: 1 }, { report: read(['C2']) }),
    }).failures;
    expect(failure).toMatchObject({ file: null, line: null });
    expect(failure?.details.every((piece) => piece.file === undefined)).toBe(true);
  });
});

describe('the served commit', () => {
  const rules = (asked: boolean) => JSON.stringify({ served: { asked, commit: HEAD } });
  const served = (before: string | null, after: string | null, jobRules = rules(true)) => {
    const run = aRun();
    const read = readsOf({ items: [anItem()], runs: [run], jobs: [aJob({ id: run.id, rules: jobRules })] });
    const result = aStagingResult({}, { served: before === null ? null : { before, after } });
    const { checks } = reportView(aStagingReport({ result }), { ...facts, read });
    return checks.find(({ label }) => label === 'Served commit');
  };

  it('is not proven where nobody asks the host', () => {
    expect(served(null, null, rules(false))).toMatchObject({ state: 'unknown', value: 'not proven' });
    expect(served(null, null, rules(false))?.note).toContain('staging.servedCommit');
    expect(served(null, null)?.note).toBe('the host was not asked');
  });

  it('agrees only before and after the suite', () => {
    expect(served(HEAD, HEAD)?.state).toBe('agrees');
    expect(served(HEAD, null)?.state).toBe('unknown');
    expect(served(HEAD, 'd'.repeat(40))?.state).toBe('disagrees');
    expect(served('d'.repeat(40), HEAD)?.state).toBe('disagrees');
  });

  it.each(['', 'c', HEAD.slice(0, 12), 'fatal: no such file'])('is not what the host prints as "%s"', (printed) => {
    expect(served(printed, printed)?.state).toBe('disagrees');
  });

  it('agrees with nothing where the rule is not known', () => {
    expect(served(HEAD, HEAD, '{}')?.state).toBe('unknown');
  });
});

describe('waivers', () => {
  const twoRed = aStagingResult({ exitCode: 1 }, { report: read(['C9a', 'C2']) });

  it('take a check out of the failures, and stand with reason, reference and until', () => {
    const report = view({ verdict: FAIL, result: twoRed, waivers: [aWaiver()] });
    expect(report.failures.map(({ name }) => name)).toEqual(['C2']);
    expect(report.moreFailures).toBe(0);
    expect(report.waivers).toEqual([
      {
        check: 'C9a',
        use: 'applied',
        word: 'waived',
        reason: 'no GPU on staging',
        reference: 'DEMO-61',
        until: '2027-01-31',
      },
    ]);
  });

  it('are found by suite and name as well', () => {
    const report = view({ verdict: FAIL, result: twoRed, waivers: [aWaiver({ check: 'staging > C2' })] });
    expect(report.failures.map(({ name }) => name)).toEqual(['C9a']);
  });

  it.each(['expired', 'unused', 'ignored'] as const)('that are %s hide no failure', (use) => {
    const report = view({ verdict: FAIL, result: twoRed, waivers: [aWaiver({ use })] });
    expect(report.failures).toHaveLength(2);
    expect(report.warnings.some((line) => line.includes('expired on 2027-01-31'))).toBe(use === 'expired');
  });

  it('explain a success whose exit code is not 0', () => {
    const over = { result: aStagingResult({ exitCode: 1 }, { report: read(['C9a']) }), waivers: [aWaiver()] };
    expect(checkOf(over, 'Exit code')).toMatchObject({ value: '1', note: 'not 0, but every failing check is waived' });
    expect(checkOf({ ...over, verdict: FAIL }, 'Exit code')?.note).toBe('anything but 0 means red');
    expect(checkOf({ ...over, verdict: FAIL }, 'Exit code')?.state).toBe('agrees-on-red');
  });
});

describe('a staging run that goes on', () => {
  const spec = (transport: string) =>
    JSON.stringify({
      kind: 'staging',
      command: ['true'],
      target: { transport, host: 'staging.example.com', port: null, user: null },
    });
  const running = (job: Parameters<typeof aJob>[0]) =>
    runningView(anItem(), aJob({ kind: 'staging', ...job }), undefined, readsOf({}), NOW);

  it('names its host, and the demo host loudly', () => {
    expect(running({ spec: spec('ssh2') }).facts[0]?.value).toBe('staging.example.com');
    expect(running({ spec: spec('ssh2') }).banner).toBeNull();
    expect(running({ spec: spec('demo') }).banner).toContain('no isolation');
  });

  it('is shown without them where its specification cannot be read', () => {
    expect(running({ spec: '{}' }).banner).toBeNull();
  });
});
