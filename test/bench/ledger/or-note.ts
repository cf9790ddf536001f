import type { Measurements } from './results';

/** Does a part of the measurement; what goes wrong there is noted, and the rest goes on without its figures. */
export async function orNote(into: Measurements, what: string, part: () => Promise<void>): Promise<void> {
  try {
    await part();
  } catch (error) {
    into.notes.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
