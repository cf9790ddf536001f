import { findProgram } from './chromium.mjs';
import { quietly, step } from './step.mjs';

/** Test runners of other languages that the integration tests run for real, and the Debian packages that hold them. */
const TOOLS = [
  { program: 'pytest', package: 'python3-pytest' },
  { program: 'go', package: 'golang-go' },
];

/** The tools that are not on the PATH. */
export function missingTools() {
  return TOOLS.filter(({ program }) => findProgram(program) === undefined);
}

/**
 * Installs what is missing where this process may do so: as root with apt-get. Elsewhere it says what is missing; the tests that
 * need it fail then, the others run.
 */
export async function ensureTools() {
  const packages = missingTools().map((tool) => tool.package);
  if (packages.length === 0) return;
  const remedy = `Install them (Debian, Ubuntu: \`sudo apt-get install --no-install-recommends ${packages.join(' ')}\`).`;
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) {
    console.log(`- Test runners are missing, and the tests that run them will fail. ${remedy}`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step(`Installing ${packages.join(' and ')} with apt-get`, async () => {
    await quietly('apt-get', ['update', '-qq'], { env, remedy });
    await quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { env, remedy });
  });
}
