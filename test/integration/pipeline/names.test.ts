import { afterEach, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { sampleRepository, SAMPLE_CONFIG, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };
let sample: SampleRepository;
let engine: Engine;

afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

it('tests that are gone or newly skipped since the last landing are named where the count is too low', async () => {
  sample = sampleRepository({ ...SAMPLE_CONFIG, remote: '' });
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'First', id: 'DEMO-1', stage: 'testing', ...ann });
  sample.plan('DEMO-1', { passed: 5 });
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
  git(sample.root, 'merge', '--quiet', '--no-ff', '-m', 'merge', 'work/DEMO-1');
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ to: 'done' });

  await engine.add({ title: 'Second', id: 'DEMO-2', stage: 'testing', ...ann });
  sample.plan('DEMO-2', { passed: 3, skipped: 1 });
  const report = await engine.advance('DEMO-2', ann);
  expect(report).toMatchObject({ outcome: 'held', verdict: 'INCONCLUSIVE', reason: { code: 'below-floor' } });
  expect(report.reason.text).toContain('3 tests were executed');
  expect(report.reason.text).toContain('gone: adds 3, adds 4');
  const text = git(sample.worktree('DEMO-2'), 'show', 'HEAD:docs/work-items/DEMO-2/13-test-report.md');
  expect(text).toMatch(/## Tests by name[^]*`DEMO-1`[^]*New \(1\):[^]*`later 0`[^]*Gone \(2\):[^]*`adds 4`/);
});
