import { join } from 'node:path';
import { describe, expect, test as base } from 'vitest';
import type { StagingRunSpec } from '../../../runner-host/protocol/staging';
import { StandInEngine } from './stand-in';
import { StagingRig, until, verdictOf } from './staging-rig';

// No engine runs here: a stand-in takes its place, whose daemon starts commands where the host's own sweep does not reach.
interface Place {
  rig: StagingRig;
  engine: StandInEngine;
  spec(command: string, more?: Partial<StagingRunSpec>): StagingRunSpec;
}
const place = async (name: 'docker' | 'podman', use: (place: Place) => Promise<void>): Promise<void> => {
  const rig = new StagingRig();
  const bin = join(rig.folder, 'bin');
  rig.host.place.path = `${bin}:${process.env['PATH']}`;
  const engine = await StandInEngine.start(bin, name);
  engine.boxes.set('web 1', { running: true, paused: false });
  const container = { engine: name, name: 'web 1' };
  await use({ rig, engine, spec: (command, more) => rig.spec(command, { container, ...more }) });
  await engine.stop();
  await rig.end();
};
const test = base.extend<{ docker: Place; podman: Place }>({
  docker: async ({}, use) => place('docker', use),
  podman: async ({}, use) => place('podman', use),
});

describe.runIf(process.platform === 'linux')('a suite in a container', () => {
  test.concurrent('is judged by its own end, not by the client’s', async ({ docker }) => {
    for (const code of [0, 125]) {
      const { result, log } = await docker.rig.run(
        docker.spec(`echo "it's $ODD"; exit ${code}`, { env: { ODD: 'a b' } }),
      );
      expect(verdictOf(result)).toBe(`suite-ran ${code}`);
      expect(log.toString()).toContain(`\nit's a b\n`);
    }
  });

  test.concurrent('runs with podman as well', async ({ podman }) => {
    expect(await podman.rig.verdict(podman.spec('exit 3'))).toBe('suite-ran 3');
  });

  test.concurrent('whose client ends without the inner end is infra, whatever the code', async ({ docker }) => {
    const { engine, rig, spec } = docker;
    for (const code of [0, 255]) {
      engine.breakWith = code;
      expect(await rig.verdict(spec('echo out; sleep 20'))).toBe('transient-infra container-lost');
    }
  });

  test.concurrent('that is not where it should be is said before anything runs', async ({ docker }) => {
    const { engine, rig, spec } = docker;
    engine.boxes.set('web 1', { running: false, paused: false });
    expect(await rig.verdict(spec('true'))).toBe('permanent-env container-stopped');
    engine.boxes.set('web 1', { running: true, paused: true });
    expect(await rig.verdict(spec('true'))).toBe('permanent-env container-paused');
    engine.boxes.clear();
    expect(await rig.verdict(spec('true'))).toBe('permanent-env container-missing');
    await engine.stop();
    expect(await rig.verdict(spec('true'))).toBe('transient-infra container-daemon');
    rig.host.place.path = process.env['PATH'] ?? '';
    const podman = { engine: 'podman' as const, name: 'web 1' };
    expect(await rig.verdict(spec('true', { container: podman }))).toBe('permanent-env container-client');
  });

  test.concurrent('is dead inside too when it is at its limit', async ({ docker }) => {
    const { rig, spec } = docker;
    const command = `setsid ${rig.sleep} & ${rig.sleep}`;
    expect(await rig.verdict(spec(command, { timeoutMs: 2500 }))).toBe('transient-infra timeout');
    expect(rig.sleeping()).toEqual([]);
  });

  test.concurrent('is dead inside too when it is cancelled, and when it ends', async ({ docker }) => {
    const { rig, spec } = docker;
    const command = `setsid ${rig.sleep} & ${rig.sleep}`;
    const stop = new AbortController();
    const running = rig.run(spec(command), { stop: stop.signal });
    await until(() => rig.sleeping().length >= 2);
    stop.abort('enough');
    expect(verdictOf((await running).result)).toBe('cancelled cancelled');
    expect(rig.sleeping()).toEqual([]);
    expect(await rig.verdict(spec(`setsid ${rig.sleep} >/dev/null 2>&1 & exit 5`))).toBe('suite-ran 5');
    expect(rig.sleeping()).toEqual([]);
  });

  test.concurrent('where nobody could look for what is left of it is held', async ({ docker }) => {
    const { engine, rig, spec } = docker;
    const running = rig.run(spec(`touch '${rig.workdir}/ran'; exec ${rig.sleep}`));
    await until(() => rig.sleeping().length > 0);
    await engine.stop();
    expect(verdictOf((await running).result)).toBe('held survivors-unknown');
  });
});
