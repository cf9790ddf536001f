import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CONTAINMENTS } from '../../../runner-host/shim/messages';
import { GroundTruth } from './ground-truth';
import { openProduct, type Product } from './product';
import { MORE_PROGRAMS, PROGRAMS, type HostileProgram } from './programs';
import { Bystander, containmentUnderTest, until } from './rig';

let product: Product;
let hasCgroup: boolean;
beforeAll(async () => {
  product = await openProduct(containmentUnderTest(CONTAINMENTS));
  hasCgroup = (await product.host.request('host/status', {})).containment.includes('+ cgroup');
});
afterAll(() => product.close());

let truth: GroundTruth;
let bystander: Bystander;
beforeEach(() => {
  truth = new GroundTruth();
  bystander = new Bystander(truth);
});
afterEach(async () => {
  bystander.end();
  await truth.end();
});

const EXPECTED = (program: HostileProgram): object => {
  if (program.killsSupervisor) return { outcome: 'deferred', verdict: null, result: 'infra:killed-from-outside' };
  if (program.exits === null) return { outcome: 'waiting', verdict: null, result: 'infra:cancelled' };
  return program.exits === 0
    ? { outcome: 'advanced', verdict: 'PASS', result: 'suite-ran' }
    : { outcome: 'rolled-back', verdict: 'FAIL', result: 'suite-ran' };
};

describe('a work item with a hostile suite gets the right outcome, and nothing of the suite is left', () => {
  const titles = [...PROGRAMS, ...MORE_PROGRAMS].map((program): [string, HostileProgram] => [
    `${program.name}: ${program.what}`,
    program,
  ]);
  test.each(titles)('%s', async (_title, program) => {
    const id = `HOSTILE-${program.name.toUpperCase()}`;
    await product.add(id, program, truth);
    const { report, result } = await product.advance(id, program, truth);
    expect(truth.alive()).toEqual([]);
    expect(report).toMatchObject(EXPECTED(program));
    // Without a cgroup nobody is left who could prove the end of a run that has killed its supervisor.
    const cleanliness = program.killsSupervisor && !hasCgroup ? 'swept' : 'clean';
    expect(result.supervision).toMatchObject({ cleanliness, survivors: [] });
    if (program.exits !== null) expect(result.supervision.leaked > 0).toBe(program.leaks);
    expect(await truth.aliveSoon()).toEqual([]);
    expect(bystander.lives).toBe(true);
  });
});

describe('a killed host costs a verdict, once, and leaves nothing', () => {
  const killed = PROGRAMS.filter(({ name }) => ['e', 'f2', 'h2'].includes(name));
  test.each(killed.map((program): [string, HostileProgram] => [program.what, program]))(
    '%s',
    async (_title, program) => {
      const id = `KILLED-${program.name.toUpperCase()}`;
      await product.add(id, program, truth);
      const advanced = product.engine.advance(id, { actor: 'person:ann' });
      await until(() => truth.started().length >= program.processes, `the processes of ${program.name}`);
      process.kill((await product.host.request('host/status', {})).identity.pid, 'SIGKILL');
      expect(await advanced).toMatchObject({ outcome: 'deferred', verdict: null, result: 'infra:host-lost' });
      expect(truth.alive()).toEqual([]);
      expect(product.engine.read.runs(id)).toHaveLength(1);
      expect(bystander.lives).toBe(true);
    },
  );
});
