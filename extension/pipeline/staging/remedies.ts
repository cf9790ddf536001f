/**
 * What helps against each cause that a staging run can end with, by the runner host's words. docs/staging.md has a table of
 * the same words with what they mean.
 */
export const STAGING_REMEDIES: Readonly<Record<string, string>> = {
  // Before anything is tried
  'ssh-config': 'Correct your ssh configuration for this host (ssh -G HOST shows it), then release.',
  'needs-system-client':
    'Your ssh configuration asks for what only the ssh program can do: set "transport": "openssh" on the base branch, then release.',
  'no-system-client': 'Install the OpenSSH client, or set "transport": "ssh2" on the base branch, then release.',
  'demo-host': 'The demo server could not be started on this machine: see the log of the runner host, then release.',
  'key-unusable': 'Give the passphrase of your key (interlock doctor), or offer the key by an agent. Then release.',
  'environment-name': 'Correct staging.env on the base branch, then release.',
  'report-path': 'Correct staging.report.path on the base branch, then release.',
  // The connection
  authentication:
    'Check user, key and agent; interlock doctor asks for a password or passphrase. It is not tried again, so that the host does not ban this address. Then release.',
  'host-key-unknown':
    'Compare the fingerprint with the keeper of the host: interlock doctor asks for your word. Then release.',
  'host-key-changed':
    'It may be another host. If its keeper confirms the new key, remove the old one from known_hosts and from the trust store, then release.',
  'host-key-revoked': 'The key must not be used any more: ask the keeper of the host for another one, then release.',
  'host-key-unanswered': 'The key could not be checked: interlock doctor looks again. Then release.',
  handshake: 'Client and host agree on no algorithms: mend one of them, or try "transport": "openssh". Then release.',
  'host-name': 'Correct staging.host on the base branch, or the name service. Then release.',
  unreachable: 'See that the host is up and its port is open.',
  'lost-before-handshake': 'See whether the host refuses connections at times (MaxStartups, firewall).',
  disconnected: 'See the log of the ssh server on the host.',
  closed: 'See the log of the ssh server on the host.',
  silent: 'See whether the host is overloaded, or its login files wait for something.',
  'exec-refused': 'The host must let this user run commands: see its sshd_config, then release.',
  'channel-open': 'See MaxSessions in the sshd_config of the host.',
  'channel-refused': 'The host must let this user open sessions: see its sshd_config, then release.',
  'no-supervisor':
    'The login runs something else than it is asked to (a forced command, a shell that refuses): give this user an ordinary login. Then release.',
  'no-evidence': 'Nothing says what happened: interlock doctor looks at the host. Then release.',
  'not-understood': 'Nothing says what happened: interlock doctor looks at the host. Then release.',
  'connection-lost': 'See why the network to the host breaks off.',
  'frames-broken': 'Something between here and the host changes the stream: see its login files.',
  // The host
  parameters: 'The runner host and its remote part disagree: interlock host drain, then release.',
  'workdir-missing': 'Make the folder on the host, or correct staging.cwd on the base branch. Then release.',
  'workdir-unusable': 'Let this user enter the folder, or correct staging.cwd on the base branch. Then release.',
  'command-not-found': 'Install the program on the host, or correct staging.command on the base branch. Then release.',
  'not-executable': 'Make the file executable on the host, then release.',
  'tool-missing':
    'Install setsid, stat, df, dd, mv, sleep and flock on the host (util-linux, coreutils). Then release.',
  'no-process-table': 'The host needs /proc, so that what a suite leaves behind is found. Then release.',
  'run-folder': 'Let ~/.interlock on the host belong to this user alone, then release.',
  'preparation-failed': 'See what the host said, mend it, then release.',
  'disk-full': 'Free disk space on the host, then release.',
  'disk-unknown': 'Nothing says whether the disk of the host was full: look there, then release.',
  'host-busy': 'Another run has the host; this one is tried again when that is over.',
  'host-lock-lost': 'Nothing: it is tried again.',
  'served-commit': 'Deploy the commit that the reason names to the host, then release.',
  'served-commit-failed':
    'Correct staging.servedCommit on the base branch, or what it reads on the host. Then release.',
  // The run
  timeout: 'If the suite needs longer, raise staging.timeout on the base branch.',
  lease: 'See why the host could not be reached for so long.',
  'lost-rebooted': 'Nothing: it is tried again. See why the host was started anew.',
  'lost-supervisor': 'See who ends processes on the host (out of memory, a cleaner).',
  'lost-never-started': 'Nothing: it is tried again.',
  'log-incomplete': 'Nothing: it is tried again.',
  'run-unknown': 'Look at the host: a run may still go on there. Then release.',
  killed: 'See who ends processes on the host, then release.',
  'kill-unconfirmed': 'Look at the host: processes of the run may be left. End them, then release.',
  'out-of-memory': "Give the host more memory, or lower the suite's parallelism. Then release.",
  survivors: 'End on the host what the run has left there, then release.',
  'survivors-unknown': 'Look at the host for what the run has left there, then release.',
  'output-limit': 'Make the suite write less to its output, then release.',
  'output-not-kept': "Free disk space on this machine; see the runner host's log.",
  'unexpected-end': 'Nothing says what happened: see the log of the run, then release.',
  // Containers
  'container-client': 'Install the container client on the host, or correct staging.container. Then release.',
  'container-permission': 'Let this user talk to the container engine, then release.',
  'container-daemon': 'Start the container engine on the host.',
  'container-missing': 'Start the container, or correct staging.container.name on the base branch. Then release.',
  'container-stopped': 'Start the container on the host, then release.',
  'container-paused': 'Unpause the container on the host, then release.',
  'container-unknown': 'Look at the container on the host, then release.',
  'container-start': 'The container did not run the command: see the log of the run, then release.',
  'container-lost': 'See why the container ended during the run.',
  'container-codes-differ': 'See the log of the run: the container client and the container disagree. Then release.',
  // The runner host
  cancelled: 'Advance again when you want the suite to run.',
  'host-lost': 'The runner host died while the suite ran; the next attempt starts a new one.',
  'spawn-failed': "See `interlock host status` and the host's log.",
  internal: 'The runner host failed in a way that it did not foresee: see its log, then release.',
  'not-configured': 'Add "staging" to interlock.json on the base branch.',
};

/** A cause that is not known here, of a newer runner host, gets the general remedy. */
export function stagingRemedy(cause: string): string {
  const known = Object.hasOwn(STAGING_REMEDIES, cause) ? STAGING_REMEDIES[cause] : undefined;
  return known ?? 'interlock doctor looks at the host. Then release.';
}
