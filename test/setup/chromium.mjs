import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { quietly, SetupError, step } from './step.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export function findProgram(name) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Absolute path of a Chromium or Chrome: INTERLOCK_CHROMIUM if set, else the first one found; undefined if there is none. */
export function findChromium() {
  const named = process.env.INTERLOCK_CHROMIUM;
  if (named !== undefined) {
    if (isExecutable(named)) return named;
    throw new SetupError(`INTERLOCK_CHROMIUM names ${named}, which is no program.`, 'Correct it, or unset it.');
  }
  return NAMES.map(findProgram).find((path) => path !== undefined) ?? ELSEWHERE.find(isExecutable);
}

/** Only tests and screenshots need the browser. It is installed where this process may do so: as root with apt-get. */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  const remedy = 'Install it (Debian, Ubuntu: `sudo apt-get install chromium`), or set INTERLOCK_CHROMIUM to its path.';
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) {
    throw new SetupError('The browser tests need Chromium, and there is none on the PATH.', remedy);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await step('Installing Chromium with apt-get', async () => {
    await quietly('apt-get', ['update', '-qq'], { env, remedy });
    await quietly('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env, remedy });
  });
  const installed = findChromium();
  if (installed === undefined)
    throw new SetupError('apt-get ended well, but there is no chromium on the PATH.', remedy);
  return installed;
}
