import { expect, test } from 'vitest';
import { fakeEngine } from './fake-engine';
import { FakeWorld, run } from './fake-world';
import { runReport } from './rows';

test('a report shows refused writes, answers of the service, and the hash of the environment', async () => {
  const report = runReport();
  const entry = { at: 1, action: 'blocked', method: 'POST', target: 'tracker.example.com:443', by: 'node 7' } as const;
  Object.assign(report.result, {
    environment: { hash: 'e'.repeat(64), variables: ['PATH'], program: '/usr/bin/npm' },
    guard: { blocked: 1, allowed: 0, unreadable: 0, entries: [entry] },
    smoke: [{ url: 'http://127.0.0.1/health', outcome: 'none', detail: 'no answer within 2000 ms', durationMs: 2000 }],
  });
  const { out } = await run('report DEMO-1', new FakeWorld(fakeEngine({ report: () => Promise.resolve(report) })));
  expect(out).toContain('1 write refused, 0 let pass; POST tracker.example.com:443');
  expect(out).toContain('0 of 1 request answered as expected; http://127.0.0.1/health: no answer within 2000 ms');
  expect(out).toMatch(/environment\s+eeeeeeee\n/);
});
