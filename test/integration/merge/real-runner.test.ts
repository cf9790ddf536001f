import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMergeGate } from '../../../runner-host/merge/merge-runner';
import { OutputLog } from '../../../runner-host/output/output-log';
import { openProcessTable, ownIdentity } from '../../../runner-host/processes/own-identity';
import type { RunContext } from '../../../runner-host/runners/run-context';
import { supervise } from '../../../runner-host/supervisor/supervise';
import { command, makeRig, type Rig } from './merge-rig';

function runContext(rig: Rig): { run: RunContext; stateDir: string } {
  const stateDir = join(rig.root, '.git', 'interlock');
  const folder = join(stateDir, 'runs', 'r0');
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  const run: RunContext = {
    table: openProcessTable(),
    supervisor: { supervise },
    env: rig.env,
    cookie: randomBytes(16).toString('hex'),
    tmp: join(folder, 'tmp'),
    scratch: join(folder, 'scratch'),
    output: new OutputLog(join(folder, 'output.log'), 1024 * 1024),
    log: () => undefined,
    stop: new AbortController().signal,
    onReady: () => undefined,
    onStarted: () => undefined,
    onRemote: () => undefined,
    adopted: false,
    onStep: () => undefined,
  };
  return { run, stateDir };
}

test('with the test-runner: a supervised suite, its report, and the tree proven to be the candidate’s', async () => {
  const rig = makeRig();
  rig.main({ '.gitignore': 'report.xml\n' });
  const xml = '<testsuite name="s" tests="1" failures="0"><testcase name="t"/></testsuite>';
  const item = rig.item('DEMO-1', { 'one.txt': 'one\n' });
  const test = command(`test -f one.txt && echo '${xml}' > report.xml; sleep 30 & exit 0`, {
    report: { format: 'junit', path: 'report.xml' },
  });
  const security = command('test -f one.txt');
  const { run, stateDir } = runContext(rig);
  const me = ownIdentity(openProcessTable());
  const { result, cases } = await runMergeGate(rig.spec(item, { test, security, receipt: true }), run, stateDir, me);
  if (result.status !== 'gate-ended') throw new Error(result.detail);
  const [done] = result.items;
  expect(done?.outcome).toMatchObject({ outcome: 'LANDED', receipt: 'written' });
  expect(done?.test).toMatchObject({
    state: 'ran',
    result: { status: 'suite-ran', report: { state: 'read', tests: 1 }, supervision: { leaked: 1, survivors: [] } },
  });
  expect(cases).toHaveLength(1);
  expect(rig.leftovers()).toEqual([]);
  const red = rig.item('DEMO-2', { 'two.txt': 'two\n' });
  const second = await runMergeGate(rig.spec(red, { test: command('exit 1'), redOnBase: true }), run, stateDir, me);
  expect(second.result).toMatchObject({ items: [{ outcome: { outcome: 'RED', preExisting: true } }] });
});
