import type { HostErrorCode } from '../../runner-host/protocol/errors';

/** What can go wrong between this process and the runner host, besides what the host itself answers (`HostErrorCode`). */
export type HostProblem =
  | 'start-failed'
  | 'unreachable'
  | 'elsewhere'
  | 'newer-host'
  | 'record-unreadable'
  | 'state-unwritable'
  | 'bad-reply'
  | 'no-answer'
  | 'connection-lost'
  | 'closed';

/** `code` is matched on; `detail` holds the facts and `remedy` what a person can do, both for people. */
export class HostError extends Error {
  readonly code: HostProblem | HostErrorCode;
  readonly detail: string;
  readonly remedy: string;

  constructor(code: HostProblem | HostErrorCode, detail: string, remedy: string = REMEDY[code]) {
    super(detail);
    this.name = 'HostError';
    this.code = code;
    this.detail = detail;
    this.remedy = remedy;
  }
}

const SEE_LOG = 'See host.log in the interlock folder of the git directory, then try again.';
const UPDATE = 'Update Interlock (or reload the window) so that this side is as new as the running host.';

const REMEDY: Record<HostProblem | HostErrorCode, string> = {
  'start-failed': SEE_LOG,
  unreachable: `If its process hangs, end it: the next command starts a new host. ${SEE_LOG}`,
  elsewhere:
    'Run the command where that host runs. If that machine or container is gone for good, mark it as stopped as said above.',
  'newer-host': UPDATE,
  'record-unreadable': UPDATE,
  'state-unwritable': "Make the repository's git directory writable and see that its disk has space.",
  'bad-reply': UPDATE,
  'no-answer': `Try again. ${SEE_LOG}`,
  'connection-lost': 'Try again: runs go on, or are settled when the next host starts.',
  closed: 'Open the repository again.',
  invalidParams: UPDATE,
  unauthorized: 'Try again: the host was replaced in the meantime.',
  versionMismatch: UPDATE,
  unknownRun: 'The run was removed or never started: advance the item again.',
  runConflict: 'Advance the item again: it gets a run of its own.',
  draining: 'Try again once the host has ended its runs.',
  notFinished: 'Wait for the run to end, or cancel it.',
  io: "See that the repository's disk has space and its git directory can be written.",
};

/** The runner host started here ended at once. @param said the end of what it wrote */
export function startFailed(command: string, how: string, said: string): HostError {
  return new HostError('start-failed', `the runner host (${command}) ${how}${said === '' ? '' : `: ${said}`}`);
}

/** A host that can't be judged holds the repository. @param marker the file that declares it stopped */
export function elsewhere(owner: string, marker: string): HostError {
  return new HostError(
    'elsewhere',
    `a runner host on ${owner} may still serve this repository; to declare it stopped: touch "${marker}"`,
  );
}
