import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ContainmentName } from '../../../runner-host/shim/messages';
import { bundleProgram, bundleShim, NATIVE } from './bundle-shim';
import { startTimeOfLiving, type GroundTruth } from './ground-truth';
import type { HostileProgram } from './programs';
import { until } from './rig';

/** The command line of a host of one run, for `node`. */
export async function hostSide(
  program: HostileProgram,
  truth: GroundTruth,
  allowed: readonly ContainmentName[],
): Promise<string[]> {
  const script = await bundleProgram(join(import.meta.dirname, 'host-side.ts'));
  return [script, await bundleShim(), NATIVE, allowed.join(','), ...program.command(truth)];
}

/** Starts the program under a host of its own and kills that host. Resolves when the shim has ended too. */
export async function killHostOf(
  program: HostileProgram,
  truth: GroundTruth,
  allowed: readonly ContainmentName[],
): Promise<void> {
  const host = spawn(process.execPath, await hostSide(program, truth, allowed), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let shim = 0;
  try {
    const [line] = (await once(host.stdout, 'data')) as [Buffer];
    shim = Number(line.toString());
    await until(() => truth.started().length >= program.processes, `the processes of ${program.name}`);
    host.kill('SIGKILL');
    await once(host, 'exit');
    await until(() => startTimeOfLiving(shim) === null, 'the shim to end');
  } finally {
    host.kill('SIGKILL');
    // One that was stopped and not woken would stay for ever.
    if (shim > 1 && startTimeOfLiving(shim) !== null) process.kill(shim, 'SIGKILL');
  }
}
