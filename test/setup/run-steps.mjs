import { SetupError } from './step.mjs';
import { CHECKS, DEFAULT_STEPS, STEPS } from './steps.mjs';

/**
 * Runs the named steps, or all of them, and prints a table and the sum.
 * A step that breaks off counts as one failure, and so does a suite without a single test.
 * @returns the exit code: 0 only if nothing failed
 */
export async function runSteps(args) {
  // A path has a slash or a dot: everything else is the name of a step, and a misspelt one is an error, not a filter.
  const filters = args.filter((arg) => /[/.]/.test(arg));
  const accept = args.includes('--accept');
  const names = args.filter((arg) => !filters.includes(arg) && arg !== '--accept');
  const unknown = names.filter((name) => STEPS[name] === undefined);
  if (unknown.length > 0) {
    throw new SetupError(`There is no step ${unknown.join(', ')}.`, `Steps: ${Object.keys(STEPS).join(' ')}`);
  }

  const rows = [];
  for (const group of groupsOf(names.length > 0 ? names : DEFAULT_STEPS)) {
    console.log(`\n== ${group.join(', ')}`);
    rows.push(...(await Promise.all(group.map((name) => timed(name, { filters, accept })))));
  }

  console.log(`\n${table(rows)}\n`);
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const failed = sum('failed');
  console.log(`${sum('passed')} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** The checks use one thread each and say nothing unless they fail: those that follow each other run at the same time. */
function groupsOf(names) {
  const groups = [];
  for (const name of names) {
    const last = groups.at(-1);
    if (last && CHECKS.includes(name) && CHECKS.includes(last[0])) last.push(name);
    else groups.push([name]);
  }
  return groups;
}

async function timed(name, context) {
  const started = Date.now();
  const counts = await runStep(STEPS[name], context);
  return { name, ...counts, seconds: (Date.now() - started) / 1000 };
}

async function runStep(step, context) {
  try {
    const counts = await step(context);
    if (counts.passed === 0 && counts.failed === 0)
      throw new SetupError('No test ran.', 'A suite without tests proves nothing.');
    return counts;
  } catch (error) {
    console.error(error.name === 'SetupError' ? error.message : error.stack);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function table(rows) {
  const cells = rows.map(({ name, passed, failed, skipped, seconds }) => [
    name.padEnd(16),
    ...[passed, failed, skipped].map((count) => String(count).padStart(8)),
    `${seconds.toFixed(1)} s`.padStart(10),
  ]);
  const head = [''.padEnd(16), ...['passed', 'failed', 'skipped'].map((word) => word.padStart(8)), 'time'.padStart(10)];
  return [head, ...cells].map((row) => row.join('')).join('\n');
}
