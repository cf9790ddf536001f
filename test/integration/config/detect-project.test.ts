import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { detectProject } from '../../../extension/config/detect-project';
import { initConfig } from '../../../extension/config/init-config';
import { parseConfig } from '../../../extension/config/parse-config';
import { makeFolder } from '../git/repository-fixture';

function makeProject(files: Record<string, string>): string {
  const root = join(makeFolder().folder, 'project');
  mkdirSync(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const npm = (script: string, devDependencies: Record<string, string> = {}): Record<string, string> => ({
  'package.json': JSON.stringify({ scripts: { test: script }, devDependencies }),
});

/** What the proposed text means once it is read. */
async function proposal(files: Record<string, string>) {
  const { kind, text, why } = await detectProject(makeProject(files));
  const parsed = parseConfig(text, 'interlock.json');
  return { kind, text, why: why.join('\n'), test: parsed.ok ? parsed.config.test : parsed.problems };
}

describe('detecting the test command', () => {
  test.each([
    ['pytest', { 'pytest.ini': '' }],
    ['pytest', { 'pyproject.toml': '[tool.pytest.ini_options]\n' }],
    ['pytest', { 'pyproject.toml': '[project.optional-dependencies]\ntest = ["pytest>=8"]\n' }],
    ['pytest', { 'tests/conftest.py': '' }],
    ['pytest', { 'setup.cfg': '[metadata]\n[tool:pytest]\n' }],
    ['go', { 'go.mod': 'module x\n' }],
    ['cargo', { 'Cargo.toml': '[package]\n' }],
    ['gradle', { 'build.gradle.kts': '' }],
    ['maven', { 'pom.xml': '' }],
    ['dotnet', { 'Shop.sln': '' }],
    ['make', { Makefile: 'all: test\n\ntest: build\n\t./run\n' }],
    ['npm', npm('tap')],
  ] as const)('%s: the proposal is a configuration that is accepted', async (kind, files) => {
    const found = await proposal(files);
    expect(found.kind).toBe(kind);
    expect(found.test).toHaveProperty('command');
  });

  test.each([
    [{ Makefile: 'test := yes\nall:\n' }, null],
    [{ 'pyproject.toml': '[tool.black]\n' }, null],
    [npm('echo "Error: no test specified" && exit 1'), null],
    [npm(''), null],
    [{ 'package.json': '{}' }, null],
    [{ 'package.json': 'not JSON' }, null],
  ])('%j holds no test command', async (files, kind) => {
    expect((await proposal(files as Record<string, string>)).kind).toBe(kind);
  });

  test("npm's placeholder is passed over for what is really there", async () => {
    const found = await proposal({ ...npm('echo "Error: no test specified" && exit 1'), 'go.mod': '' });
    expect(found.kind).toBe('go');
    expect(found.why).toContain('placeholder');
  });

  test('what else was found is said', async () => {
    const found = await proposal({ ...npm('tap'), 'pytest.ini': '', Makefile: 'test:\n' });
    expect(found.kind).toBe('npm');
    expect(found.text).toContain('// package.json has the test script "tap".');
    expect(found.why).toContain('not chosen: pytest');
    expect(found.why).toContain('not chosen: make test');
  });

  test('nothing found: the file says where to write the command, and Interlock asks for it there', async () => {
    const { kind, text, why } = await detectProject(makeProject({}));
    expect(kind).toBeNull();
    expect(why.join()).toContain('No test command was found');
    expect(text).toContain('// No test command was found. Write yours here');
    expect(parseConfig(text, 'f')).toMatchObject({ ok: false, problems: [{ key: 'test.command' }] });
  });

  test('without a report the file says that the exit code decides alone', async () => {
    const found = await proposal({ 'Cargo.toml': '' });
    expect(found.test).toMatchObject({ command: ['cargo', 'test'], report: null, floor: 'off' });
    expect(found.why).toContain('the exit code decides alone');
  });

  test.each([
    'vitest run | tee log',
    'vitest run; echo done',
    'vitest run && eslint .',
    'echo vitest',
    'npm run unit',
    'vitest run $(list)',
    'jest',
    'mocha -R dot',
    'node --test test/a.js',
    'node --test --test-reporter=tap',
    'node run.js',
    'playwright test --reporter=dot',
    'playwright install',
  ])('"%s": no options are added where it is not sure that they reach the runner', async (script) => {
    expect((await proposal(npm(script))).test).toMatchObject({ command: ['npm', 'test'], report: null });
  });

  test('the report of jest needs a package: it is asked for only where that is installed', async () => {
    expect((await proposal(npm('jest --coverage', { 'jest-junit': '16' }))).test).toMatchObject({
      command: ['npm', 'test', '--', '--ci', '--reporters=default', '--reporters=jest-junit'],
      env: { JEST_JUNIT_OUTPUT_FILE: 'reports/junit.xml' },
      report: { path: 'reports/junit.xml' },
    });
  });

  test('playwright: the file of its report is named by the environment', async () => {
    expect((await proposal(npm('npx playwright test'))).test).toMatchObject({
      command: ['npm', 'test', '--', '--reporter=list,junit'],
      env: { PLAYWRIGHT_JUNIT_OUTPUT_NAME: 'reports/junit.xml' },
      report: { format: 'junit', path: 'reports/junit.xml' },
    });
  });

  test('go: the shell writes what go prints, and its exit code, without a pipe that would hide it', async () => {
    const found = (await proposal({ 'go.mod': '' })).test;
    expect(found).toMatchObject({ report: { format: 'go-json', path: 'reports/go-test.jsonl' }, floor: 'base' });
    const command = 'command' in (found ?? {}) ? (found as { command: unknown }).command : null;
    expect(command).toMatch(/^mkdir -p reports; go test -json -count=1 [^|]*; exit \$code$/);
  });

  test.each([
    ['[profile.ci.junit]\npath = "junit.xml"\n', 'ci', 'target/nextest/ci/junit.xml'],
    [
      '[profile.a.junit]\npath = "a.xml"\n[profile.ci.junit]\nreport-name = "x"\npath = "b.xml"',
      'ci',
      'target/nextest/ci/b.xml',
    ],
    ["[profile.default.junit]\npath = 'out/a.xml'", 'default', 'target/nextest/default/out/a.xml'],
  ])('cargo nextest is chosen for the report that it is set up to write: %j', async (toml, profile, path) => {
    const found = await proposal({ 'Cargo.toml': '', '.config/nextest.toml': toml });
    expect(found.test).toMatchObject({
      command: ['cargo', 'nextest', 'run', '--profile', profile, '--no-fail-fast'],
      report: { format: 'junit', path },
    });
  });

  test.each([
    '[profile.ci]\nfail-fast = false',
    '[profile.ci.junit]\n[other]\npath = "x"',
    '[profile.ci.junit]\npath = "../x"',
  ])('without such a set-up (%j) cargo test runs, and what to do for a report is said', async (toml) => {
    const found = await proposal({ 'Cargo.toml': '', '.config/nextest.toml': toml });
    expect(found.test).toMatchObject({ command: ['cargo', 'test'], report: null });
    expect(found.why).toContain('install cargo-nextest');
  });

  test.each([
    [{ 'settings.gradle': '', gradlew: '' }, './gradlew', '**/build/test-results/test/*.xml'],
    [{ 'build.gradle': '' }, 'gradle', '**/build/test-results/test/*.xml'],
    [{ 'pom.xml': '', mvnw: '' }, './mvnw', '**/target/surefire-reports/TEST-*.xml'],
    [{ 'pom.xml': '' }, 'mvn', '**/target/surefire-reports/TEST-*.xml'],
  ] as const)('%j runs %s, the wrapper if there is one', async (files, program, path) => {
    const found = await proposal(files as unknown as Record<string, string>);
    expect(found.test).toMatchObject({
      command: expect.arrayContaining([program]),
      report: { format: 'junit', path },
    });
    expect(found.why).toMatch(/Add (build|target) to \.gitignore/);
  });

  const logger = '<PackageReference Include="JunitXml.TestLogger" Version="8.0.0" />';

  test.each([
    { 'Shop.sln': '', 'test/Shop.Tests/Shop.Tests.csproj': logger },
    { 'Shop.slnx': '', 'Directory.Packages.props': logger.replace('Reference', 'Version') },
    { 'Shop.csproj': logger },
  ])('dotnet: a report is asked for where the logger is a package: %j', async (files) => {
    expect((await proposal(files as Record<string, string>)).test).toMatchObject({
      command: [
        'dotnet',
        'test',
        '--logger',
        'junit;LogFileName={assembly}.{framework}.xml',
        '--results-directory',
        'reports',
      ],
      report: { format: 'junit', path: 'reports/**/*.xml' },
    });
  });

  test('dotnet: without the logger, or too deep to be looked for, there is no report', async () => {
    for (const path of ['Other.csproj', 'a/b/c/Deep.csproj', 'node_modules/x/X.csproj']) {
      const found = await proposal({ 'Shop.sln': '', [path]: path === 'Other.csproj' ? '' : logger });
      expect(found.test).toMatchObject({ command: ['dotnet', 'test'], report: null });
      expect(found.why).toContain('JunitXml.TestLogger');
    }
  });

  test('a script that would end the comment that quotes it does not', async () => {
    const script = 'jest\n"command": ["true"],\u2028//';
    expect((await proposal(npm(script))).test).toMatchObject({ command: ['npm', 'test'] });
  });

  test('a report that git would see is to be ignored; one that is ignored is not mentioned', async () => {
    expect((await proposal({ 'pytest.ini': '' })).why).toContain('Add /reports to .gitignore');
    for (const line of ['reports', '/reports/', 'reports/ ', '*.xml'])
      expect((await proposal({ 'pytest.ini': '', '.gitignore': `node_modules\n${line}\n` })).why).not.toContain(
        '.gitignore',
      );
    expect((await proposal({ 'go.mod': '', '.gitignore': '*.xml\n' })).why).toContain('Add /reports to .gitignore');
  });
});

describe('the proposed npm command, run for real', () => {
  const modules = join(import.meta.dirname, '..', '..', '..', 'node_modules');
  const PATH = [join(modules, '.bin'), process.env.PATH].join(delimiter);

  test.each([
    ['vitest', 'vitest', { 'a.test.js': `import { test } from 'vitest';\ntest('counts', () => {});\n` }],
    [
      'vitest after a check',
      'node -e 0 && npx vitest run',
      { 'a.test.js': `import { test } from 'vitest';\ntest('counts', () => {});\n` },
    ],
    ['mocha', 'mocha a.test.cjs', { 'a.test.cjs': `describe('suite', () => { it('counts', () => {}); });\n` }],
    ['node --test', 'TZ=UTC node --test', { 'a.test.cjs': `require('node:test').test('counts', () => {});\n` }],
  ] as const)('%s leaves the report that the configuration names', async (_, script, files) => {
    const root = makeProject({ ...npm(script), ...files });
    symlinkSync(modules, join(root, 'node_modules'));
    const parsed = parseConfig((await detectProject(root)).text, 'interlock.json');
    const found = parsed.ok ? parsed.config.test : null;
    expect(found?.report).not.toBeNull();
    const [program, ...args] = Array.isArray(found?.command) ? found.command : [];
    execFileSync(program ?? '', args, { cwd: root, env: { ...process.env, PATH, NODE_OPTIONS: '' }, stdio: 'pipe' });
    expect(readFileSync(join(root, found?.report?.path ?? ''), 'utf8')).toMatch(/<testcase [^>]*counts/);
  });
});

describe('interlock init', () => {
  test('writes the file and says what it found and what is left to do', async () => {
    const root = makeProject({ 'go.mod': '' });
    const outcome = await initConfig(root, { base: 'trunk', remote: '' });
    expect(outcome).toMatchObject({ ok: true, kind: 'go', file: join(root, 'interlock.json') });
    expect(outcome.ok && outcome.why.at(-1)).toContain('Commit interlock.json to trunk');
    const parsed = parseConfig(readFileSync(join(root, 'interlock.json'), 'utf8'), 'f');
    expect(parsed).toMatchObject({
      ok: true,
      config: { base: 'trunk', remote: '', test: { command: expect.stringContaining('go test -json') } },
    });
  });

  test('an existing file is left as it is, also by two calls at once', async () => {
    const root = makeProject({ 'interlock.json': 'mine' });
    expect(await initConfig(root)).toMatchObject({ ok: false, code: 'exists' });
    expect(readFileSync(join(root, 'interlock.json'), 'utf8')).toBe('mine');
    const empty = makeProject({});
    const outcomes = await Promise.all([initConfig(empty), initConfig(empty)]);
    expect(outcomes.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });

  test('a folder that cannot be written is an error', async () => {
    const root = join(makeProject({}), 'gone');
    expect(await initConfig(root)).toMatchObject({ ok: false, code: 'not-writable', remedy: expect.any(String) });
    expect(existsSync(root)).toBe(false);
  });
});
