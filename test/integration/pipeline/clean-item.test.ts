import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { startCli } from '../cli/cli-process';
import { git } from '../rig/git';
import { ann, MergeProject } from './merge-project';

let project: MergeProject;
afterEach(() => project.close());

it('an item is landed by squash, cleaned up at a terminal, and the log says all of it', async () => {
  project = await MergeProject.open({ style: 'squash' });
  const { engine, sample } = project;
  await project.atMerge('DEMO-1', { 'one.txt': '1\n' });
  const place = sample.worktree('DEMO-1');
  const early = await engine.clean('DEMO-1', 'person:ann', false);
  expect(early).toMatchObject({ ok: false, reason: { code: 'not-done' } });
  expect(await project.advance('DEMO-1')).toMatchObject({ outcome: 'advanced', to: 'done' });
  const head = git(sample.root, 'rev-parse', 'work/DEMO-1');

  writeFileSync(join(place, 'notes.txt'), 'mine\n');
  const inside = spawn('sleep', ['120'], { cwd: place, stdio: 'ignore' });
  onTestFinished(() => void inside.kill('SIGKILL'));
  await once(inside, 'spawn');
  const refused = await engine.clean('DEMO-1', 'person:ann', false);
  expect(refused).toMatchObject({ ok: false, reason: { code: 'worktree-changed' } });
  expect(refused.ok ? '' : refused.reason.text).toMatch(/notes\.txt.*process \d+ \(.*works in/);
  expect(existsSync(join(place, 'notes.txt'))).toBe(true);
  inside.kill('SIGKILL');
  await once(inside, 'exit');
  git(place, 'clean', '--quiet', '--force');

  const cleaned = startCli(sample.root, ['clean', 'DEMO-1', '--json']);
  const { exit, out } = await cleaned.ended;
  expect(exit).toBe(0);
  expect(existsSync(place)).toBe(false);
  expect(git(sample.root, 'branch', '--list', 'work/DEMO-1')).toBe('');
  const [backup = ''] = git(sample.root, 'for-each-ref', '--format=%(refname)', 'refs/interlock/backup').split('\n');
  expect(git(sample.root, 'rev-parse', backup)).toBe(head);
  expect(await engine.clean('DEMO-1', 'person:ann', false)).toMatchObject({
    ok: true,
    text: expect.stringContaining('nothing is left') as string,
  });

  const last = (await engine.history('DEMO-1')).at(-1);
  expect(last).toMatchObject({ outcome: 'cleaned-up', reason: expect.stringContaining(backup) as string });
  expect(last?.reason).toContain('the receipt there holds');
  expect(await engine.acts('DEMO-1')).toMatchObject([
    { act: 'landed', base: 'main', actor: ann.actor, evidence: expect.stringContaining('commit ') as string },
  ]);
  expect(await engine.verify()).toEqual([]);
  for (const command of (JSON.parse(out) as { bringBack: string[] }).bringBack)
    execFileSync('sh', ['-c', command], { cwd: sample.root, stdio: 'pipe' });
  expect(git(place, 'rev-parse', 'HEAD')).toBe(head);
  expect(git(sample.root, 'rev-parse', 'work/DEMO-1')).toBe(head);
}, 120_000);
