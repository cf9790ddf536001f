import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SuitePlan } from '../rig/sample-repository';
import { commitFile, SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';
import { onlyJson } from '../../unit/cli/fake-world';
import { cli, startCli } from './cli-process';

let sample: SampleRepository;
beforeEach(async () => {
  sample = sampleRepository();
  const added = await tell('add', 'An item', '--id', 'DEMO-1', '--stage', 'testing');
  expect(added.exit).toBe(0);
});
afterEach(async () => {
  await cli(sample.root, ['host', 'drain', '--cancel']);
  sample.remove();
});

async function tell(...words: string[]): Promise<{ exit: number | null; answer: Record<string, unknown> }> {
  const { exit, out } = await cli(sample.root, [...words, '--json']);
  return { exit, answer: onlyJson(out) };
}

/** Commits the configuration on the base branch, with another test section. */
function configure(test: object): void {
  const config = { ...SAMPLE_CONFIG, test: { ...SAMPLE_CONFIG.test, ...test } };
  commitFile(sample.root, 'interlock.json', JSON.stringify(config));
}

async function host(): Promise<{ identity: { pid: number }; runs: { state: string }[] } | null> {
  return (await tell('host', 'status')).answer['host'] as never;
}

/** A suite of three tests that goes on only once `go` was called. */
function waitingSuite(): { go(): void } {
  const signal = join(sample.root, '../go');
  sample.plan('DEMO-1', { passed: 3, waitFor: signal });
  return { go: () => writeFileSync(signal, '') };
}

/** The item's runs in the ledger, and how often each verdict stands there. */
async function runs(): Promise<{ run: string; verdict: { verdict: string } | null; cause: string | null }[]> {
  return (await tell('show', 'DEMO-1')).answer['runs'] as never;
}

/** Processes whose working directory is the item's worktree. */
function inWorktree(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(sample.worktree('DEMO-1'));
    } catch {
      return false;
    }
  });
}

describe('what a suite may do', () => {
  test.each<[string, SuitePlan, string]>([
    ['no report', { passed: 3, report: false }, 'report-missing'],
    ['a truncated report', { passed: 3, cut: 120 }, 'report-unreadable'],
    ['a report that names failures beside exit code 0', { passed: 2, failed: 1, exit: 0 }, 'report-disagrees'],
    ['no tests', {}, 'report-unreadable'],
    ['only skipped tests', { skipped: 3 }, 'no-tests-ran'],
  ])('%s is INCONCLUSIVE: held with exit 3, and released and corrected it passes', async (_, plan, code) => {
    sample.plan('DEMO-1', plan);
    const held = await tell('advance', 'DEMO-1');
    expect(held).toMatchObject({
      exit: 3,
      answer: { from: 'testing', to: 'testing', outcome: 'held', verdict: 'INCONCLUSIVE', reason: { code } },
    });
    expect((held.answer['reason'] as { remedy: string }).remedy).not.toBe('');
    sample.plan('DEMO-1', { passed: 3 });
    expect((await tell('release', 'DEMO-1')).exit).toBe(0);
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
  });

  test('failing without naming a test shows the end of its output', async () => {
    sample.plan('DEMO-1', { passed: 3, exit: 2, report: false });
    const { exit, out } = await cli(sample.root, ['advance', 'DEMO-1']);
    expect(exit).toBe(1);
    expect(out).toContain('no test is named as failed');
    expect(out).toContain('| all passed');
  });
});

describe('infrastructure that fails', () => {
  test('a command that is not there holds at once, costs no retry, and passes once corrected', async () => {
    configure({ command: ['no-such-program-here'] });
    expect(await tell('advance', 'DEMO-1')).toMatchObject({
      exit: 3,
      answer: {
        outcome: 'held',
        verdict: null,
        result: 'infra:command-not-found',
        reason: { code: 'command-not-found' },
      },
    });
    expect((await tell('show', 'DEMO-1')).answer).toMatchObject({ item: { developerRetries: 0, infraRetries: 0 } });
    configure({});
    await tell('release', 'DEMO-1');
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
  });

  test('a suite that does not end is deferred, with the time of the next try, and leaves no process', async () => {
    configure({ timeout: '1s', grace: '100ms' });
    sample.plan('DEMO-1', { passed: 3, sleepMs: 600_000 });
    expect(await tell('advance', 'DEMO-1')).toMatchObject({
      exit: 3,
      answer: { outcome: 'deferred', result: 'infra:timeout' },
    });
    expect((await cli(sample.root, ['status'])).out).toMatch(/Deferred[^]*DEMO-1 .*testing .*in \d+ s/);
    expect(inWorktree()).toEqual([]);
  });

  test('a host that is killed in the middle of a run costs nothing but a deferral; the suite is dead; the next try passes', async () => {
    const suite = waitingSuite();
    const advance = startCli(sample.root, ['advance', 'DEMO-1', '--json']);
    await advance.says('running');
    const before = await host();
    process.kill(before?.identity.pid ?? -1, 'SIGKILL');
    const { exit, out } = await advance.ended;
    expect([exit, onlyJson(out)]).toMatchObject([3, { outcome: 'deferred', verdict: null, result: 'infra:host-lost' }]);
    expect((await tell('show', 'DEMO-1')).answer).toMatchObject({
      item: { stage: 'testing', developerRetries: 0, infraRetries: 1 },
    });
    expect(inWorktree()).toEqual([]);
    suite.go();
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
    expect((await runs()).map(({ verdict, cause }) => verdict?.verdict ?? cause)).toEqual(['PASS', 'host-lost']);
    expect(await tell('verify')).toMatchObject({ exit: 0 });
  });
});

describe('a terminal that goes away', () => {
  test('by SIGKILL loses nothing: the run goes on, and its verdict is delivered once', async () => {
    const suite = waitingSuite();
    const advance = startCli(sample.root, ['advance', 'DEMO-1']);
    await advance.says('running');
    advance.child.kill('SIGKILL');
    await advance.ended;
    suite.go();
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
    expect(await runs()).toHaveLength(1);
  });

  test('by closing leaves the run going, as closing a window does', async () => {
    const suite = waitingSuite();
    const advance = startCli(sample.root, ['advance', 'DEMO-1']);
    await advance.says('running');
    advance.child.kill('SIGHUP');
    expect((await advance.ended).signal).toBe('SIGHUP');
    expect((await host())?.runs.map(({ state }) => state)).toEqual(['running']);
    suite.go();
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 0, answer: { verdict: 'PASS' } });
    expect(await runs()).toHaveLength(1);
  });
});

describe('Ctrl-C', () => {
  test('once cancels the run, waits until it is dead and ends with 3; the item is ready for another try', async () => {
    sample.plan('DEMO-1', { passed: 3, sleepMs: 600_000 });
    const advance = startCli(sample.root, ['advance', 'DEMO-1', '--json']);
    await advance.says('running');
    advance.child.kill('SIGINT');
    const { exit, out, err } = await advance.ended;
    expect([exit, onlyJson(out)]).toMatchObject([3, { outcome: 'waiting', verdict: null, result: 'infra:cancelled' }]);
    expect(err).toContain('Cancelling DEMO-1');
    expect(inWorktree()).toEqual([]);
    expect((await tell('show', 'DEMO-1')).answer).toMatchObject({
      item: { condition: 'ready', developerRetries: 0, infraRetries: 0 },
    });
  });

  test('twice leaves at once, and the run dies without the terminal', async () => {
    configure({ grace: '5s' });
    commitFile(
      sample.worktree('DEMO-1'),
      'suite.mjs',
      `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('stubborn');`,
    );
    const advance = startCli(sample.root, ['advance', 'DEMO-1', '--verbose']);
    await advance.says('stubborn');
    advance.child.kill('SIGINT');
    await advance.says('stopping');
    await new Promise((resolve) => setTimeout(resolve, 400));
    advance.child.kill('SIGINT');
    const { exit, err } = await advance.ended;
    expect(exit).toBe(3);
    expect(err).toContain('goes on killing');
    expect(inWorktree().length).toBeGreaterThan(0);
    expect(await tell('advance', 'DEMO-1')).toMatchObject({ exit: 3, answer: { result: 'infra:cancelled' } });
    expect(inWorktree()).toEqual([]);
  });

  test('from another terminal is `cancel`: both ends tell the same', async () => {
    sample.plan('DEMO-1', { passed: 3, sleepMs: 600_000 });
    const advance = startCli(sample.root, ['advance', 'DEMO-1', '--json']);
    await advance.says('running');
    expect(await tell('advance', 'DEMO-1')).toMatchObject({
      exit: 4,
      answer: { outcome: 'refused', reason: { code: 'lease-held' } },
    });
    expect(await tell('cancel', 'DEMO-1', '--reason', 'not now')).toMatchObject({ exit: 0 });
    const { exit, out } = await advance.ended;
    expect([exit, onlyJson(out)]).toMatchObject([3, { result: 'infra:cancelled' }]);
  });
});
