import { parseConfig } from '../config/parse-config';
import type { ConfigReading } from '../config/project-config';

/**
 * How interlock.json stands. `uncommitted`: the file in the folder is good, the base branch does not have it yet; only what is
 * committed there decides.
 */
export type ConfigStanding = 'ok' | 'missing' | 'uncommitted' | 'broken';

/**
 * @param reading what the base branch says; undefined when it could not be asked
 * @param onDisk the text in the main worktree, undefined if there is none
 */
export function configStanding(reading: ConfigReading | undefined, onDisk: string | undefined): ConfigStanding {
  if (!reading) return 'broken';
  if (reading.ok) return 'ok';
  if (onDisk !== undefined) return parseConfig(onDisk, 'interlock.json').ok ? 'uncommitted' : 'broken';
  return reading.problems.every((problem) => problem.key === '') ? 'missing' : 'broken';
}
