import type { InfraCause, ReportReading, Supervision } from '../protocol/result';
import type { SupervisorLost } from '../shim/supervise-by-shim';
import type { EndCause } from '../supervisor/first-cause';

export interface InfraFinding {
  cause: InfraCause;
  detail: string;
}

/** Signals that come from outside of a program; those of its own faults (SIGSEGV, SIGABRT) are the suite's doing. */
const FROM_OUTSIDE = new Set<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/** Why the run says nothing about the code, or null if the suite ran. */
export function judgeEnd(
  cause: EndCause | SupervisorLost,
  supervision: Supervision,
  report: ReportReading,
  timeoutMs: number,
): InfraFinding | null {
  if (supervision.survivors.length > 0) {
    const list = supervision.survivors.map(({ pid, command }) => `${pid} ${command}`).join(', ');
    return { cause: 'survivors', detail: `could not be killed: ${list}` };
  }
  switch (cause.kind) {
    case 'timeout':
      return { cause: 'timeout', detail: `still running after ${timeoutMs} ms` };
    case 'cancel':
      return { cause: 'cancelled', detail: cause.reason };
    case 'out-of-memory':
      return { cause: 'out-of-memory', detail: cause.detail };
    case 'output-lost':
      return { cause: isDiskFull(cause.code) ? 'disk-full' : 'spawn-failed', detail: cause.detail };
    case 'spawn-failed':
      return judgeSpawn(cause.code, cause.detail);
    // A command that kills what supervises it must not get a verdict by it.
    case 'supervisor-lost':
      return { cause: cause.started ? 'killed-from-outside' : 'spawn-failed', detail: cause.detail };
    case 'signal':
      return FROM_OUTSIDE.has(cause.signal)
        ? { cause: 'killed-from-outside', detail: `ended by ${cause.signal}, not sent by us` }
        : null;
    case 'exit':
      return judgeShellCode(cause.code, report);
  }
}

/** POSIX sh, 2.8.2: 127 = the command was not found, 126 = found but not executable. A report proves that a suite ran all the same. */
function judgeShellCode(code: number, report: ReportReading): InfraFinding | null {
  if (report.state === 'read' || (code !== 126 && code !== 127)) return null;
  const cause = code === 127 ? 'command-not-found' : 'not-executable';
  const without = report.state === 'not-configured' ? 'no report is configured' : `report ${report.state}`;
  return {
    cause,
    detail: `the command ended with ${code}, which shells give when they can't run a program; ${without}`,
  };
}

function judgeSpawn(code: string, detail: string): InfraFinding {
  if (code === 'ENOENT')
    return { cause: 'command-not-found', detail: `${detail} (the program or its interpreter is missing)` };
  if (code === 'EACCES' || code === 'ENOEXEC' || code === 'EPERM') return { cause: 'not-executable', detail };
  return { cause: isDiskFull(code) ? 'disk-full' : 'spawn-failed', detail };
}

export function isDiskFull(code: string | undefined): boolean {
  return code === 'ENOSPC' || code === 'EDQUOT';
}
