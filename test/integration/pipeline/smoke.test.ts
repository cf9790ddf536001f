import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../../extension/engine';
import { git } from '../rig/git';
import { openTestEngine } from '../rig/open-test-engine';
import { SAMPLE_CONFIG, sampleRepository, type SampleRepository } from '../rig/sample-repository';

const ann = { actor: 'person:ann' };
let sample: SampleRepository;
let engine: Engine;
let service: Server;
let asked: number;
let status: string;

/** A project whose suite is followed by one request to a service of this test. */
beforeEach(async () => {
  [asked, status] = [0, 'ok'];
  service = createServer((_asked, answer) => {
    asked += 1;
    answer.end(JSON.stringify({ status }));
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/health`;
  const smoke = [{ url, json: { '/status': 'ok' }, timeout: '10s' }];
  sample = sampleRepository({ ...SAMPLE_CONFIG, test: { ...SAMPLE_CONFIG.test, redOnBase: false, smoke } });
  engine = await openTestEngine(sample.root);
  await engine.add({ title: 'Add sums', id: 'DEMO-1', stage: 'testing', ...ann });
  sample.plan('DEMO-1', { passed: 4 });
});
afterEach(async () => {
  await engine.hostDrain(true);
  await engine.close();
  sample.remove();
  service.closeAllConnections();
  service.close();
});

it('a green suite whose service answers as expected is a PASS, and the report shows the answer', async () => {
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'advanced', verdict: 'PASS' });
  expect(asked).toBe(1);
  const report = git(sample.worktree('DEMO-1'), 'show', 'HEAD:docs/work-items/DEMO-1/13-test-report.md');
  expect(report).toContain('## Smoke');
  expect(report).toMatch(/^environment: "[0-9a-f]{64}"$/m);
});

it('a green suite whose service answers wrongly is a FAIL', async () => {
  status = 'down';
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({
    outcome: 'rolled-back',
    verdict: 'FAIL',
    reason: { text: expect.stringContaining('/status is "down" instead of "ok"') },
  });
});

it('a green suite whose service does not answer proves nothing', async () => {
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({
    outcome: 'held',
    verdict: 'INCONCLUSIVE',
    reason: { code: 'smoke-unanswered' },
  });
});

it('a red suite asks nobody', async () => {
  sample.plan('DEMO-1', { passed: 3, failed: 1 });
  expect(await engine.advance('DEMO-1', ann)).toMatchObject({ outcome: 'rolled-back', verdict: 'FAIL' });
  expect(asked).toBe(0);
});
