/** A test that must fail, and the file that it is planted as (relative to the repository's root, with `/`). */
export interface PlantedTest {
  /** For people: whose way of writing tests it follows. */
  framework: string;
  path: string;
  text: string;
}

/** By this a report's failing case is known as the planted one; every template and every configured text holds it. */
export const PLANTED_NAME = /interlock[\W_]*prove/i;

interface Framework {
  name: string;
  /** In a command line or script. */
  sign: RegExp;
  /** Test files of the project, beside which the planted one is put: what collects those collects it. */
  neighbours: RegExp;
  /** Where it goes if the project has no such file yet. */
  alone: string;
  /** File name beside a neighbour. */
  nameLike(neighbour: string): string;
  text(neighbourText: string | null): string;
}

const THROWS = "{ throw new Error('planted by interlock prove: this test must fail'); }";
const TITLE = "'interlock prove'";
const call = (test: string): string => `${test}(${TITLE}, () => ${THROWS});\n`;

const SCRIPT_TESTS = /\.(test|spec)\.[cm]?[jt]sx?$/;
const likeScript = (neighbour: string): string =>
  `interlock-prove${/[._-](?:test|spec)\.[cm]?[jt]sx?$/.exec(neighbour)?.[0] ?? neighbour.slice(neighbour.lastIndexOf('.'))}`;

const script = (name: string, sign: RegExp, alone: string, text: string, neighbours = SCRIPT_TESTS): Framework => ({
  name,
  sign,
  neighbours,
  alone,
  nameLike: likeScript,
  text: () => text,
});

/** In the order in which their signs are looked for. */
const FRAMEWORKS: readonly Framework[] = [
  script('vitest', /\bvitest\b/, 'interlock-prove.test.js', `import { test } from 'vitest';\n${call('test')}`),
  script(
    'jest',
    /\bjest\b/,
    'interlock-prove.test.js',
    call('test'),
    /\.(test|spec)\.[cm]?[jt]sx?$|__tests__\/.*\.[jt]sx?$/,
  ),
  script(
    'mocha',
    /\bmocha\b/,
    'test/interlock-prove.js',
    call('it'),
    /(\.|-|_)(test|spec)\.[cm]?[jt]s$|(^|\/)(test|spec)\/.*\.[cm]?[jt]s$/,
  ),
  script(
    'playwright',
    /\bplaywright\b/,
    'tests/interlock-prove.spec.js',
    `import { test } from '@playwright/test';\n${call('test')}`,
  ),
  script(
    'node:test',
    /\bnode\b.*\s--test\b/,
    'test/interlock-prove.test.js',
    // The one form that is right in CommonJS, in modules and in TypeScript.
    `import('node:test').then(({ test }) => ${call('test').trimEnd().slice(0, -1)});\n`,
    /(\.|-|_)test\.[cm]?[jt]s$|(^|\/)test\/.*\.[cm]?[jt]s$/,
  ),
  {
    name: 'pytest',
    sign: /\b(pytest|py\.test)\b/,
    neighbours: /(^|\/)test_[^/]*\.py$|_test\.py$/,
    alone: 'test_interlock_prove.py',
    nameLike: (neighbour) => (neighbour.endsWith('_test.py') ? 'interlock_prove_test.py' : 'test_interlock_prove.py'),
    text: () =>
      "def test_interlock_prove():\n    raise AssertionError('planted by interlock prove: this test must fail')\n",
  },
  {
    name: 'go test',
    sign: /\bgo\s+test\b/,
    neighbours: /_test\.go$/,
    alone: 'interlock_prove_test.go',
    nameLike: () => 'interlock_prove_test.go',
    text: (neighbour) =>
      `package ${/^package\s+(\w+)/m.exec(neighbour ?? '')?.[1] ?? 'main'}\n\nimport "testing"\n\n` +
      'func TestInterlockProve(t *testing.T) { t.Fatal("planted by interlock prove: this test must fail") }\n',
  },
  {
    name: 'cargo test',
    sign: /\bcargo\s+(test|t|nextest)\b/,
    neighbours: /(?!)/,
    alone: 'tests/interlock_prove.rs',
    nameLike: () => 'interlock_prove.rs',
    text: () => '#[test]\nfn interlock_prove() {\n    panic!("planted by interlock prove: this test must fail");\n}\n',
  },
];

export interface ProjectFiles {
  /** Paths of all files of the commit, with `/`. */
  paths: readonly string[];
  /** Text of one of them, or null. */
  read(path: string): Promise<string | null>;
}

export interface TestCommand {
  command: readonly string[] | string;
  cwd: string;
}

/** The failing test that fits the project's test command, or null where its framework is not recognised. */
export async function choosePlantedTest(test: TestCommand, files: ProjectFiles): Promise<PlantedTest | null> {
  const line = typeof test.command === 'string' ? test.command : test.command.join(' ');
  const called = `${line}\n${await scriptBehind(line, test.cwd, files)}`;
  const framework = FRAMEWORKS.find(({ sign }) => sign.test(called));
  if (!framework) return null;
  const folder = test.cwd === '.' ? '' : `${test.cwd}/`;
  const neighbour = nearest(
    files.paths.filter((path) => path.startsWith(folder) && framework.neighbours.test(path)),
    called,
  );
  if (neighbour === undefined)
    return { framework: framework.name, path: folder + framework.alone, text: framework.text(null) };
  const slash = neighbour.lastIndexOf('/') + 1;
  return {
    framework: framework.name,
    path: neighbour.slice(0, slash) + framework.nameLike(neighbour.slice(slash)),
    text: framework.text(await files.read(neighbour)),
  };
}

/** Of several test files the one whose folders the command names most (`--project unit`, `test/unit`), then the highest. */
function nearest(paths: readonly string[], called: string): string | undefined {
  const words = new Set(called.split(/[^\w-]+/));
  const named = (path: string): number => path.split('/').filter((part) => words.has(part)).length;
  const depth = (path: string): number => path.split('/').length;
  return [...paths].sort((a, b) => named(b) - named(a) || depth(a) - depth(b) || (a < b ? -1 : 1))[0];
}

/** What stands behind `npm test`, `yarn run check`, `make test`: the script's or the Makefile's text, or nothing. */
async function scriptBehind(line: string, cwd: string, { read }: ProjectFiles): Promise<string> {
  const folder = cwd === '.' ? '' : `${cwd}/`;
  if (/\bmake\b/.test(line)) return (await read(`${folder}Makefile`)) ?? '';
  const name = /\b(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/.exec(line)?.[1];
  if (name === undefined) return '';
  const scripts = readScripts(await read(`${folder}package.json`));
  const own = scripts[name === 't' ? 'test' : name] ?? '';
  const next = /\b(?:npm|pnpm|yarn|bun)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/.exec(own)?.[1];
  return next === undefined ? own : `${own}\n${scripts[next] ?? ''}`;
}

function readScripts(text: string | null): Record<string, string> {
  try {
    const read = JSON.parse(text ?? '{}') as { scripts?: Record<string, unknown> } | null;
    return Object.fromEntries(
      Object.entries(read?.scripts ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  } catch {
    return {};
  }
}
