import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { choosePlantedTest, PLANTED_NAME } from '../../../extension/pipeline/prove/planted-test';
import { openPreset } from './preset-rig';

interface Preset {
  files: Record<string, string>;
  /** Makes one of the tests fail. */
  red: Record<string, string>;
  command: RegExp;
  /** Of the failing test. */
  failure: string;
}

const npm = (script: string) => JSON.stringify({ name: 'shop', scripts: { test: script } });

const vitest = (sum: number) => `import { describe, expect, it } from 'vitest';
describe('sums', () => {
  it('adds', () => expect(1 + 1).toBe(${sum}));
  it('holds', () => {});
  it.skip('waits', () => {});
});
`;
const mocha = (sum: number) => `const assert = require('node:assert');
describe('sums', () => {
  it('adds', () => assert.equal(1 + 1, ${sum}));
  it('holds', () => {});
  it.skip('waits', () => {});
});
`;
const node = (sum: number) => `const assert = require('node:assert');
const { describe, it } = require('node:test');
describe('sums', () => {
  it('adds', () => assert.equal(1 + 1, ${sum}));
  it('holds', () => {});
  it.skip('waits', () => {});
});
`;
const pytest = (sum: number) => `import pytest

def test_adds():
    assert 1 + 1 == ${sum}

def test_holds():
    pass

@pytest.mark.skip
def test_waits():
    pass
`;
const go = (sum: number) => `package sums

import "testing"

func TestSums(t *testing.T) {
	t.Run("adds", func(t *testing.T) {
		if 1+1 != ${sum} {
			t.Errorf("got 2, want ${sum}")
		}
	})
	t.Run("holds", func(t *testing.T) {})
}

func TestWaits(t *testing.T) { t.Skip("later") }
`;

const PRESETS: Record<string, Preset> = {
  vitest: {
    files: { 'package.json': npm('vitest'), 'sums.test.mjs': vitest(2) },
    red: { 'sums.test.mjs': vitest(3) },
    command: /^npm,test,--,--run,/,
    failure: 'sums.test.mjs > sums.test.mjs > sums > adds',
  },
  mocha: {
    files: { 'package.json': npm('mocha'), 'test/sums.cjs': mocha(2) },
    red: { 'test/sums.cjs': mocha(3) },
    command: /^npm,test,--,--reporter=xunit,/,
    failure: 'test/sums.cjs > sums > adds',
  },
  'node:test': {
    files: { 'package.json': npm('node --test'), 'test/sums.test.cjs': node(2) },
    red: { 'test/sums.test.cjs': node(3) },
    command: /^npm,test,--,--test-reporter=spec,/,
    failure: 'test/sums.test.cjs > sums > adds',
  },
  pytest: {
    files: { 'pytest.ini': '[pytest]\n', 'test_sums.py': pytest(2) },
    red: { 'test_sums.py': pytest(3) },
    command: /^pytest,/,
    failure: 'test_sums.py > test_sums > test_adds',
  },
  'go test': {
    files: { 'go.mod': 'module example.com/shop\n\ngo 1.19\n', 'sums/sums_test.go': go(2) },
    red: { 'sums/sums_test.go': go(3) },
    command: /^mkdir -p reports; go test -json /,
    failure: 'sums/sums_test.go > example.com/shop/sums > TestSums/adds',
  },
};

describe.each(Object.entries(PRESETS))('%s, as interlock init sets it up', (_name, preset) => {
  let project: Awaited<ReturnType<typeof openPreset>>;
  beforeAll(async () => (project = await openPreset(preset.files)));
  afterAll(() => project.rig.close());

  test('green: exit code 0, every test counted, nothing changed', async () => {
    expect(String(project.command)).toMatch(preset.command);
    const { exitCode, report, changed, output } = await project.run();
    expect({ exitCode, report, changed }, output).toMatchObject({
      exitCode: 0,
      report: { state: 'read', tests: 3, passed: 2, failed: 0, errored: 0, skipped: 1 },
      changed: [],
    });
  });

  test('red: another exit code, the same tests, the failing one by its name', async () => {
    const { exitCode, report, failures, changed, output } = await project.run(preset.red);
    expect({ report, failures, changed }, output).toMatchObject({
      report: { state: 'read', tests: 3, passed: 1, failed: 1, errored: 0, skipped: 1 },
      failures: [preset.failure],
      changed: [],
    });
    expect(exitCode).toBeGreaterThan(0);
  });

  test('the test that interlock prove plants is collected, fails, and is named', async () => {
    const { command } = project;
    const read = (path: string) => Promise.resolve(preset.files[path] ?? null);
    const plant = await choosePlantedTest({ command, cwd: '.' }, { paths: Object.keys(preset.files), read });
    if (!plant) throw new Error('no test to plant');
    const { exitCode, failures, output } = await project.run({ ...preset.files, [plant.path]: plant.text });
    expect(failures, output).toEqual([expect.stringMatching(PLANTED_NAME)]);
    expect(exitCode).toBeGreaterThan(0);
  });
});

describe('go test, where there is nothing to run', () => {
  let project: Awaited<ReturnType<typeof openPreset>>;
  beforeAll(async () => (project = await openPreset(PRESETS['go test']?.files ?? {})));
  afterAll(() => project.rig.close());

  test('a package that does not build fails, and is named', async () => {
    const { exitCode, failures, report } = await project.run({ 'sums/sums_test.go': 'package sums\n\nfunc {' });
    expect(exitCode).toBeGreaterThan(0);
    expect(report).toMatchObject({ state: 'read', errored: 1 });
    expect(failures).toEqual(['- > example.com/shop/sums > the package']);
  });

  test('no tests at all are unreadable, never a report of none', async () => {
    const { exitCode, report } = await project.run({ 'sums/sums_test.go': 'package sums\n' });
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ state: 'unreadable', reason: 'it holds no test' });
  });
});
