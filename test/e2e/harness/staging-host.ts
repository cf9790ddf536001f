import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { userInfo } from 'node:os';
import { makeKey, type KeyFiles } from '../../integration/ssh/sshd/keys';
import { Sshd } from '../../integration/ssh/sshd/sshd';
import { root } from '../../setup/step.mjs';

/** Waits for a file, so that a test can look at a run that goes on; never longer than a minute. */
const CHECK = `#!/bin/sh
echo 'looking at the host'
n=0
while [ ! -e go ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done
echo 'going on'
exec sh staging_check.sh
`;

/**
 * A real sshd on the loopback as a person has it in their ssh configuration, under the name "staging": its key not known yet,
 * the only way in an encrypted key. It may come back on another port, as another process, with the same host key.
 */
export class StagingHost {
  static readonly passphrase = 'correct horse battery';
  readonly folder: string;
  /** The folder that the suite runs in. */
  readonly app: string;
  readonly #hostKey: KeyFiles;
  readonly #userKey: KeyFiles;
  #server: Sshd | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.app = join(folder, 'app');
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, 'test', 'demo', 'sample', 'staging'), this.app, { recursive: true });
    writeFileSync(join(this.app, 'wait_and_check.sh'), CHECK);
    this.#hostKey = makeKey(join(folder, 'host'));
    this.#userKey = makeKey(join(folder, 'user'), 'ed25519', StagingHost.passphrase);
  }

  static async start(folder: string): Promise<StagingHost> {
    const host = new StagingHost(folder);
    host.#wrapSsh();
    await host.restart();
    return host;
  }

  /** As `ssh-keygen -l` prints it. */
  get fingerprint(): string {
    const line = execFileSync('ssh-keygen', ['-l', '-f', `${this.#hostKey.path}.pub`], { encoding: 'utf8' });
    return line.split(' ')[1] ?? '';
  }

  /**
   * For whoever starts the runner host: an ssh that has this configuration, and no agent. VSCODE_CLI keeps VS Code's server from
   * asking a login shell for another PATH.
   */
  get env(): Record<string, string> {
    return {
      VSCODE_CLI: '1',
      PATH: `${join(this.folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      SSH_AUTH_SOCK: '',
    };
  }

  /** "staging" of interlock.json. */
  get config(): object {
    return {
      host: 'staging',
      command: ['sh', 'wait_and_check.sh'],
      cwd: this.app,
      timeout: '2m',
      report: { format: 'junit', path: 'staging.xml' },
    };
  }

  /** Lets suites go on, or makes those that follow wait. */
  go(on: boolean): void {
    if (on) writeFileSync(join(this.app, 'go'), '');
    else rmSync(join(this.app, 'go'), { force: true });
  }

  /** Makes the check of the prices red, or green again. */
  spoilPrices(on: boolean): void {
    const path = join(this.app, 'prices.txt');
    const good = readFileSync(path, 'utf8').replace('lamp 3\n', '');
    writeFileSync(path, on ? `${good}lamp 3\n` : good);
  }

  async restart(): Promise<void> {
    await this.stop();
    const folder = join(this.folder, 'sshd');
    mkdirSync(folder, { recursive: true });
    this.#server = await Sshd.start({
      folder,
      hostKeys: [this.#hostKey.path],
      authorizedKeys: [this.#userKey.line],
    });
    this.#configure(this.#server.port);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  #configure(port: number): void {
    const lines = [
      'Host staging',
      'HostName 127.0.0.1',
      `Port ${port}`,
      `User ${userInfo().username}`,
      'HostKeyAlias staging',
      `IdentityFile ${this.#userKey.path}`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
      `UserKnownHostsFile ${join(this.folder, 'known_hosts')}`,
      'GlobalKnownHostsFile none',
    ];
    writeFileSync(join(this.folder, 'ssh_config'), `${lines.join('\n')}\n`);
  }

  /** ssh reads the account's own configuration, whatever HOME says: only an option changes that. */
  #wrapSsh(): void {
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    const ssh = join(bin, 'ssh');
    const real = ['/usr/bin/ssh', '/usr/local/bin/ssh'].find((path) => existsSync(path));
    writeFileSync(ssh, `#!/bin/sh\nexec ${real} -F '${join(this.folder, 'ssh_config')}' "$@"\n`);
    chmodSync(ssh, 0o755);
  }
}
