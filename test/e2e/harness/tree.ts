import type { Locator, Page } from 'playwright-core';
import { exactly } from './quick-input';

export interface TreeRow {
  label: string;
  description: string;
  /** 1 for the top level. */
  level: number;
  /** Null for a row without children. */
  expanded: boolean | null;
  /** What a screen reader says. */
  spoken: string;
}

const CLICK_ATTEMPTS = 10;
const OPENED_MS = 4_000;

/** Opens a container of the activity bar, if it is not open yet. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const heading = page.locator('.part.sidebar .composite.title').filter({ hasText: new RegExp(title, 'i') });
  const button = page.locator(`.part.activitybar .action-label[aria-label^="${title}"]`);
  for (let attempt = 0; attempt < CLICK_ATTEMPTS; attempt++) {
    if (await heading.isVisible()) return;
    await button.click();
    // A window that was reloaded opens it by itself, and the click has closed it again: once more, then.
    const opened = await heading.waitFor({ timeout: OPENED_MS }).then(
      () => true,
      () => false,
    );
    if (opened) return;
  }
  await heading.waitFor();
}

const pane = (page: Page, view: string): Locator =>
  page.locator('.part.sidebar .pane').filter({ has: page.locator(`.pane-header[aria-label^="${view}"]`) });

const rowsOf = (page: Page, view: string, label: string | RegExp): Locator =>
  pane(page, view)
    .locator('.monaco-list-row')
    .filter({ has: page.locator('.label-name', { hasText: typeof label === 'string' ? exactly(label) : label }) });

const rowOf = (page: Page, view: string, label: string | RegExp): Locator => rowsOf(page, view, label).first();

/** The rows of a tree view that are on the screen, from top to bottom. */
export async function readRows(page: Page, view: string): Promise<TreeRow[]> {
  const read = await pane(page, view)
    .locator('.monaco-list-row')
    .evaluateAll((elements) =>
      elements.map((element) => ({
        top: element.getBoundingClientRect().top,
        label: element.querySelector('.label-name')?.textContent?.trim() ?? '',
        description: element.querySelector('.label-description')?.textContent?.trim() ?? '',
        level: Number(element.getAttribute('aria-level')),
        expanded: element.hasAttribute('aria-expanded') ? element.getAttribute('aria-expanded') === 'true' : null,
        spoken: element.getAttribute('aria-label') ?? '',
      })),
    );
  return read.sort((a, b) => a.top - b.top).map(({ top: _, ...row }) => row);
}

/** The welcome text of an empty view, its buttons included. */
export async function readWelcome(page: Page, view: string): Promise<string> {
  return pane(page, view).locator('.welcome-view-content').innerText();
}

/** Waits for a row with this label whose text, description included, matches `description`. */
export async function waitForRow(
  page: Page,
  view: string,
  label: string | RegExp,
  description?: string | RegExp,
): Promise<void> {
  const rows = rowsOf(page, view, label);
  await (description === undefined ? rows : rows.filter({ hasText: description })).first().waitFor();
}

/** The tip of the row that the pointer was left on may lie over others. */
const pointAway = (page: Page): Promise<void> => page.mouse.move(0, 0);

export async function selectRow(page: Page, view: string, label: string | RegExp): Promise<void> {
  await pointAway(page);
  await rowOf(page, view, label).click();
}

/** Opens or closes a row; does nothing if it is so already. */
export async function setExpanded(page: Page, view: string, label: string | RegExp, expanded: boolean): Promise<void> {
  const row = rowOf(page, view, label);
  if ((await row.getAttribute('aria-expanded')) === String(expanded)) return;
  await pointAway(page);
  await row.locator('.monaco-tl-twistie').click();
  await row.and(page.locator(`[aria-expanded="${expanded}"]`)).waitFor();
}

/** Clicks an inline action of a row by its title. */
export async function clickRowAction(page: Page, view: string, label: string | RegExp, action: string): Promise<void> {
  const row = rowOf(page, view, label);
  const button = row.locator(`.actions .action-label[aria-label^="${action}"]`);
  await row.waitFor();
  // Only the row under the pointer has its actions, and rows move while others open: point anew until the action is there.
  for (let attempt = 1; ; attempt += 1) {
    await pointAway(page);
    try {
      await row.hover({ timeout: 5_000 });
      await button.click({ trial: true, timeout: 1_000 });
      // In one go: rows are drawn anew at any time, and a click that waits for a calm moment may land and yet time out.
      const landed = await button.evaluate(
        (element: HTMLElement) => {
          if (!element.isConnected) return false;
          element.click();
          return true;
        },
        undefined,
        { timeout: 1_000 },
      );
      if (landed) return;
    } catch (error) {
      if (attempt === CLICK_ATTEMPTS) throw error;
    }
  }
}

/** Chooses an entry of a row's context menu. A menu has what the row offered when it was opened, so it is opened anew until it has the entry. */
export async function chooseFromMenu(page: Page, view: string, label: string | RegExp, entry: string): Promise<void> {
  const item = page.locator('.context-view .action-item').filter({ hasText: exactly(entry) });
  for (let attempt = 1; ; attempt += 1) {
    await pointAway(page);
    await rowOf(page, view, label).click({ button: 'right' });
    const offered = await item.waitFor({ timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (offered) break;
    if (attempt === CLICK_ATTEMPTS) throw new Error(`The menu of ${label} does not offer "${entry}".`);
    await page.keyboard.press('Escape');
  }
  // A menu ignores the mouse for a moment after it opened: click until it has closed.
  for (let attempt = 1; attempt <= CLICK_ATTEMPTS && (await item.isVisible()); attempt += 1) {
    await item.click({ timeout: 1_000 }).catch(() => undefined);
    await page.waitForTimeout(200);
  }
  await item.waitFor({ state: 'hidden' });
}
