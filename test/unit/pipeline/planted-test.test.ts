import { describe, expect, it } from 'vitest';
import { choosePlantedTest, PLANTED_NAME } from '../../../extension/pipeline/prove/planted-test';

const project = (files: Record<string, string>) => ({
  paths: Object.keys(files),
  read: (path: string) => Promise.resolve(files[path] ?? null),
});
const scripts = (test: string, more: Record<string, string> = {}): string =>
  JSON.stringify({ scripts: { test, ...more } });
const choose = (command: string[] | string, files: Record<string, string>, cwd = '.') =>
  choosePlantedTest({ command, cwd }, project(files));

describe('the planted test', () => {
  it.each([
    ['vitest', ['npx', 'vitest', 'run'], { 'src/a.spec.ts': '' }, 'src/interlock-prove.spec.ts'],
    [
      'jest',
      ['npm', 'test'],
      { 'package.json': scripts('jest --ci'), 'lib/__tests__/a.js': '' },
      'lib/__tests__/interlock-prove.js',
    ],
    ['mocha', ['npm', 'test'], { 'package.json': scripts('mocha'), 'test/a.js': '' }, 'test/interlock-prove.js'],
    ['node:test', ['node', '--test'], { 'test/a.test.mjs': '' }, 'test/interlock-prove.test.mjs'],
    ['node:test', ['node', '--test'], {}, 'test/interlock-prove.test.js'],
    ['playwright', ['npx', 'playwright', 'test'], { 'e2e/a.spec.ts': '' }, 'e2e/interlock-prove.spec.ts'],
    ['pytest', ['pytest'], { 'tests/test_a.py': '' }, 'tests/test_interlock_prove.py'],
    ['pytest', ['python', '-m', 'pytest'], { 'tests/a_test.py': '' }, 'tests/interlock_prove_test.py'],
    ['go test', 'go test ./... > x.json', { 'sum/sum_test.go': 'package sum\n' }, 'sum/interlock_prove_test.go'],
    ['cargo test', ['cargo', 'test'], { 'src/lib.rs': '' }, 'tests/interlock_prove.rs'],
    [
      'pytest',
      ['make', 'test'],
      { Makefile: 'test:\n\tpytest -q\n', 'tests/test_a.py': '' },
      'tests/test_interlock_prove.py',
    ],
  ])('%s: is put where the suite collects it (%j)', async (framework, command, files, path) => {
    const plant = await choose(command, files);
    expect(plant).toMatchObject({ framework, path });
    expect(plant?.text).toMatch(PLANTED_NAME);
  });

  it('follows scripts that call scripts', async () => {
    const files = { 'package.json': scripts('npm run unit', { unit: 'vitest run' }), 'src/a.test.ts': '' };
    expect(await choose(['npm', 'test'], files)).toMatchObject({ framework: 'vitest' });
  });

  it('goes to the folder that the command names, of several', async () => {
    const files = { 'a.test.ts': '', 'test/e2e/a.test.ts': '', 'test/unit/deep/a.test.ts': '' };
    expect(await choose(['vitest', 'run', '--project', 'unit'], files)).toMatchObject({
      path: 'test/unit/deep/interlock-prove.test.ts',
    });
  });

  it('stays under test.cwd', async () => {
    const files = { 'a.test.ts': '', 'packages/app/src/a.test.ts': '', 'packages/app/package.json': scripts('vitest') };
    expect(await choose(['npm', 'test'], files, 'packages/app')).toMatchObject({
      path: 'packages/app/src/interlock-prove.test.ts',
    });
  });

  it('belongs to the package of its neighbour in Go', async () => {
    expect((await choose(['go', 'test', './...'], { 'sum/sum_test.go': '// x\npackage sum_test\n' }))?.text).toMatch(
      /^package sum_test\n/,
    );
  });

  it.each([
    ['no framework that is known', ['./check.sh'], {}],
    ['a script that is not there', ['npm', 'test'], { 'package.json': '{}' }],
    ['a package.json that cannot be read', ['npm', 'test'], { 'package.json': '{' }],
  ])('is not chosen for %s', async (_why, command, files) => {
    expect(await choose(command, files as Record<string, string>)).toBeNull();
  });
});
