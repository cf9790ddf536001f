/** What happened and what to do, for people. The words are those of the classes, and a few of the staging-runner's own. */
const TEXTS: Record<string, string> = {
  'host-busy': 'another run has the staging host; this one is tried again when it is over',
  'host-lock-lost': 'the staging host was not kept for this run alone to its end',
  'served-commit': 'the host does not serve the commit of the item; deploy it there and release the item',
  'served-commit-failed': 'the command that tells the served commit failed; correct staging.servedCommit',
  'report-path': 'the report can not be looked for on the host; correct the path of the report',
  'environment-name': 'a variable can not be set on the host; correct staging.env',
  'kill-unconfirmed': 'the host did not confirm that the run was ended; look there before it is tried again',
  'output-not-kept': 'the output could not be kept on this machine',
  'workdir-missing': 'the work directory is not there; create it on the host or correct staging.cwd',
  'workdir-unusable': 'the work directory can not be entered by this user',
  'command-not-found': 'the command is not there',
  'not-executable': 'the command can not be executed',
  'tool-missing': 'the host lacks one of setsid, stat, df, dd, mv, sleep, cat, grep, flock',
  'no-process-table': 'the host has no /proc',
  'run-folder': 'the folder for runs can not be made or belongs to another user',
  'disk-full': 'the disk of the host is full',
  'no-supervisor': 'the login runs something else than what is asked: a forced command, or a shell that refuses',
  authentication: 'the login was refused; it is not tried again, so that the address is not banned',
  'host-key-unknown': 'the key of the host is not known; check the staging host and compare its fingerprint',
  'host-key-changed': 'the key of the host has changed: it may be another host',
  'host-key-revoked': 'the key of the host is revoked',
  'host-name': 'the name of the host is not known',
  'key-unusable': 'a private key can not be read; give its passphrase',
  'container-client': 'the container client is not on the host',
  'container-permission': 'this user may not talk to the container engine',
  'container-daemon': 'the container engine does not answer',
  'container-missing': 'there is no such container',
  'container-stopped': 'the container does not run',
  'container-paused': 'the container is paused',
  'container-start': 'the container did not run the command: look at the log',
  'container-lost': 'the command in the container did not come to its end',
  'container-codes-differ': 'the container and its client disagree about the exit code',
  'lost-rebooted': 'the host was started anew during the run',
  'lost-supervisor': 'what supervised the run on the host was ended from outside',
  'lost-never-started': 'the connection was lost before the run began; it will not begin later',
  'run-unknown': 'the host knows nothing of the run; look there before it is tried again',
  'connection-lost': 'the connection was lost and could not be taken up again in time; the host ends the run by itself',
  lease: 'the host was not reached for so long that it has ended the run',
  timeout: 'the time limit was reached',
  killed: 'the run was ended from outside, or by a signal that often comes from there',
  'out-of-memory': 'the host ran out of memory during the run',
  survivors: 'processes of the run could not be ended on the host',
  'survivors-unknown': 'nobody could look whether processes of the run are left',
  'output-limit': 'the suite wrote more than is kept on the host',
  'disk-unknown': 'the disk of the host could not be looked at',
};

/** One sentence; the word itself where there is no better one. */
export function detailOf(cause: string, facts = ''): string {
  const text = TEXTS[cause] ?? cause.replaceAll('-', ' ');
  return facts === '' ? text : `${text} (${facts})`;
}

/** A foreign text as one line without control characters. */
export const oneLine = (text: string, most = 200): string =>
  text
    .replace(/[^\P{C}\t\n]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, most);
