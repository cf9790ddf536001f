import { chromium, type Browser } from 'playwright-core';
import { findChromium } from '../../setup/chromium.mjs';

/** What a browser would do besides: none of it belongs into a test, and a container has no sandbox and no graphics card. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A headless browser of the system's own Chromium. @throws Error when there is none */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium on the PATH: `npm test` installs it, or set INTERLOCK_CHROMIUM.');
  return chromium.launch({ executablePath, args: FLAGS });
}
