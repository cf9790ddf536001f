import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GroundTruth } from './ground-truth';
import { MORE_PROGRAMS, PROGRAMS, type HostileProgram } from './programs';
import { Bystander, containmentUnderTest, runHostile } from './rig';

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

const titles = (programs: readonly HostileProgram[]): [string, HostileProgram][] =>
  programs.map((program) => [`${program.name}: ${program.what}`, program]);

describe('nothing survives a run, and the kernel says so', () => {
  const programs = [...PROGRAMS, ...MORE_PROGRAMS].filter(({ killsSupervisor }) => !killsSupervisor);
  test.each(titles(programs))('%s', async (_title, program) => {
    const { cause, supervision } = await runHostile(program, truth, containmentUnderTest(['subreaper']));
    expect(truth.alive()).toEqual([]);
    expect(supervision).toMatchObject({ containment: 'subreaper', cleanliness: 'clean', survivors: [] });
    expect(cause).toEqual(
      program.exits === null ? { kind: 'cancel', reason: 'enough' } : { kind: 'exit', code: program.exits },
    );
    if (program.exits !== null) expect(supervision.leaked > 0).toBe(program.leaks);
    expect(truth.started().length).toBeGreaterThanOrEqual(program.processes);
    expect(await truth.aliveSoon()).toEqual([]);
    expect(bystander.lives).toBe(true);
  });
});

describe('a command that kills its supervisor gets no verdict, and nothing of it survives', () => {
  const programs = [...PROGRAMS, ...MORE_PROGRAMS].filter(({ killsSupervisor }) => killsSupervisor);
  test.each(titles(programs))('%s', async (_title, program) => {
    const { cause, supervision } = await runHostile(program, truth, containmentUnderTest(['subreaper']));
    expect(cause).toMatchObject({ kind: 'supervisor-lost' });
    expect(supervision).toMatchObject({ containment: 'sweep', cleanliness: 'swept', survivors: [], exitCode: null });
    expect(await truth.aliveSoon()).toEqual([]);
    expect(bystander.lives).toBe(true);
  });
});

describe('without a subreaper the same programs are missed, and the result never calls that proven', () => {
  const missed = ['e', 'i2', 'le'];
  test.each(titles(PROGRAMS.filter(({ name }) => missed.includes(name))))('%s', async (_title, program) => {
    const { supervision } = await runHostile(program, truth, []);
    expect(supervision).toMatchObject({ containment: 'sweep', cleanliness: 'swept' });
    expect(await truth.aliveSoon()).not.toEqual([]);
  });
});
