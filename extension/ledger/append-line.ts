import { diskFull, fromSystemError, ioFailure } from './failures';
import type { LedgerFiles } from './files';
import type { Segment } from './segment';
import { segmentName } from './segment-files';

/**
 * Appends a line with one write(2).
 * @throws LedgerError `disk-full`: the line is surely not in the journal, unless the text says that this is not known yet.
 * Any other code: what is in the file has to be looked up.
 */
export function appendLine(files: LedgerFiles, segment: Segment, line: Uint8Array): void {
  const name = segmentName(segment.number);
  let written: number;
  try {
    written = files.write(segment.fd, line);
  } catch (error) {
    throw fromSystemError(error, `appending to ${name}`);
  }
  if (written === line.length) return;
  const taken = `${name}: ${written} of ${line.length} bytes were taken`;
  try {
    // Ends the torn line now. One that lacks nothing but its newline is decided by this, not by whoever writes next.
    files.write(segment.fd, Buffer.from('\n'));
  } catch (error) {
    const cause = fromSystemError(error, taken);
    if (cause.code !== 'disk-full' || written < line.length - 1) throw cause;
    throw diskFull(`${taken}; whether the change is kept is decided by the next write`, error);
  }
  throw ioFailure(taken);
}
