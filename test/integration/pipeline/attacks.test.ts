import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { commitFile, SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };
let sample: SampleRepository;
let engine: Engine;
let worktree: string;

/** An item of a project whose suite is this script. */
async function attack(script: string): Promise<void> {
  const test = { command: ['sh', 'attack.sh'], timeout: '60s', grace: '300ms', floor: 'off', redOnBase: false };
  sample = sampleRepository({ ...SAMPLE_CONFIG, test });
  commitFile(sample.root, '.gitignore', '.seen-alive\n');
  commitFile(sample.root, 'attack.sh', script);
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'An attack', id: 'DEMO-1', stage: 'testing', ...ann });
  worktree = sample.worktree('DEMO-1');
}
afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
});

it('a process that a green suite leaves behind to edit files later does not live to do so', async () => {
  // By its own file, so that it is seen to have lived; at most five seconds long.
  await attack(
    '(setsid sh -c "touch .seen-alive; sleep 2; echo changed > suite.json; sleep 3" >/dev/null 2>&1 &)\nsleep 1\n',
  );
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', verdict: 'PASS' });
  expect(existsSync(join(worktree, '.seen-alive'))).toBe(true);
  rmSync(join(worktree, '.seen-alive'));
  await sleep(2500);
  expect(git(worktree, 'status', '--porcelain')).toBe('');
  expect(engine.read.runs('DEMO-1')[0]?.result).toContain('"leaked":');
});

it('a suite that commits to its own branch while it runs proves nothing', async () => {
  await attack('git -c user.name=A -c user.email=a@example.com commit -q --allow-empty -m "work of the suite"\n');
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({
    outcome: 'held',
    verdict: 'INCONCLUSIVE',
    reason: { code: 'head-moved' },
  });
});

it('a commit between a PASS and its gate is tested again, not waved through', async () => {
  await attack('sleep 1\n');
  let held: Promise<unknown> | undefined;
  const first = await engine.advance('DEMO-1', {
    ...ann,
    onProgress: ({ kind }) => {
      if (kind === 'run') held ??= engine.hold('DEMO-1', 'person:bob', 'wait');
    },
  });
  await held;
  expect(first.outcome).toBe('held');
  expect(engine.read.verdicts('DEMO-1')).toMatchObject([{ verdict: 'PASS' }]);
  commitFile(worktree, 'attack.sh', 'exit 1\n');
  await engine.release('DEMO-1', 'person:bob', '');
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
});

it('the report of a run shows what it tried to write to the outside', async () => {
  const post = "fetch('http://198.51.100.1/', { method: 'POST' }).catch(() => {})";
  await attack(`node -e "${post}"\n`);
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced' });
  const report = readFileSync(join(worktree, 'docs/work-items/DEMO-1/13-test-report.md'), 'utf8');
  expect(report).toContain('## Writes to the outside');
  expect(report).toContain('**refused**: `POST` to `198.51.100.1:80`');
});
