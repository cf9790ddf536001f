import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startCli } from '../cli/cli-process';
import { git } from '../rig/git';
import { commitFile } from '../rig/sample-repository';
import { ann, LOG, StagingProject } from './staging-project';

/** A staging run asks its host five times over, in ticks of a second. */
vi.setConfig({ testTimeout: 180_000 });

let project: StagingProject;
const open = async (staging: object = {}): Promise<StagingProject> => (project = await StagingProject.open(staging));
const advance = () => project.engine.advance('DEMO-1', ann);
const log = (): string => git(project.sample.root, 'show', `work/DEMO-1:${LOG}`);
const runs = () => project.engine.read.runs('DEMO-1').filter(({ kind }) => kind === 'staging');
const waiver = (until: string) => ({ check: 'sums > breaks 0', reason: 'known', reference: 'DEMO-61', until });

afterEach(async () => {
  await project.close();
});

// The remote side of a staging run is a POSIX shell on a host with /proc.
describe.runIf(process.platform === 'linux')('an item at deploy-staging', () => {
  it('with a green suite on the commit that is served advances, with the log committed on its branch', async () => {
    await open();
    await project.tested();
    const served = project.tip;
    const report = await advance();
    expect(report).toMatchObject({ outcome: 'advanced', to: 'merge', verdict: 'PASS', result: 'suite-ran' });
    expect(git(project.sample.root, 'show', '--name-only', '--format=%s', 'work/DEMO-1')).toBe(
      `docs(DEMO-1): staging log, PASS\n\n${LOG}`,
    );
    expect(log()).toMatch(/^---\nstaging_status: SUCCESS\n/);
    expect(log()).toContain(`served_commit: "${served}"`);
    expect(await project.engine.report('DEMO-1')).toMatchObject({
      kind: 'staging',
      result: { remote: { connections: expect.any(Number), survivors: 0 }, served: { before: served, after: served } },
      artifact: expect.stringContaining('15-staging-log.md'),
      movedTo: null,
    });
    expect(project.engine.read.openJobs()).toEqual([]);
    expect(await project.engine.verify()).toEqual([]);
  });

  it('with a red suite rolls back to development and names the failed checks', async () => {
    await open();
    await project.tested();
    project.plan({ passed: 2, failed: 1 });
    const report = await advance();
    expect(report).toMatchObject({ outcome: 'rolled-back', to: 'development', verdict: 'FAIL' });
    expect(report.reason.text).toContain('1 of 3 checks failed (exit code 1), first: breaks 0');
    expect(log()).toMatch(/^---\nstaging_status: FAILED\n/);
    expect(project.engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 1 });
  });

  it('passes with failed checks that are all waived on base, and its log says which', async () => {
    await open({ waivers: [waiver('2999-01-31')] });
    await project.tested();
    project.plan({ passed: 2, failed: 1 });
    expect(await advance()).toMatchObject({ outcome: 'advanced', to: 'merge', reason: { code: 'failures-waived' } });
    expect(log()).toMatch(/^---\nstaging_status: SUCCESS\n/);
    expect(log()).toContain('REAL failed: none');
    expect(await project.engine.report('DEMO-1')).toMatchObject({ waivers: [{ use: 'applied' }] });
  });

  it('does not pass with a waiver that has expired on base, whatever its branch says', async () => {
    await open({ waivers: [waiver('2020-01-31')] });
    const own = JSON.stringify(project.config({ waivers: [waiver('2999-01-31')] }));
    commitFile(project.sample.worktree('DEMO-1'), 'interlock.json', own);
    // What the branch changes of the rules is a finding of its own.
    const held = await advance();
    expect(held).toMatchObject({ outcome: 'held', reason: { code: 'findings' } });
    const set = /--set (\w+)/.exec(held.reason.remedy)?.[1] ?? '';
    expect(await project.engine.acknowledge('DEMO-1', 'person:ann', 'seen', set)).toMatchObject({ ok: true });
    await project.tested();
    project.plan({ passed: 2, failed: 1 });
    const report = await advance();
    expect(report).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
    expect(report.reason.text).toContain('expired on 2020-01-31');
    expect(log()).toContain('- expired: ');
  });

  it('on a host that serves another commit is held, and nobody is blamed', async () => {
    await open();
    await project.tested();
    const right = project.tip;
    project.deploy('d'.repeat(40));
    expect(await advance()).toMatchObject({
      outcome: 'held',
      verdict: null,
      result: 'infra:served-commit',
      reason: { text: expect.stringContaining(right) },
    });
    expect(project.engine.read.item('DEMO-1')).toMatchObject({ developer_retries: 0, infra_retries: 0 });
    expect(project.engine.read.alerts()).toHaveLength(1);
  });

  it('that left no report is held; its own log moves the tip, and the commit that is asked for stays', async () => {
    await open();
    await project.tested();
    project.plan({ passed: 3, report: false });
    expect(await advance()).toMatchObject({
      outcome: 'held',
      verdict: 'INCONCLUSIVE',
      reason: { code: 'report-missing' },
    });
    expect(log()).toContain('staging_status: FAILED');
    project.plan({ passed: 3 });
    await project.engine.release('DEMO-1', 'person:ann', 'mended');
    expect(await advance()).toMatchObject({ outcome: 'advanced', to: 'merge' });
  });

  it('whose host is not to be had is deferred, then held with an alert; released, it goes on once the host is back', async () => {
    await open();
    await project.tested();
    const other = await project.occupyHost();
    try {
      expect(await advance()).toMatchObject({ outcome: 'deferred', verdict: null, result: 'infra:host-busy' });
      expect(project.engine.read.item('DEMO-1')).toMatchObject({ infra_retries: 1, developer_retries: 0 });
      expect(await advance()).toMatchObject({ outcome: 'held', result: 'infra:host-busy' });
      expect(project.engine.read.alerts()).toMatchObject([{ code: 'host-busy' }]);
    } finally {
      await other.leave();
    }
    await project.engine.release('DEMO-1', 'person:ann', 'it is back');
    expect(await advance()).toMatchObject({ outcome: 'advanced', to: 'merge', verdict: 'PASS' });
    expect(runs()).toHaveLength(3);
  });

  it('is cancelled at no cost, and nothing of its run is left', async () => {
    await open();
    await project.tested();
    project.plan({ passed: 3, waitFor: join(project.folder('go'), 'never') });
    const stop = new AbortController();
    const report = await project.engine.advance('DEMO-1', {
      ...ann,
      signal: stop.signal,
      onProgress: (event) => {
        if (event.kind === 'output' && event.text.includes('running 3 tests')) stop.abort();
      },
    });
    expect(report).toMatchObject({ outcome: 'waiting', verdict: null, result: 'infra:cancelled' });
    expect(project.engine.read.item('DEMO-1')).toMatchObject({
      stage: 'deploy-staging',
      infra_retries: 0,
      developer_retries: 0,
    });
    expect(await project.engine.report('DEMO-1')).toMatchObject({ result: { class: 'cancelled' } });
  });

  it('whose process is killed while the suite runs is taken up by the next one: one run, one verdict', async () => {
    await open();
    await project.tested();
    const go = join(project.folder('go'), 'now');
    project.plan({ passed: 3, waitFor: go });
    const killed = startCli(project.sample.root, ['advance', 'DEMO-1', '--verbose']);
    await killed.says('running 3 tests');
    killed.child.kill('SIGKILL');
    await killed.ended;
    writeFileSync(go, '');
    expect(await project.engine.reconcile({})).toMatchObject([{ outcome: 'advanced', verdict: 'PASS', to: 'merge' }]);
    expect(runs()).toHaveLength(1);
    expect(project.engine.read.transitions('DEMO-1').filter(({ run }) => run === runs()[0]?.id)).toHaveLength(2);
    expect(project.engine.read.openJobs()).toEqual([]);
  });

  it('whose log could not be committed is decided later from what the ledger holds, without another run', async () => {
    await open();
    await project.tested();
    const lock = git(
      project.sample.worktree('DEMO-1'),
      'rev-parse',
      '--path-format=absolute',
      '--git-path',
      'HEAD.lock',
    );
    writeFileSync(lock, '');
    expect(await advance()).toMatchObject({
      outcome: 'refused',
      verdict: 'PASS',
      reason: { code: 'report-not-committed' },
    });
    rmSync(lock);
    expect(await advance()).toMatchObject({ outcome: 'advanced', to: 'merge', verdict: 'PASS' });
    expect(runs()).toHaveLength(1);
  });

  it('refuses a staging log that somebody wrote by hand, before anything is started', async () => {
    await open();
    await project.tested();
    commitFile(
      project.sample.worktree('DEMO-1'),
      LOG,
      '---\nstaging_status: SUCCESS\nrun: "r0mhc1k2z3-0123abcd"\n---\n',
    );
    expect(await advance()).toMatchObject({ outcome: 'refused', reason: { code: 'forged-or-stale' } });
    expect(runs()).toEqual([]);
    expect(project.engine.read.item('DEMO-1')).toMatchObject({ stage: 'deploy-staging' });
  });

  it('looks at no tree but the one that passed testing, and no person moves it on', async () => {
    await open();
    await project.tested();
    expect(await project.engine.release('DEMO-1', 'person:ann', 'looks good')).toMatchObject({
      ok: false,
      reason: { code: 'nothing-to-release' },
    });
    commitFile(project.sample.worktree('DEMO-1'), 'late.txt', 'after the test');
    project.deploy();
    expect(await advance()).toMatchObject({
      outcome: 'refused',
      reason: { code: 'forged-or-stale', text: expect.stringContaining('no longer at the tested tree') },
    });
    expect(runs()).toEqual([]);
    await project.engine.add({ title: 'Never tested', id: 'DEMO-2', stage: 'deploy-staging', ...ann });
    expect(await project.engine.advance('DEMO-2', ann)).toMatchObject({
      outcome: 'refused',
      reason: { code: 'forged-or-stale', text: expect.stringContaining('missing, not PASS') },
    });
  });
});

describe.runIf(process.platform === 'linux')('a look at the staging host', () => {
  it('says that it is ready and runs no suite, says what is wrong, and asks nobody where there is none', async () => {
    await open();
    project.deploy();
    project.plan({ passed: 1, write: 'ran.txt' });
    expect(await project.engine.checkStaging()).toMatchObject({ state: 'ready', need: null });
    expect(existsSync(join(project.served, 'ran.txt'))).toBe(false);

    project.configure({ cwd: join(project.served, 'nowhere') });
    expect(await project.engine.checkStaging()).toMatchObject({ state: 'permanent-env', cause: 'workdir-missing' });

    const config = JSON.parse(readFileSync(join(project.sample.root, 'interlock.json'), 'utf8')) as object;
    const stages = ['development', 'testing', 'merge', 'done'];
    commitFile(project.sample.root, 'interlock.json', JSON.stringify({ ...config, stages, staging: undefined }));
    expect(await project.engine.checkStaging()).toMatchObject({ state: 'permanent-env', cause: 'not-configured' });
    await expect(project.engine.giveStagingSecret({ kind: 'password', value: 'x' })).rejects.toThrow('no "staging"');
  });
});
