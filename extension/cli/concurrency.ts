import { cliError } from './cli-error';
import { texts } from './texts';

const MOST = 1024;

/**
 * How many runs a runner host started from here may execute at once, from `INTERLOCK_CONCURRENCY`; null without it.
 * @throws CliError `bad-environment` for anything but a whole number from 1
 */
export function concurrencyOf(env: NodeJS.ProcessEnv): number | null {
  const text = env['INTERLOCK_CONCURRENCY'];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST) throw cliError('bad-environment', texts.badConcurrency(text));
  return value;
}
