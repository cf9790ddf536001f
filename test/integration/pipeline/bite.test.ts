import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { waitingFindings } from '../../../extension/pipeline/findings/waiting-findings';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };
const RUNNER = readFileSync(join(import.meta.dirname, '../../fixtures/small-runner.mjs'), 'utf8');
/** A test file whose tests demand these sums. */
const tests = (sums: Record<string, string>): string =>
  `import * as code from '../sums.mjs';\n${Object.entries(sums)
    .map(([name, demand]) => `export const ${name} = () => { if (!(${demand})) throw new Error('${name}'); };`)
    .join('\n')}\n`;

let sample: SampleRepository;
let engine: Engine;

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

/** A repository with one function and its test on base. */
async function open(biteMatrix: string, base = { adds: 'code.add(1, 2) === 3' }): Promise<void> {
  sample = sampleRepository({ ...SAMPLE_CONFIG, test: { ...SAMPLE_CONFIG.test, biteMatrix } });
  commitFile(sample.root, 'suite.mjs', RUNNER);
  commitFile(sample.root, 'sums.mjs', 'export const add = (a, b) => a + b;\n');
  commitFile(sample.root, 'tests/add.mjs', tests(base));
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Multiply', id: 'DEMO-1', stage: 'testing', ...ann });
}

const change = (path: string, text: string): void => commitFile(sample.worktree('DEMO-1'), path, text);
const feature = (): void =>
  change('sums.mjs', 'export const add = (a, b) => a + b;\nexport const times = (a, b) => a * b;\n');
const section = (): string =>
  git(sample.worktree('DEMO-1'), 'show', 'HEAD:docs/work-items/DEMO-1/13-test-report.md').split('## Bite matrix')[1] ??
  '';

describe('new tests', () => {
  it('that are red on base’s code and green on the item’s pass, and the four cells are shown', async () => {
    await open('required');
    feature();
    change('tests/times.mjs', tests({ multiplies: 'code.times(2, 3) === 6' }));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', verdict: 'PASS' });
    expect(section()).toMatch(
      /Test files that the item changed: 1\.[^]*\*\*base's tests\*\* \| green: [^|]*\| green: [^|]*\|\n[^|]*\| \*\*the item's tests\*\* \| red: [^|]*\| green: /,
    );
    expect(git(sample.root, 'worktree', 'list').split('\n')).toHaveLength(2);
  });

  it('that are green without the item’s code close the gate where the matrix is required', async () => {
    await open('required');
    feature();
    change('tests/times.mjs', tests({ multiplies: 'true' }));
    const report = await engine.advance('DEMO-1', ann);
    expect(report).toMatchObject({ outcome: 'held', verdict: 'INCONCLUSIVE', reason: { code: 'no-bite' } });
  });

  it('that prove nothing are only shown where it is advisory', async () => {
    await open('advisory');
    change('tests/times.mjs', tests({ multiplies: 'true' }));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
    expect(section()).toMatch(/advisory[^]*\*\*the item's tests\*\* \| green/);
  });

  it('prove nothing where base is red itself', async () => {
    await open('required', { adds: 'code.add(1, 2) === 4' });
    feature();
    change('tests/add.mjs', tests({ adds: 'code.times(1, 2) === 2' }));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'bite-unknown' } });
  });

  it('are not asked for where the item changed none', async () => {
    await open('required');
    feature();
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
    expect(section()).toContain('the item changed no test file');
  });

  it('of a red item are not looked at', async () => {
    await open('required');
    change('tests/times.mjs', tests({ multiplies: 'false' }));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
    expect(section()).toBe('');
  });
});

it('a weakened test of base shows: base’s tests on the item’s code are red, and a person must have seen that', async () => {
  await open('required');
  change('sums.mjs', 'export const add = (a, b) => a - b;\nexport const times = (a, b) => a * b;\n');
  change('tests/add.mjs', tests({ adds: 'code.times(1, 2) === 2' }));
  const report = await engine.advance('DEMO-1', ann);
  expect(report).toMatchObject({ outcome: 'held', verdict: 'PASS', reason: { code: 'findings' } });
  expect(report.reason.text).toMatch(/red on the item's code .*: adds/);
  const set = waitingFindings(engine.read, 'DEMO-1')?.hash ?? '';
  await engine.acknowledge('DEMO-1', 'person:ann', 'add means subtract now', set);
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
});
