import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../setup/step.mjs';

const runSteps = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'test', 'setup', 'test.mjs'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, lastLine: stdout.trim().split('\n').at(-1), output: stdout + stderr };
};

describe('npm test', () => {
  it('fails when a suite runs no test at all', () => {
    expect(runSteps('unit', 'test/unit/there-is-no-such-folder/')).toMatchObject({
      status: 1,
      lastLine: '0 passed, 1 failed',
    });
  });

  it('refuses a step that does not exist instead of running nothing', () => {
    const { status, output } = runSteps('unti');
    expect(output).toContain('There is no step unti.');
    expect(status).toBe(1);
  });

  it('sums up what its suites did', () => {
    expect(runSteps('unit', 'test/unit/setup/missing-packages.test.ts')).toMatchObject({
      status: 0,
      lastLine: '3 passed, 0 failed',
    });
  });
});
