/** `j` and `k` go from failure to failure, Enter opens the place of the one that has the focus. */
export function handleKey(event: KeyboardEvent, root: HTMLElement): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
  const cards = [...root.querySelectorAll<HTMLElement>('article.failure')];
  const at = cards.findIndex((card) => card === document.activeElement || card.contains(document.activeElement));
  if (event.key === 'j') focus(cards[Math.min(at + 1, cards.length - 1)]);
  else if (event.key === 'k') focus(cards[Math.max(at - 1, 0)]);
  else if (event.key === 'Enter' && cards[at] === document.activeElement) {
    cards[at]?.querySelector<HTMLElement>('button.place')?.click();
  } else return;
  event.preventDefault();
}

function focus(card: HTMLElement | undefined): void {
  card?.focus();
  card?.scrollIntoView({ block: 'nearest' });
}
