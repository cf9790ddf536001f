import type { OutputMap } from '../output/output-map';
import type { RunResult } from '../protocol/runs';
import { isDiskFull } from '../runners/judge-end';
import type { RunOutcome } from '../runners/run-context';
import type { Log } from '../supervisor/send-signal';
import { withoutVerdict } from './no-verdict';
import type { RunDirectory } from './run-directory';

/**
 * Puts a run's cases, output map and, last, its result on disk. On a full disk the result becomes infra `disk-full`, for
 * which space was set aside. Returns what clients are to be told, and whether it is on disk.
 */
export async function persistOutcome(
  directory: RunDirectory,
  { result, cases }: RunOutcome,
  map: OutputMap,
  log: Log,
): Promise<{ result: RunResult; persisted: boolean }> {
  let toWrite = result;
  try {
    if (cases !== null) await directory.writeCases(cases);
    await directory.writeOutputMap(map);
    await directory.writeResult(result);
    return { result, persisted: true };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    log(`${result.run}: the result could not be written: ${message}`);
    if (isDiskFull(code)) toWrite = withoutVerdict(result, 'disk-full', `the result could not be kept: ${message}`);
  }
  try {
    await directory.freeReserve();
    await directory.writeResult(toWrite);
    return { result: toWrite, persisted: true };
  } catch {
    return { result: toWrite, persisted: false };
  }
}
