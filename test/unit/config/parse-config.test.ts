import { describe, expect, test } from 'vitest';
import { DEFAULT_PROTECTED, DEFAULT_TEST_FILES } from '../../../extension/config/default-patterns';
import { KEY_FACTS } from '../../../extension/config/key-facts';
import { parseConfig } from '../../../extension/config/parse-config';
import { STAGE_NAMES, type ConfigProblem, type ProjectConfig } from '../../../extension/config/project-config';
import { withStaging } from './with-staging';

function config(text: string): ProjectConfig {
  const parsed = parseConfig(text, 'interlock.json');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

function problems(text: string): ConfigProblem[] {
  const parsed = parseConfig(text, 'interlock.json');
  if (parsed.ok) throw new Error('it was accepted');
  return parsed.problems;
}

/** A whole file with one key of "test" (or of the top) given. */
const STAGES = '"stages": ["testing", "merge", "done"]';
const withTest = (keys: string): string => `{ "test": { "command": ["x"], ${keys} }, ${STAGES} }`;
const only = (keys: string): string => `{ ${keys}, ${STAGES} }`;
const STAGING = '"staging": { "host": "h", "command": ["x"], "cwd": "/srv" }';
const withTop = (keys: string): string =>
  `{ "test": { "command": ["x"] }, ${keys}${keys.includes('"stages"') ? '' : `, ${STAGES}`} }`;

describe('what is accepted', () => {
  test('a project that only tests and merges says so in one line; the rest are the defaults', () => {
    expect(
      config('{ "stages": ["development", "testing", "merge", "done"], "test": { "command": ["npm", "test"] } }'),
    ).toEqual({
      base: 'main',
      remote: 'origin',
      artifacts: 'docs/work-items',
      worktrees: '../${repo}.worktrees',
      stages: ['development', 'testing', 'merge', 'done'],
      budgets: { developerRetries: 3, infraRetries: 3 },
      test: {
        command: ['npm', 'test'],
        cwd: '.',
        timeoutMs: 900_000,
        graceMs: 3_000,
        env: {},
        passEnv: [],
        report: null,
        floor: 'base',
        redOnBase: true,
        biteMatrix: 'off',
        rerunFailed: 0,
        flaky: [],
        protected: DEFAULT_PROTECTED,
        files: DEFAULT_TEST_FILES,
        smoke: [],
        network: { sandbox: [], allowSandboxWrites: false, read: [] },
        prove: null,
      },
      staging: null,
      merge: null,
    });
  });

  test('every key, with comments and trailing commas', () => {
    const text = `// first
      {
        "$schema": "./interlock.schema.json",
        "base": "develop", /* the branch */ "remote": "", "artifacts": "items", "worktrees": "/srv/trees",
        "stages": ["testing", "done",],
        "budgets": { "developerRetries": 0, },
        "test": {
          "command": "make check | tee log", "cwd": "packages/app", "timeout": "2h", "grace": "500ms",
          "env": { "TZ": "UTC", "EMPTY": "" }, "passEnv": ["JAVA_HOME"],
          "report": { "format": "junit", "path": "reports/**/*.xml" }, "floor": 12,
          "redOnBase": false, "biteMatrix": "required", "rerunFailed": 1,
          "flaky": [{ "test": "retries", "suite": "client", "reason": "DEMO-61", "until": "2027-01-31" }],
          "protected": ["package.json#/scripts", "/conftest.py", ".github/**"], "files": [],
          "smoke": [{ "url": "http://127.0.0.1:8080/health", "json": { "/status": "ok" }, "timeout": "1s" }],
          "network": { "sandbox": ["*.sandbox.example.com", "localhost:9"], "allowSandboxWrites": true },
          "prove": { "file": "checks/prove.sh", "text": "exit 1 # interlock prove" },
        },
      }`;
    expect(config(text)).toEqual({
      base: 'develop',
      remote: '',
      artifacts: 'items',
      worktrees: '/srv/trees',
      stages: ['testing', 'done'],
      budgets: { developerRetries: 0, infraRetries: 3 },
      test: {
        command: 'make check | tee log',
        cwd: 'packages/app',
        timeoutMs: 7_200_000,
        graceMs: 500,
        env: { TZ: 'UTC', EMPTY: '' },
        passEnv: ['JAVA_HOME'],
        report: { format: 'junit', path: 'reports/**/*.xml' },
        floor: 12,
        redOnBase: false,
        biteMatrix: 'required',
        rerunFailed: 1,
        flaky: [{ test: 'retries', suite: 'client', reason: 'DEMO-61', until: '2027-01-31' }],
        protected: ['package.json#/scripts', '/conftest.py', '.github/**'],
        files: [],
        smoke: [{ url: 'http://127.0.0.1:8080/health', status: 200, json: { '/status': 'ok' }, timeoutMs: 1000 }],
        network: { sandbox: ['*.sandbox.example.com', 'localhost:9'], allowSandboxWrites: true, read: [] },
        prove: { file: 'checks/prove.sh', text: 'exit 1 # interlock prove' },
      },
      staging: null,
      merge: null,
    });
  });

  test('stages left out are all of them; a project without testing needs no command', () => {
    expect(config(`{ "test": { "command": ["x"] }, ${STAGING} }`).stages).toEqual(STAGE_NAMES);
    expect(config('{ "stages": ["development", "merge", "done"] }').test).toBeNull();
  });

  test('a report of format "none" is no report', () => {
    expect(config(withTest('"report": { "format": "none" }')).test?.report).toBeNull();
  });

  test('base is the branch that the file was read from, where the file leaves it out', () => {
    expect(parseConfig('{ "stages": ["done"] }', 'f', 'trunk')).toMatchObject({ ok: true, config: { base: 'trunk' } });
  });
});

describe('what is refused', () => {
  test('all problems come at once, in the order of the file, each at its line and column', () => {
    const text = [
      '{',
      '  "stagse": [],',
      '  "base": "a b",',
      '  "stages": ["testing", "development", "tetsing"],',
      '  "test": {',
      '    "timeout": "15x",',
      '    "env": { "a-b": "c" }',
      '  }',
      '}',
    ].join('\n');
    expect(problems(text).map(({ line, column, key }) => `${line}:${column} ${key}`)).toEqual([
      '2:3 stagse',
      '3:11 base',
      '4:13 stages',
      '4:25 stages[1]',
      '4:40 stages[2]',
      '5:11 test.command',
      '6:16 test.timeout',
      '7:14 test.env.a-b',
    ]);
    for (const problem of problems(text)) {
      expect(problem.file).toBe('interlock.json');
      expect(problem.message).not.toBe('');
      expect(problem.remedy).not.toBe('');
    }
  });

  test.each([
    ['{ "tets": {} }', 'tets', '"test"'],
    ['{ "Base": "main" }', 'Base', '"base"'],
    [withTest('"timeuot": "3s"'), 'test.timeuot', '"timeout"'],
    [withTop('"budgets": { "retries": 3 }'), 'budgets.retries', '"infraRetries"'],
    [withTest('"report": { "format": "junit", "pth": "x", "path": "x" }'), 'test.report.pth', '"path"'],
    [withTest('"report": { "format": "none", "path": "x" }'), 'test.report.path', '"path"'],
  ])('%s: the unknown key names the nearest known one', (text, key, nearest) => {
    const found = problems(text).find((problem) => problem.key === key);
    expect(found?.message).toContain('unknown');
    expect(found?.message).toContain(nearest);
  });

  test.each(['deploy', 'agents', 'budgets.agentAttempts'])('"%s" of a later version is refused, not ignored', (key) => {
    const [first = '', second] = key.split('.');
    const text =
      second === undefined
        ? withTop(`"${first}": {}`)
        : first === 'test'
          ? withTest(`"${second}": []`)
          : withTop(`"${first}": { "${second}": 2 }`);
    expect(problems(text)).toMatchObject([{ key, message: expect.stringContaining('not supported by this version') }]);
  });

  test.each([
    ['"redOnBase": "auto"', 'test.redOnBase'],
    ['"biteMatrix": "on"', 'test.biteMatrix'],
    ['"rerunFailed": 2', 'test.rerunFailed'],
    ['"flaky": [{ "test": "a", "reason": "b" }]', 'test.flaky[0].until'],
    ['"flaky": [{ "test": "a", "reason": "b", "until": "31.1.2027" }]', 'test.flaky[0].until'],
    ['"flaky": [{ "test": "a", "reason": "", "until": "2027-01-31" }]', 'test.flaky[0].reason'],
    ['"protected": ["../conftest.py"]', 'test.protected[0]'],
    ['"protected": ["package.json#scripts"]', 'test.protected[0]'],
    ['"files": ["tests\\\\unit"]', 'test.files[0]'],
  ])('%s is refused at its place', (keys, key) => {
    expect(problems(withTest(keys))).toMatchObject([{ key }]);
  });

  test('the built-in patterns are ones that the file may hold', () => {
    const lists = { protected: DEFAULT_PROTECTED, files: DEFAULT_TEST_FILES };
    expect(
      config(JSON.stringify({ stages: ['testing', 'done'], test: { command: ['x'], ...lists } })).test,
    ).toMatchObject(lists);
  });

  test('a report format that is not known is refused, and the known ones are named', () => {
    expect(problems(withTest('"report": { "format": "trx", "path": "x" }'))).toMatchObject([
      { key: 'test.report.format', message: expect.stringContaining('"junit", "tap", "ctrf", "go-json" or "none"') },
    ]);
  });

  test.each(['junit', 'tap', 'ctrf', 'go-json'])('the report format "%s" needs a path', (format) => {
    const parsed = parseConfig(withTest(`"report": { "format": "${format}", "path": "r/*" }`), 'f');
    expect(parsed).toMatchObject({ ok: true, config: { test: { report: { format, path: 'r/*' } } } });
    expect(problems(withTest(`"report": { "format": "${format}" }`))).toMatchObject([{ key: 'test.report.path' }]);
  });

  test.each([
    [withTop('"base": ""'), 'base'],
    [withTop('"base": "-x"'), 'base'],
    [withTop('"remote": "../other"'), 'remote'],
    [withTop('"remote": "ext::sh"'), 'remote'],
    [withTop('"artifacts": "../x"'), 'artifacts'],
    [withTop('"artifacts": "/x"'), 'artifacts'],
    [withTop('"artifacts": "."'), 'artifacts'],
    [withTop('"artifacts": "a\\\\b"'), 'artifacts'],
    [withTop('"artifacts": ".git/hooks"'), 'artifacts'],
    [withTop('"worktrees": ""'), 'worktrees'],
    [withTop('"worktrees": "../${project}"'), 'worktrees'],
    [withTop('"budgets": { "developerRetries": -1 }'), 'budgets.developerRetries'],
    [withTop('"budgets": { "infraRetries": 1.5 }'), 'budgets.infraRetries'],
    [withTop('"budgets": 3'), 'budgets'],
    [withTop('"stages": "testing"'), 'stages'],
    [only('"test": []'), 'test'],
    [only('"test": null'), 'test'],
    [only('"test": { "command": [] }'), 'test.command'],
    [only('"test": { "command": " " }'), 'test.command'],
    [only('"test": { "command": ["x", ""] }'), 'test.command[1]'],
    [only('"test": { "command": ["x\\u0000y"] }'), 'test.command[0]'],
    [only('"test": { "command": 5 }'), 'test.command'],
    [withTest('"cwd": "../x"'), 'test.cwd'],
    [withTest('"cwd": "/x"'), 'test.cwd'],
    [withTest('"cwd": "C:/x"'), 'test.cwd'],
    [withTest('"timeout": "0s"'), 'test.timeout'],
    [withTest('"timeout": "-1s"'), 'test.timeout'],
    [withTest('"timeout": "1.5h"'), 'test.timeout'],
    [withTest('"timeout": "15"'), 'test.timeout'],
    [withTest('"timeout": 15'), 'test.timeout'],
    [withTest('"timeout": "25h"'), 'test.timeout'],
    [withTest('"timeout": "99999999999999999999h"'), 'test.timeout'],
    [withTest('"grace": "3 s"'), 'test.grace'],
    [withTest('"env": { "1A": "x" }'), 'test.env.1A'],
    [withTest('"env": { "A=B": "x" }'), 'test.env.A=B'],
    [withTest('"env": { "A": 1 }'), 'test.env.A'],
    [withTest('"passEnv": ["A B"]'), 'test.passEnv[0]'],
    [withTest('"report": {}'), 'test.report.format'],
    [withTest('"report": "junit"'), 'test.report'],
    [withTest('"report": { "format": "junit" }'), 'test.report.path'],
    [withTest('"report": { "format": "junit", "path": "../*.xml" }'), 'test.report.path'],
    [withTest('"report": { "format": "junit", "path": "/tmp/x.xml" }'), 'test.report.path'],
    [withTest('"floor": 0'), 'test.floor'],
    [withTest('"floor": "none"'), 'test.floor'],
    [withTest('"floor": 3'), 'test.floor'],
    [withTest('"floor": 3, "report": { "format": "none" }'), 'test.floor'],
    ['{ "stages": ["testing", "done"] }', 'test'],
    ['{ "stages": [] }', 'stages'],
    ['{ "stages": ["development", "merge"] }', 'stages'],
    ['{ "stages": ["merge", "development", "done"] }', 'stages[1]'],
    ['{ "stages": ["merge", "merge", "done"] }', 'stages[1]'],
    ['{ "stages": ["merge", "done", "done"] }', 'stages[2]'],
  ])('%s: one problem, at %s', (text, key) => {
    expect(problems(text).map((problem) => problem.key)).toEqual([key]);
  });

  test('a key that is there twice is refused, at its second place', () => {
    expect(problems('{ "stages": ["done"],\n"base": "main",\n"base": "other" }')).toMatchObject([
      { key: 'base', line: 3, column: 1 },
    ]);
    expect(problems(withTest('"cwd": "a", "cwd": "b"'))).toMatchObject([{ key: 'test.cwd' }]);
  });

  test('"__proto__" is refused everywhere, and brings nothing along', () => {
    expect(problems('{ "__proto__": { "test": { "command": ["true"] } } }').map(({ key }) => key)).toEqual([
      'test',
      'staging',
      '__proto__',
    ]);
    expect(problems(withTest('"env": { "__proto__": { "A": "B" } }')).map(({ key }) => key)).toEqual([
      'test.env.__proto__',
    ]);
  });

  test.each([
    ['', 1, 1],
    ['{', 1, 2],
    ['{ "base": "main" "remote": "" }', 1, 18],
    ['{\n  "base": main\n}', 2, 11],
    ["{ 'base': 'main' }", 1, 3],
    ['{ "base": "main\n" }', 1, 11],
    ['{} {}', 1, 4],
    ['// only a comment', 1, 18],
  ])('%j is no JSON: the first problem is at %i:%i', (text, line, column) => {
    expect(problems(text)[0]).toMatchObject({ line, column, key: '' });
  });

  test('what is no object, too deep or too long is one problem', () => {
    for (const text of ['[]', '"x"', 'null', '['.repeat(200_000), ' '.repeat(300_000)])
      expect(problems(text)).toMatchObject([{ line: 1, column: 1, key: '' }]);
  });
});

test('every example of a remedy is accepted at its place', () => {
  for (const [key, { example }] of Object.entries(KEY_FACTS)) {
    const [section] = key.split('.');
    const text =
      key === 'test' || key.startsWith('test.command')
        ? only(key === 'test' ? example : `"test": { ${example} }`)
        : key === 'test.report.path'
          ? withTest(`"report": { "format": "junit", ${example} }`)
          : section === 'test'
            ? withTest(example)
            : key === 'staging' || section !== 'staging'
              ? key.startsWith('budgets.') || key.startsWith('merge.')
                ? withTop(`"${section}": { ${example} }`)
                : withTop(example)
              : withStaging(example, key);
    expect(parseConfig(text, key), key).toMatchObject({ ok: true });
  }
});
