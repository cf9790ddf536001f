import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHostRig, type HostRig } from './host-rig';

const WHOLE =
  '<testsuites><testsuite name="s" tests="2" failures="1"><testcase name="a" time="0.5"/><testcase name="b"><failure message="no"/></testcase></testsuite></testsuites>';
const report = { format: 'junit', path: 'ignored/out/*.xml' } as const;

let rig: HostRig;
beforeAll(async () => {
  rig = await openHostRig();
});
afterAll(() => rig.close());

const writing = (text: string, code = 1): string =>
  `mkdir -p ignored/out; cat > ignored/out/a.xml <<'END'\n${text}\nEND\nexit ${code}`;

describe('a report that the run wrote', () => {
  test('is read: counts, failures, and all cases in the run’s folder', async () => {
    const spec = rig.spec(writing(WHOLE), { report });
    const { result } = await rig.run(spec);
    expect(result).toMatchObject({
      status: 'suite-ran',
      report: { state: 'read', files: ['ignored/out/a.xml'], tests: 2, passed: 1, failed: 1, errored: 0, skipped: 0 },
    });
    expect(result.status === 'suite-ran' && result.report.state === 'read' && result.report.failures).toMatchObject([
      { name: 'b', outcome: 'failed', message: 'no' },
    ]);
    const cases: unknown = JSON.parse(readFileSync(rig.runFile(spec.run, 'cases.json'), 'utf8'));
    expect(cases).toMatchObject([{ name: 'a', outcome: 'passed', durationMs: 500 }, { name: 'b' }]);
  });

  test.each([
    ['truncated', WHOLE.slice(0, -20)],
    ['claiming more tests than it holds', WHOLE.replace('tests="2"', 'tests="3"')],
  ])('%s: unreadable, never fewer tests', async (_name, text) => {
    const { result } = await rig.run(rig.spec(writing(text, 0), { report }));
    expect(result).toMatchObject({ status: 'suite-ran', report: { state: 'unreadable', path: 'ignored/out/a.xml' } });
  });

  test('one unreadable file among good ones spoils all', async () => {
    const { result } = await rig.run(
      rig.spec(`${writing(WHOLE, 0).replace('exit 0', '')}\necho '<testsuite' > ignored/out/b.xml`, { report }),
    );
    expect(result).toMatchObject({ report: { state: 'unreadable', path: 'ignored/out/b.xml' } });
  });
});

describe('a report that the run did not write', () => {
  test('is removed before the run, so it can not stand for one: missing', async () => {
    rig.write('ignored/out/old.xml', WHOLE);
    const { result } = await rig.run(rig.spec('true', { report }));
    expect(result).toMatchObject({ status: 'suite-ran', report: { state: 'missing', path: 'ignored/out/*.xml' } });
    expect(existsSync(join(rig.worktree, 'ignored/out/old.xml'))).toBe(false);
  });

  test('brought in with an old date: refused as older than the run', async () => {
    rig.write('ignored/saved.xml', WHOLE);
    const { result } = await rig.run(
      rig.spec(
        "touch -d '1 hour ago' ignored/saved.xml; mkdir -p ignored/out; cp -p ignored/saved.xml ignored/out/a.xml",
        { report },
      ),
    );
    expect(result).toMatchObject({
      report: { state: 'unreadable', reason: expect.stringContaining('older than the run') },
    });
  });

  test('a link to one elsewhere is none: missing', async () => {
    rig.write('ignored/saved.xml', WHOLE);
    const { result } = await rig.run(
      rig.spec('mkdir -p ignored/out; ln -sf ../saved.xml ignored/out/a.xml', { report }),
    );
    expect(result).toMatchObject({ report: { state: 'missing' } });
  });
});

describe('a report path that can not be used stops the run before it starts', () => {
  test('it leads out of the worktree', async () => {
    const { result } = await rig.run(rig.spec('true', { report: { format: 'junit', path: 'a/../../*.xml' } }));
    expect(result).toMatchObject({ status: 'infra', cause: 'report-path-unusable', supervision: { pid: null } });
  });

  test('it leads through a link: nothing there is removed', async () => {
    rig.write('precious/a.xml', WHOLE);
    symlinkSync('../precious', join(rig.worktree, 'ignored/link'));
    const { result } = await rig.run(rig.spec('true', { report: { format: 'junit', path: 'ignored/link/*.xml' } }));
    expect(result).toMatchObject({ status: 'infra', cause: 'report-path-unusable' });
    expect(existsSync(join(rig.worktree, 'precious/a.xml'))).toBe(true);
    rmSync(join(rig.worktree, 'precious'), { recursive: true });
  });

  test('the report is committed', async () => {
    rig.commit({ 'committed.xml': WHOLE });
    const { result } = await rig.run(rig.spec('true', { report: { format: 'junit', path: 'committed.xml' } }));
    expect(result).toMatchObject({
      status: 'infra',
      cause: 'report-path-unusable',
      detail: expect.stringContaining('committed'),
    });
  });
});
