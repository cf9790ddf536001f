import { html, type TemplateResult } from 'lit/html.js';
import type { Tone } from '../protocol';

const TONES: Readonly<Record<Tone, string>> = {
  pass: 'pass',
  fail: 'error',
  inconclusive: 'question',
  infra: 'warning',
  running: 'loading codicon-modifier-spin',
  none: 'circle-slash',
};

/** A codicon; always next to a word, so it is hidden from screen readers. */
export function icon(name: string): TemplateResult {
  return html`<span class="codicon codicon-${name}" aria-hidden="true"></span>`;
}

export function toneIcon(tone: Tone): TemplateResult {
  return icon(TONES[tone]);
}
