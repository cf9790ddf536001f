import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GroundTruth } from './ground-truth';
import { hostSide, killHostOf } from './host-killed';
import { MORE_PROGRAMS, PROGRAMS, type HostileProgram } from './programs';
import { Bystander, containmentUnderTest, run, until } from './rig';

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

const named = (...names: string[]): [string, HostileProgram][] =>
  [...PROGRAMS, ...MORE_PROGRAMS]
    .filter(({ name }) => names.includes(name))
    .map((program) => [`${program.name}: ${program.what}`, program]);

describe('a run ends with its host, even if that is killed', () => {
  test.each(named('a', 'b', 'e', 'f2', 'h', 'ss'))('%s', async (_title, program) => {
    await killHostOf(program, truth, containmentUnderTest(['subreaper']));
    expect(await truth.aliveSoon()).toEqual([]);
    expect(bystander.lives).toBe(true);
  });
});

test.each(named('e'))('a run inside of a run ends with the outer one: %s', async (_title, program) => {
  const stop = new AbortController();
  const [script, ...args] = await hostSide(program, truth, ['subreaper']);
  const outer = run({
    command: [process.execPath, String(script), ...args],
    allowed: ['subreaper'],
    stop: stop.signal,
  });
  await until(() => truth.started().length >= program.processes, 'the inner run');
  stop.abort('enough');
  expect((await outer).supervision).toMatchObject({ cleanliness: 'clean', survivors: [] });
  expect(await truth.aliveSoon()).toEqual([]);
});
