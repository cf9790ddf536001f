import type { Page } from 'playwright-core';

const dialog = (page: Page) => page.locator('.monaco-dialog-box');
const toasts = (page: Page) => page.locator('.notifications-toasts .notification-list-item');

/** Waits for a modal dialog and gives its message with its detail. */
export async function readModal(page: Page): Promise<string> {
  await dialog(page).waitFor();
  return dialog(page).locator('.dialog-message-container').innerText();
}

export async function answerModal(page: Page, button: string): Promise<void> {
  await dialog(page).getByRole('button', { name: button, exact: true }).click();
  await dialog(page).waitFor({ state: 'hidden' });
}

/** Waits for a notification that holds the text and gives its whole message. */
export async function readNotification(page: Page, text: string | RegExp): Promise<string> {
  const toast = toasts(page).filter({ hasText: text }).first();
  await toast.waitFor();
  return toast.locator('.notification-list-item-message').innerText();
}

export async function answerNotification(page: Page, text: string | RegExp, button: string): Promise<void> {
  const toast = toasts(page).filter({ hasText: text }).first();
  await toast.hover();
  await toast.getByRole('button', { name: button, exact: true }).click();
}

/** The messages of all notifications that are on the screen now. */
export async function visibleNotifications(page: Page): Promise<string[]> {
  return toasts(page).locator('.notification-list-item-message').allInnerTexts();
}
