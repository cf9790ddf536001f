import { html, type TemplateResult } from 'lit/html.js';
import type { Tone } from '../protocol';
import type icons from './icons.json';

/** The codicons that the panels use; the build keeps no others of the font. */
export type IconName = keyof typeof icons;

const TONES: Readonly<Record<Tone, IconName>> = {
  pass: 'pass',
  fail: 'error',
  inconclusive: 'question',
  infra: 'warning',
  running: 'loading',
  none: 'circle-slash',
};

/** A codicon; always next to a word, so it is hidden from screen readers. */
export function icon(name: IconName): TemplateResult {
  return html`<span
    class="codicon codicon-${name} ${name === 'loading' ? 'codicon-modifier-spin' : ''}"
    aria-hidden="true"
  ></span>`;
}

export function toneIcon(tone: Tone): TemplateResult {
  return icon(TONES[tone]);
}
