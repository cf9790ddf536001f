import type { Frame, Page } from 'playwright-core';

/** The webview panels whose document is loaded: VS Code nests each of them in two frames, the inner one is the extension's. */
function contentFrames(page: Page): Frame[] {
  return page
    .frames()
    .filter(
      (frame) =>
        /[?&]id=/.test(frame.parentFrame()?.url() ?? '') && frame.parentFrame()?.parentFrame() === page.mainFrame(),
    );
}

/**
 * The document of the webview panel that is on the screen and holds an element for `selector`.
 * It is looked up anew until it is there, because VS Code replaces the frame whenever the panel's HTML is set.
 * @throws Error after `timeout` ms
 */
export async function panelFrame(page: Page, selector: string, timeout = 15_000): Promise<Frame> {
  const deadline = Date.now() + timeout;
  while (Date.now() < deadline) {
    for (const frame of contentFrames(page)) {
      const found = await frame
        .locator(selector)
        .first()
        .isVisible()
        .catch(() => false);
      if (found) return frame;
    }
    await page.waitForTimeout(50);
  }
  const urls = page
    .frames()
    .map((frame) => frame.url())
    .join('\n');
  throw new Error(`No webview on the screen shows ${selector}. Frames:\n${urls}`);
}
