import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';
import { root } from '../../setup/step.mjs';

/** Keeps what the window of each failed test of this file showed, in .tmp/failed. */
export function keepFailedScreens(page: () => Page): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    await page().screenshot({ path: join(root, '.tmp', 'failed', `${task.name.replace(/\W+/g, '-')}.png`) });
  });
}
