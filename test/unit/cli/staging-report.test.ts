import { describe, expect, test } from 'vitest';
import { fakeEngine } from './fake-engine';
import { FakeWorld, onlyJson, run } from './fake-world';
import { stagingReport } from './rows';

const world = (report = stagingReport()) => new FakeWorld(fakeEngine({ report: () => Promise.resolve(report) }));

describe('the report of a staging run', () => {
  test('says where it ran, what was served, which failures are waived, and is no opinion', async () => {
    const { exit, out } = await run('report DEMO-1', world());
    expect(exit).toBe(0);
    for (const text of [
      'DEMO-1  deploy-staging  PASS',
      'deploy@staging.example.com:22, by ssh2, 2 connections',
      './staging_check.sh',
      'served     cccccccc',
      'applied: C9a, until 2099-01-31 (DEMO-61)',
      'none left',
    ])
      expect(out).toContain(text);
    expect(out).not.toContain('opinion');
  });

  test('says what is not known', async () => {
    const report = stagingReport();
    const { remote } = report.result;
    const { out } = await run(
      'report DEMO-1',
      world({ ...report, result: { ...report.result, served: null, remote: { ...remote, survivors: null } } }),
    );
    expect(out).toContain('served     not proven');
    expect(out).toContain('processes  not known');
  });

  test('gives programs the result as the host recorded it, and the waivers', async () => {
    const { out } = await run('report DEMO-1 --json', world());
    expect(onlyJson(out)).toMatchObject({
      kind: 'staging',
      stage: 'deploy-staging',
      result: { kind: 'staging', remote: { connections: 2 } },
      waivers: [{ check: 'C9a', use: 'applied', reference: 'DEMO-61' }],
    });
  });
});
