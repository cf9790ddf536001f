import { type Locator, type Page } from 'playwright-core';

const widget = (page: Page) => page.locator('.quick-input-widget:visible');
const rows = (page: Page) => widget(page).locator('.quick-input-list .monaco-list-row');
const row = (page: Page, label: string): Locator =>
  rows(page).filter({ has: page.locator('.label-name', { hasText: exactly(label) }) });

/** Matches a whole text, whatever characters it holds. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

/**
 * Runs a command as a user does, from the palette. `title` with its category: `Interlock: Advance Stage`.
 * The palette lists what was known when the text was typed, so it is typed anew until the extension has come up.
 * @throws Error when the palette does not offer the command in 20 s
 */
export async function runCommand(page: Page, title: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    await page.keyboard.press('F1');
    await widget(page).locator('input[type="text"]').fill(`>${title}`);
    const found = row(page, title).first();
    const offered = await found.waitFor({ timeout: 1_000 }).then(
      () => true,
      () => false,
    );
    if (offered) return found.click();
    await closeQuickInput(page);
  }
  throw new Error(`The palette does not offer "${title}".`);
}

export async function closeQuickInput(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await widget(page).waitFor({ state: 'hidden' });
}

/** The titles that the palette offers for a text; a command that is not offered is hidden or disabled. */
export async function searchCommands(page: Page, text: string): Promise<string[]> {
  await page.keyboard.press('F1');
  await widget(page).locator('input[type="text"]').fill(`>${text}`);
  await rows(page).first().waitFor();
  const titles = await rows(page).locator('.label-name').allInnerTexts();
  await closeQuickInput(page);
  return titles;
}

export interface Choice {
  label: string;
  description: string;
  detail: string;
}

/**
 * Waits for a QuickPick and reads what it offers. The list draws its rows one after the other, so it waits for as many as the list
 * says that it has; a longer list than the screen holds cannot be read.
 */
export async function readChoices(page: Page): Promise<Choice[]> {
  await rows(page).first().waitFor();
  const size = Number(await rows(page).first().getAttribute('aria-setsize'));
  await rows(page)
    .nth(size - 1)
    .waitFor();
  return rows(page).evaluateAll((elements) =>
    elements.map((element) => {
      const text = (selector: string) => element.querySelector(selector)?.textContent?.trim() ?? '';
      return {
        label: text('.quick-input-list-row .label-name'),
        description: text('.quick-input-list-row .label-description'),
        detail: text('.quick-input-list-label-meta'),
      };
    }),
  );
}

/** Picks the choice with this label in the open QuickPick. */
export async function choose(page: Page, label: string): Promise<void> {
  await row(page, label).first().click();
}

/** Answers the open input box. */
export async function answerInput(page: Page, text: string): Promise<void> {
  await widget(page).locator('input[type="text"]').fill(text);
  await page.keyboard.press('Enter');
}

/** Answers the open input box, which hides what is typed. */
export async function answerSecret(page: Page, text: string): Promise<void> {
  await widget(page).locator('input[type="password"]').fill(text);
  await page.keyboard.press('Enter');
}

/** What an input box says against its present text. */
export async function readInputProblem(page: Page): Promise<string> {
  return widget(page).locator('.quick-input-message').innerText();
}
