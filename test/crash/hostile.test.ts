import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ContainmentName } from '../../runner-host/shim/messages';
import { GroundTruth } from '../integration/hostile/ground-truth';
import { killHostOf } from '../integration/hostile/host-killed';
import { MORE_PROGRAMS, PROGRAMS } from '../integration/hostile/programs';
import { Bystander, runHostile } from '../integration/hostile/rig';

/** All programs three times; as a part of the whole suite, where each runs once elsewhere, only the two that are races. */
const long = process.env['INTERLOCK_CRASH'] === 'long';
const programs = [...PROGRAMS, ...MORE_PROGRAMS].filter(({ name }) => long || ['f', 'f2'].includes(name));
const rounds = long ? [1, 2, 3] : [1];

const MACHINES: [string, ContainmentName[]][] = [
  ['a machine that gives no cgroup', ['subreaper']],
  ['a machine that gives everything', ['subreaper', 'cgroup']],
  ['a machine that gives only a cgroup, if it gives one', ['cgroup']],
];

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

describe.each(MACHINES)('%s', (_machine, allowed) => {
  const cases = programs.flatMap((program) => rounds.map((round) => ({ ...program, round, program })));

  test.each(cases)('nothing survives a run: $name, round $round', async ({ program }) => {
    const { supervision, cause } = await runHostile(program, truth, allowed);
    const proven = allowed.includes('subreaper') || supervision.containment === 'cgroup';
    if (proven) {
      expect(await truth.aliveSoon()).toEqual([]);
      expect(supervision.survivors).toEqual([]);
    }
    // Whoever killed its supervisor is proven to be gone only by its cgroup.
    const clean = supervision.containment === 'cgroup' || (proven && !program.killsSupervisor);
    expect(supervision.cleanliness).toBe(clean ? 'clean' : 'swept');
    expect(cause.kind).toBe(program.killsSupervisor ? 'supervisor-lost' : program.exits === null ? 'cancel' : 'exit');
    expect(bystander.lives).toBe(true);
  });
});

describe('a run ends with its host, even if that is killed', () => {
  const stopped = programs.filter(({ killsSupervisor, exits }) => !killsSupervisor && exits === null);
  const cases = stopped.flatMap((program) => rounds.map((round) => ({ ...program, round, program })));
  test.each(cases)('$name: $what, round $round', async ({ program }) => {
    await killHostOf(program, truth, ['subreaper']);
    expect(await truth.aliveSoon()).toEqual([]);
    expect(bystander.lives).toBe(true);
  });
});
