import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';

const GIT_TIMEOUT_MS = 5_000;

/** `person:<name>`: the name that git would put on a commit in this folder, else the name of the system's user. */
export async function personActor(folder: string): Promise<string> {
  const name = (await gitUserName(folder)).trim();
  return `person:${name || systemUser()}`;
}

/** Empty where git has no name or cannot be asked: the system's user is as good. */
function gitUserName(folder: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('git', ['config', 'user.name'], { cwd: folder, timeout: GIT_TIMEOUT_MS }, (error, stdout) => {
      resolve(error ? '' : stdout);
    });
  });
}

function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no entry in the system's list.
    return 'unknown';
  }
}
