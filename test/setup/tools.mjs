import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './chromium.mjs';
import { quietly, step } from './step.mjs';

/**
 * What the integration tests run for real, and the Debian packages that hold it: test runners of other languages, an ssh server,
 * login shells.
 */
const TOOLS = [
  { program: 'pytest', package: 'python3-pytest' },
  { program: 'go', package: 'golang-go' },
  { program: 'sshd', package: 'openssh-server' },
  ...['zsh', 'fish', 'tcsh'].map((shell) => ({ program: shell, package: shell })),
];

/** Servers are there, and not on the PATH of everybody. */
const SYSTEM_FOLDERS = ['/usr/sbin'];

/** The tools that are neither on the PATH nor in the system's folders. */
export function missingTools(systemFolders = SYSTEM_FOLDERS) {
  const isThere = (program) =>
    findProgram(program) !== undefined || systemFolders.some((folder) => existsSync(join(folder, program)));
  return TOOLS.filter(({ program }) => !isThere(program));
}

/**
 * Installs what is missing where this process may do so: as root with apt-get. Elsewhere it says what is missing; the tests that
 * need it fail then, the others run.
 */
export async function ensureTools(systemFolders = SYSTEM_FOLDERS) {
  const packages = missingTools(systemFolders).map((tool) => tool.package);
  if (packages.length === 0) return;
  const remedy = `Install them (Debian, Ubuntu: \`sudo apt-get install --no-install-recommends ${packages.join(' ')}\`).`;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) {
    console.log(`- Programs that tests run are missing, and these tests will fail. ${remedy}`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing ${packages.join(' and ')} with apt-get`, async () => {
    await quietly('apt-get', ['update', '-qq'], { env, remedy });
    await quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env, remedy });
  });
}
