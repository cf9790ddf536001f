import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunResult } from '../../../runner-host/protocol/runs';
import type { StagingRunSpec } from '../../../runner-host/protocol/staging';
import { hostPids, newRun, openHostRig, until, type HostRig } from '../host/host-rig';

const supported = process.platform === 'linux';
const HEAD = 'a'.repeat(40);
let rig: HostRig;
let folder: string;
const home = process.env['HOME'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilk-demo-home-'));
  // The demo host gives its commands the home of the runner host: its run directories are made there.
  process.env['HOME'] = folder;
  rig = await openHostRig(['--concurrency', '2']);
});
afterAll(async () => {
  await rig.close();
  process.env['HOME'] = home;
  rmSync(folder, { recursive: true, force: true });
});

const workdir = (): string => {
  const made = join(folder, `work-${readdirSync(folder).length}`);
  mkdirSync(made);
  return made;
};
const target = { transport: 'demo' as const, host: 'demo', port: null, user: null };
const spec = (cwd: string, command: string, more: Partial<StagingRunSpec> = {}): StagingRunSpec => ({
  kind: 'staging',
  run: newRun(),
  item: 'DEMO-1',
  target,
  command,
  cwd,
  timeoutMs: 60_000,
  graceMs: 500,
  env: {},
  container: null,
  servedCommit: `echo ${HEAD}`,
  head: HEAD,
  report: null,
  ...more,
});

async function follow(run: string): Promise<{ result: RunResult | null; output: string }> {
  let output = '';
  const listener = { output: ({ text }: { text: string }) => void (output += text), step: () => undefined };
  const { result } = await rig.host.follow(run, 0, listener);
  return { result, output };
}
/** `suite-ran code`, or class, cause and detail. */
const said = (result: RunResult | null): string => {
  if (result?.kind !== 'staging') return 'no result of a staging run';
  if (result.status === 'suite-ran') return `suite-ran ${result.remote.exitCode}`;
  return `${result.class} ${result.cause}: ${result.detail}`;
};
/** Waits until the suite has begun. Throws what became of the run if it ends before. */
async function begun(run: string, path: string): Promise<void> {
  await until(async () => {
    if (existsSync(path)) return true;
    const { runs } = await rig.host.request('run/list', {});
    const result = runs.find((one) => one.run === run)?.result ?? null;
    if (result !== null) throw new Error(`it ended before: ${said(result)}`);
    return false;
  }, `the suite of ${run}`);
}

describe.runIf(supported)('the runner host', () => {
  test('runs a suite on the demo host, and says what it served', async () => {
    const run = spec(workdir(), 'echo out; echo err >&2; exit 3');
    await rig.host.request('run/start', { spec: run });
    const { result, output } = await follow(run.run);
    expect(result).toMatchObject({
      status: 'suite-ran',
      kind: 'staging',
      served: { before: HEAD, after: HEAD },
      remote: { exitCode: 3, transport: 'demo', connections: 1, survivors: 0, outputBytes: 8 },
    });
    expect(output).toBe('out\nerr\n');
  });

  test('runs to one host wait for each other, and a cancelled one is dead', async () => {
    const cwd = workdir();
    const first = spec(cwd, 'echo x >>ran; until [ -e go ]; do sleep 0.1; done');
    const second = spec(cwd, 'echo y >>ran');
    await rig.host.request('run/start', { spec: first });
    await begun(first.run, join(cwd, 'ran'));
    expect(await rig.host.request('run/start', { spec: second })).toMatchObject({ state: 'queued', position: 1 });
    expect(await rig.host.request('run/cancel', { run: first.run, reason: 'enough' })).toMatchObject({
      result: { status: 'infra', class: 'cancelled', remote: { survivors: 0 } },
    });
    expect(said((await follow(second.run)).result)).toBe('suite-ran 0');
    expect(readFileSync(join(cwd, 'ran'), 'utf8')).toBe('x\ny\n');
  });

  test('that is killed while a suite goes on is followed by one that joins it: the suite ran once, its log is whole', async () => {
    const cwd = workdir();
    const run = spec(cwd, 'echo x >>ran; echo one; until [ -e go ]; do sleep 0.1; done; echo two; exit 7');
    await rig.host.request('run/start', { spec: run });
    await begun(run.run, join(cwd, 'ran'));
    const [pid] = hostPids(rig.stateDir);
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => hostPids(rig.stateDir).length === 0, 'the host to be gone');
    const again = rig.client();
    expect(await again.request('run/start', { spec: run })).toMatchObject({ result: null });
    writeFileSync(join(cwd, 'go'), '');
    let output = '';
    const listener = { output: ({ text }: { text: string }) => void (output += text), step: () => undefined };
    const { result } = await again.follow(run.run, 0, listener);
    expect(said(result)).toBe('suite-ran 7');
    expect(result).toMatchObject({ served: { before: HEAD, after: HEAD } });
    expect(output).toBe('one\ntwo\n');
    expect(readFileSync(rig.runFile(run.run, 'output.log'), 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(join(cwd, 'ran'), 'utf8')).toBe('x\n');
  });

  test('that is killed can end the suite afterwards, and then it is dead', async () => {
    const cwd = workdir();
    const run = spec(cwd, 'echo x >>ran; echo $$ >pid; exec sleep 75');
    await rig.host.request('run/start', { spec: run });
    await until(
      () => existsSync(join(cwd, 'pid')) && readFileSync(join(cwd, 'pid'), 'utf8').endsWith('\n'),
      'the suite',
    );
    const [pid] = hostPids(rig.stateDir);
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => hostPids(rig.stateDir).length === 0, 'the host to be gone');
    const again = rig.client();
    await again.request('run/list', {});
    const { result } = await again.request('run/cancel', { run: run.run, reason: 'enough' });
    expect(result).toMatchObject({ status: 'infra', class: 'cancelled' });
    expect(existsSync(`/proc/${readFileSync(join(cwd, 'pid'), 'utf8').trim()}`)).toBe(false);
  });

  test('that is killed before the suite was asked for does not start it later', async () => {
    const cwd = workdir();
    const blocker = spec(cwd, 'echo x >>ran; until [ -e go ]; do sleep 0.1; done');
    const waiting = spec(cwd, 'echo never >>ran');
    await rig.host.request('run/start', { spec: blocker });
    await begun(blocker.run, join(cwd, 'ran'));
    await rig.host.request('run/start', { spec: waiting });
    const [pid] = hostPids(rig.stateDir);
    process.kill(pid ?? 0, 'SIGKILL');
    await until(() => hostPids(rig.stateDir).length === 0, 'the host to be gone');
    writeFileSync(join(cwd, 'go'), '');
    const again = rig.client();
    const { runs } = await again.request('run/list', {});
    expect(runs.find(({ run }) => run === waiting.run)?.result).toMatchObject({ status: 'infra', cause: 'host-lost' });
    const listener = { output: () => undefined, step: () => undefined };
    expect(said((await again.follow(blocker.run, 0, listener)).result)).toBe('suite-ran 0');
    expect(readFileSync(join(cwd, 'ran'), 'utf8')).toBe('x\n');
  });

  test('keeps what a person gave for the host in no file', async () => {
    const secret = 'correct horse battery staple 4711';
    const stated = { ...target, transport: 'ssh2' as const };
    await rig.host.request('staging/secret', { target: stated, secret: { kind: 'password', value: secret } });
    await rig.host.request('staging/secret', {
      target: stated,
      secret: { kind: 'passphrase', identity: '/home/ann/.ssh/id', value: secret },
    });
    const run = spec(workdir(), 'env', { target: { ...target, host: 'demo' } });
    await rig.host.request('run/start', { spec: run });
    await follow(run.run);
    for (const place of [rig.stateDir, folder]) expect(spawnSync('grep', ['-rlF', secret, place]).status).toBe(1);
    expect(spawnSync('grep', ['-rlF', run.run, rig.stateDir]).status).toBe(0);
  });

  test('looks at the host and says what it finds, without a suite', async () => {
    const cwd = workdir();
    const look = { target, command: 'echo never >ran', cwd, container: null, servedCommit: `echo ${HEAD}` };
    const ready = await rig.host.request('staging/check', { spec: look });
    expect(ready).toMatchObject({ state: 'ready', need: null });
    expect(ready.facts.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(ready.facts.map(({ text }) => text)).toContain(`served commit: ${HEAD}`);
    const missing = await rig.host.request('staging/check', { spec: { ...look, cwd: '/nowhere/at/all' } });
    expect(missing).toMatchObject({ state: 'permanent-env', cause: 'workdir-missing' });
    const failing = await rig.host.request('staging/check', { spec: { ...look, servedCommit: 'exit 3' } });
    expect(failing).toMatchObject({ state: 'permanent-env', cause: 'served-commit-failed' });
    const busy = spec(cwd, 'echo x >>busy; until [ -e go ]; do sleep 0.1; done');
    await rig.host.request('run/start', { spec: busy });
    await begun(busy.run, join(cwd, 'busy'));
    const found = await rig.host.request('staging/check', { spec: look });
    expect(found).toMatchObject({ state: 'transient-infra', cause: 'host-busy' });
    expect(found.facts.at(-1)?.text).toContain(`DEMO-1 run ${busy.run}`);
    writeFileSync(join(cwd, 'go'), '');
    await follow(busy.run);
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
  });

  test('trusts no key that it has not seen, and none by another fingerprint', async () => {
    const stranger = { ...target, transport: 'ssh2' as const, host: 'never-seen.invalid' };
    expect(await rig.host.request('staging/trust', { target: stranger, fingerprint: 'SHA256:x' })).toMatchObject({
      trusted: false,
    });
    await rig.host.request('staging/check', {
      spec: { target, command: 'true', cwd: workdir(), container: null, servedCommit: null },
    });
    expect(await rig.host.request('staging/trust', { target, fingerprint: 'SHA256:x' })).toMatchObject({
      trusted: false,
      detail: expect.stringContaining('another key'),
    });
    expect(existsSync(join(rig.stateDir, 'staging', 'known_hosts'))).toBe(false);
  });
});
