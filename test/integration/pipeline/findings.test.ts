import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { waitingFindings } from '../../../extension/pipeline/findings/waiting-findings';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };

let sample: SampleRepository;
let engine: Engine;

beforeEach(async () => {
  sample = sampleRepository();
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
});
afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

const change = (path: string, text: string): void => commitFile(sample.worktree('DEMO-1'), path, text);
function setOf(): string {
  const waiting = waitingFindings(engine.read, 'DEMO-1');
  if (!waiting) throw new Error('nothing waits for a person');
  return waiting.hash;
}
const acknowledge = (set = setOf(), actor = 'person:ann') => engine.acknowledge('DEMO-1', actor, 'looked at it', set);

describe('a green item that changed what it is judged by', () => {
  it('is held, goes on once a person has acknowledged it, and is not run again for that', async () => {
    change('conftest.py', 'import os\n');
    change('a.test.js', "it.skip('x')\n");
    const held = await engine.advance('DEMO-1', ann);
    expect(held).toMatchObject({ outcome: 'held', to: 'testing', verdict: 'PASS', reason: { code: 'findings' } });
    expect(held.reason.text).toContain('conftest.py (added');
    expect(held.reason.remedy).toContain(`interlock acknowledge DEMO-1 --set ${setOf().slice(0, 12)}`);
    const report = git(sample.worktree('DEMO-1'), 'show', 'HEAD:docs/work-items/DEMO-1/13-test-report.md');
    expect(report).toMatch(
      /## Findings[^]*`conftest.py`: protected added[^]*Changed tests[^]*`a.test.js`: skip marks 1 more/,
    );

    expect(await acknowledge()).toMatchObject({ ok: true, item: { stage: 'testing', condition: 'ready' } });
    const again = await engine.advance('DEMO-1', ann);
    expect(again).toMatchObject({ outcome: 'advanced', to: 'merge', verdict: 'PASS', run: held.run });
    expect(again.reason.text).toContain('seen by person:ann, and the run stands');
    expect(engine.read.runs('DEMO-1')).toHaveLength(1);
    expect(engine.read.transitions('DEMO-1')).toContainEqual(
      expect.objectContaining({ outcome: 'acknowledged', actor: 'person:ann', run: held.run }),
    );
    expect(await engine.verify()).toEqual([]);
  });

  it('is held again after a mere release, and after another change to a protected place', async () => {
    change('conftest.py', 'one\n');
    await engine.advance('DEMO-1', ann);
    await engine.release('DEMO-1', 'person:ann', 'please');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'findings' } });
    await acknowledge();
    change('conftest.py', 'two\n');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'findings' } });
  });

  it('keeps a person’s word while only other files change', async () => {
    change('conftest.py', 'one\n');
    await engine.advance('DEMO-1', ann);
    await acknowledge();
    change('README.md', 'more\n');
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', to: 'merge' });
    expect(engine.read.runs('DEMO-1')).toHaveLength(2);
  });

  it('is run again after the person’s word when base’s rules have changed meanwhile', async () => {
    change('conftest.py', 'one\n');
    await engine.advance('DEMO-1', ann);
    await acknowledge();
    const config = JSON.parse(git(sample.root, 'show', 'HEAD:interlock.json'));
    config.test.floor = 4;
    commitFile(sample.root, 'interlock.json', JSON.stringify(config));
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'held', reason: { code: 'below-floor' } });
    expect(engine.read.runs('DEMO-1')).toHaveLength(2);
  });

  it('takes the word of a person only, and only on the set that was shown', async () => {
    change('conftest.py', 'one\n');
    await engine.advance('DEMO-1', ann);
    const set = setOf();
    expect(await acknowledge(set, 'agent:developer')).toMatchObject({ ok: false, reason: { code: 'not-a-person' } });
    for (const other of ['', set.slice(0, 8), '0'.repeat(64)]) {
      const refused = await acknowledge(other);
      expect(refused).toMatchObject({ ok: false, reason: { code: 'other-findings' } });
      if (!refused.ok) expect(refused.reason.text).toContain('conftest.py');
    }
    expect(engine.read.hold('DEMO-1')).toMatchObject({ code: 'findings' });
    expect(await acknowledge(set.slice(0, 12), 'cli:ann')).toMatchObject({ ok: true });
    expect(await acknowledge(set)).toMatchObject({ ok: false, reason: { code: 'no-findings' } });
  });

  it('is rolled back as ever when it is red', async () => {
    change('conftest.py', 'one\n');
    sample.plan('DEMO-1', { failed: 1 });
    expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
  });
});

it('what came from base by a merge is not the item’s finding', async () => {
  commitFile(sample.root, 'conftest.py', 'of base\n');
  git(sample.worktree('DEMO-1'), 'merge', '--quiet', 'main');
  sample.plan('DEMO-1', { passed: 4 });
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
});

it('the rules are base’s: an item that unprotects a file on its branch is still held', async () => {
  const config = JSON.parse(git(sample.root, 'show', 'HEAD:interlock.json'));
  change('interlock.json', JSON.stringify({ ...config, test: { ...config.test, protected: [] } }));
  const report = await engine.advance('DEMO-1', ann);
  expect(report).toMatchObject({ outcome: 'held', reason: { code: 'findings' } });
  expect(report.reason.text).toContain('interlock.json (changed');
});
