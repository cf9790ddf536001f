import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureVsCode } from '../vscode/install.mjs';
import { ensureBuild } from './build.mjs';
import { checkPackage, committedList } from './check-package.mjs';
import { ensureChromium } from './chromium.mjs';
import { packageExtension, vsix } from './package-extension.mjs';
import { root, SetupError } from './step.mjs';
import { ensureTools } from './tools.mjs';

const program = (...path) => join(root, 'node_modules', ...path);
const PRETTIER = program('prettier', 'bin', 'prettier.cjs');
const ESLINT = program('eslint', 'bin', 'eslint.js');
const TSC = program('typescript', 'bin', 'tsc');
const VITEST = program('vitest', 'vitest.mjs');

/** Rounds of the crash suites when they are asked for by name; as a part of `npm test` they run a few. */
const LONG_CRASH = { INTERLOCK_CRASH: 'long' };

/** Each step resolves with its counts of passed, failed and skipped tests; a check counts as one test. */
export const STEPS = {
  format: () => check(PRETTIER, '--check', '--log-level', 'warn', '--cache', '--cache-location', '.tmp/prettier', '.'),
  lint: () => check(ESLINT, '.'),
  types: () => check(TSC, '-b'),
  build: async () => {
    console.log(await ensureBuild());
    return ONE_PASSED;
  },
  unit: (context) => vitest(['unit'], context),
  integration: async (context) => {
    await ensureTools();
    await ensureBuild();
    return vitest(['integration', 'crash'], context);
  },
  crash: async (context) => {
    await ensureBuild();
    return vitest(['crash'], context, LONG_CRASH);
  },
  package: async ({ accept }) => {
    await ensureBuild();
    await packageExtension();
    checkPackage(vsix, { listFile: committedList, accept });
    return ONE_PASSED;
  },
  'extension-host': async (context) => {
    await ensureRealVsCode();
    const result = resultFile('extension-host');
    const hooks = join(root, 'test', 'setup', 'typescript-hooks.mjs');
    const suite = join(root, 'test', 'e2e', 'run-extension-host.ts');
    const code = await run(['--import', hooks, suite, result, ...context.filters]);
    return readCounts(result, code, ({ passed, failed, skipped }) => ({ passed, failed, skipped }));
  },
  browser: async (context) => {
    await ensureRealVsCode();
    return vitest(['browser'], context);
  },
};

export const CHECKS = ['format', 'lint', 'types'];

export const DEFAULT_STEPS = Object.keys(STEPS).filter((name) => name !== 'crash');

const ONE_PASSED = { passed: 1, failed: 0, skipped: 0 };

async function ensureRealVsCode() {
  await ensureChromium();
  await ensureVsCode();
  await ensureBuild();
  await packageExtension();
}

/** Runs a program of the packages with its output on this terminal. @returns its exit code */
async function run(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}

async function check(...args) {
  const code = await run(args);
  return code === 0 ? ONE_PASSED : { passed: 0, failed: 1, skipped: 0 };
}

async function vitest(projects, { filters }, env) {
  const result = resultFile(projects.join('-'));
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${result}`];
  const code = await run(
    [VITEST, 'run', ...projects.flatMap((name) => ['--project', name]), ...reporters, ...filters],
    env,
  );
  return readCounts(result, code, (report) => ({
    passed: report.numPassedTests,
    // A file that could not be loaded has no tests that could fail.
    failed:
      report.numFailedTests +
      report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
    skipped: report.numPendingTests + report.numTodoTests,
  }));
}

function resultFile(name) {
  const file = join(root, '.tmp', 'results', `${name}.json`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}

/** The counts of a result file. A run that failed without a failed test still counts as a failure. */
function readCounts(file, code, countsOf) {
  if (!existsSync(file))
    throw new SetupError(`The suite ended with ${code} and left no result.`, 'Look at the lines above.');
  const counts = countsOf(JSON.parse(readFileSync(file, 'utf8')));
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}
