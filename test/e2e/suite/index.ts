import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';
import { LINE_PREFIX, RESULT_FILE_VARIABLE, type SuiteResult } from './result';

const TEST_TIMEOUT_MS = 60_000;

/** Mocha's own reporters print for a terminal; here the lines pass through VS Code's log. */
class Silent extends Mocha.reporters.Base {
  override epilogue(): void {}
}

function say(text: string): void {
  console.log(`${LINE_PREFIX}${text}`);
}

/**
 * The entry that VS Code calls in its extension host, on a desktop as well as on its server.
 * Runs every bundled test beside this file and leaves the counts in the result file.
 * @throws Error when a test failed or there was none: VS Code turns that into its exit code
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: TEST_TIMEOUT_MS, color: false, reporter: Silent });
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith('.test.js')))
    mocha.addFile(join(__dirname, file));

  const result: SuiteResult = { passed: 0, failed: 0, skipped: 0, failures: [] };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', (test) => {
        result.passed += 1;
        say(`ok ${test.fullTitle()} (${test.duration} ms)`);
      })
      .on('pending', () => (result.skipped += 1))
      .on('fail', (test, error: Error) => {
        result.failed += 1;
        say(`FAILED ${test.fullTitle()}: ${error.message}`);
        result.failures.push({ title: test.fullTitle(), message: error.message, stack: error.stack ?? '' });
      });
  });

  const file = process.env[RESULT_FILE_VARIABLE];
  if (file !== undefined) writeFileSync(file, JSON.stringify(result));
  if (result.failed > 0) throw new Error(`${result.failed} tests failed.`);
  if (result.passed === 0) throw new Error('No test ran.');
}
