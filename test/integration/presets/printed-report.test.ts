import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHostRig, type HostRig } from '../host/host-rig';

const REPORT = 'ignored/tests.tap';
const suite = (sum: number) => `const assert = require('node:assert');
const { it } = require('node:test');
it('adds', () => assert.equal(1 + 1, ${sum}));
it('prints', () => console.log('ok 9 - printed'));
`;

/** As docs/configuration.md says: the shell writes what the tool prints, and the tool's exit code is the run's. */
const command = `mkdir -p ignored; ${process.execPath} --test --test-reporter=tap > ${REPORT}`;

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
});
afterAll(() => rig.close());

describe('a report that the tool prints and the shell writes', () => {
  test.each([
    ['green', 2, 0, { tests: 2, passed: 2, failed: 0 }],
    ['red', 3, 1, { tests: 2, passed: 1, failed: 1 }],
  ] as const)('%s: exit code and counts agree', async (_name, sum, exitCode, counts) => {
    rig.commit({ [join('test', 'sums.test.cjs')]: suite(sum) });
    const { result } = await rig.run(rig.spec(command, { report: { format: 'tap', path: REPORT } }));
    expect(result).toMatchObject({
      status: 'suite-ran',
      supervision: { exitCode },
      report: { state: 'read', ...counts },
      tree: { changed: [] },
    });
  });

  test('a report of another format is unreadable, whatever the exit code', async () => {
    const { result } = await rig.run(rig.spec(command, { report: { format: 'ctrf', path: REPORT } }));
    expect(result).toMatchObject({
      report: { state: 'unreadable', reason: expect.stringContaining('not valid JSON') },
    });
  });

  test('one of an earlier run does not stand for this one', async () => {
    rig.write(REPORT, '1..1\nok 1\n');
    const { result } = await rig.run(rig.spec('true', { report: { format: 'tap', path: REPORT } }));
    expect(result).toMatchObject({ supervision: { exitCode: 0 }, report: { state: 'missing' } });
  });
});
