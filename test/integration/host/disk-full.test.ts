import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { OutputLog } from '../../../runner-host/output/output-log';
import { hostPids, newMark, openHostRig, pidsWith, until, type HostRig } from './host-rig';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Whether this user may mount a small file system. */
const mayMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-mount-'));
  try {
    mountSmall(folder);
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

function mountSmall(folder: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'ignore' });
}

async function openRig(): Promise<HostRig> {
  const rig = await openHostRig();
  open.push(() => rig.close());
  return rig;
}

/** Fills its output, with company that would stay: in the background and, ignoring TERM, in a session of its own. */
const flood = (mark: string): string =>
  `sleep ${mark} & setsid sh -c "trap '' TERM; sleep ${mark}; sleep ${mark}" & while :; do head -c 100000 /dev/zero; done`;

async function expectEnded(rig: HostRig, run: string, mark: string): Promise<void> {
  const { result } = await rig.host.follow(run, Number.MAX_SAFE_INTEGER, {
    output: () => undefined,
    step: () => undefined,
  });
  expect(result).toMatchObject({ status: 'infra', cause: 'disk-full', supervision: { survivors: [] } });
  expect(pidsWith(mark)).toEqual([]);
  expect(JSON.parse(readFileSync(rig.runFile(run, 'result.json'), 'utf8'))).toEqual(result);
}

test('a log that takes nothing ends its run as infra, and nothing is left', async () => {
  const rig = await openRig();
  const mark = newMark();
  const spec = rig.spec(flood(mark));
  const log = rig.runFile(spec.run, 'output.log');
  mkdirSync(dirname(log), { recursive: true });
  symlinkSync('/dev/full', log);
  await rig.host.request('run/start', { spec });
  await expectEnded(rig, spec.run, mark);
});

test.skipIf(!mayMount)('a disk that fills up ends the run, keeps its result and what there is of its log', async () => {
  const rig = await openRig();
  mkdirSync(rig.stateDir, { recursive: true });
  mountSmall(rig.stateDir);
  open.push(async () => {
    await rig.host.request('host/drain', { cancel: true });
    await until(() => hostPids(rig.stateDir).length === 0, 'the host to end');
    execFileSync('umount', ['-l', rig.stateDir]);
  });
  const mark = newMark();
  const spec = rig.spec(flood(mark));
  await rig.host.request('run/start', { spec });
  await expectEnded(rig, spec.run, mark);
  expect(readFileSync(rig.runFile(spec.run, 'output.log')).length).toBeGreaterThan(1_000_000);
  rmSync(rig.runFile(spec.run, 'output.log'));
  expect((await rig.run(rig.spec('echo room again'))).output).toBe('room again\n');
});

test.skipIf(!mayMount)('a tail that finds no room behind its head leaves what it held last', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilk-full-'));
  mountSmall(folder);
  open.push(() => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'output.log');
  const log = new OutputLog(path, 6_000_000);
  const all = Buffer.from(Array.from({ length: 600_000 }, (_, line) => `${String(line).padStart(9, '0')}\n`).join(''));
  log.write('stdout', all);
  writeFileSync(join(folder, 'others'), Buffer.alloc(8 * 1024 * 1024 - 6_000_000 - 500_000));
  const map = log.finish();
  expect(map.total).toBe(6_000_000);
  expect(map.dropped).toBeGreaterThan(0);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(`\n[${map.dropped} bytes of output are not kept]\n`);
  expect(text.endsWith(all.toString('utf8', 5_100_000))).toBe(true);
  expect(log.ended).toBe(true);
  log.close();
});
