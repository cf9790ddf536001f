import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { WaiverView } from '../protocol';
import { icon } from './icon';
import { TEXTS } from './texts';

const ICONS = { applied: 'shield', expired: 'error', unused: 'dash', ignored: 'question' } as const;

/** Checks that may fail: which of them did, why they may, and until when. */
export function waiversSection(waivers: readonly WaiverView[]): TemplateResult | typeof nothing {
  if (waivers.length === 0) return nothing;
  return html`<section aria-labelledby="waivers">
    <h2 id="waivers">${TEXTS.waivers}</h2>
    <table class="waivers" aria-labelledby="waivers">
      <thead>
        <tr>
          <th scope="col">${TEXTS.waiverCheck}</th>
          <th scope="col">${TEXTS.waiverUse}</th>
          <th scope="col">${TEXTS.waiverReason}</th>
          <th scope="col">${TEXTS.waiverReference}</th>
          <th scope="col">${TEXTS.waiverUntil}</th>
        </tr>
      </thead>
      <tbody>
        ${waivers.map(row)}
      </tbody>
    </table>
  </section>`;
}

function row({ check, use, word, reason, reference, until }: WaiverView): TemplateResult {
  return html`<tr class="waiver-${use}">
    <td>${check}</td>
    <td>${icon(ICONS[use])} <span class="waiver-word">${word}</span></td>
    <td>${reason}</td>
    <td>${reference}</td>
    <td>${until}</td>
  </tr>`;
}
