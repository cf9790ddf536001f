import type { Engine } from '../../../extension/engine';
import { createHost } from '../../../extension/host/create-host';
import type { AdvanceReport } from '../../../extension/pipeline/outcome';
import type { Host } from '../../../extension/pipeline/ports';
import type { TestRunResult } from '../../../runner-host/protocol/result';
import type { ContainmentName } from '../../../runner-host/shim/messages';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleHost } from '../host/bundle-host';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, SAMPLE_CONFIG, sampleRepository } from '../rig/sample-repository';
import type { GroundTruth } from './ground-truth';
import type { HostileProgram } from './programs';
import { until } from './rig';

const actor = 'person:ann';
/** A file that the command names by itself is protected: an item that changes it is held. */
const command = ['sh', '-c', '. ./suite.sh'];
const CONFIG = { ...SAMPLE_CONFIG, test: { command, timeout: '60s', grace: '400ms' } };

/** A repository whose items have hostile programs for test suites. */
export interface Product {
  engine: Engine;
  host: Host;
  /** Adds an item whose suite is this program. */
  add(id: string, program: HostileProgram, truth: GroundTruth): Promise<void>;
  /** Advances the item; a program that does not end by itself is cancelled as soon as all its processes are there. */
  advance(
    id: string,
    program: HostileProgram,
    truth: GroundTruth,
  ): Promise<{ report: AdvanceReport; result: TestRunResult }>;
  close(): Promise<void>;
}

export async function openProduct(allowed: readonly ContainmentName[]): Promise<Product> {
  const sample = sampleRepository(CONFIG);
  const engine = await openTestEngine(sample.root);
  const host = createHost({
    stateDir: engine.repository.stateDir,
    hostEntry: await bundleHost(),
    execPath: process.execPath,
    clientName: 'test',
    hostArgs: ['--containment', allowed.join(',') || 'sweep'],
    log: () => undefined,
  });
  // The engine finds this host and starts none of its own.
  await host.request('run/list', {});
  return {
    engine,
    host,
    async add(id, program, truth) {
      await engine.add({ title: program.what, id, stage: 'testing', actor });
      const words = program.command(truth).map((word) => `'${word}'`);
      commitFile(sample.worktree(id), 'suite.sh', `exec ${words.join(' ')}\n`);
    },
    async advance(id, program, truth) {
      const stop = new AbortController();
      const advanced = engine.advance(id, { actor, signal: stop.signal });
      if (program.exits === null && !program.killsSupervisor) {
        await until(() => truth.started().length >= program.processes, `the processes of ${program.name}`);
        await sleep(50);
        stop.abort();
      }
      const report = await advanced;
      const run = await engine.report(id);
      if (run?.kind !== 'test') throw new Error(`${id} has no run: ${report.reason.text}`);
      return { report, result: run.result };
    },
    async close() {
      await engine.hostDrain(true);
      await host.close();
      await engine.close();
      sample.remove();
    },
  };
}
