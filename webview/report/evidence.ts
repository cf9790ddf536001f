import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { BiteView, EvidenceView } from '../protocol';
import { icon } from './icon';
import { CHECK_ICONS } from './sections';
import { TEXTS } from './texts';

/** Findings, base, flaky tests, names, smoke, writes to the outside: a line each, with what it names below it. */
export function evidenceSection(evidence: readonly EvidenceView[]): TemplateResult | typeof nothing {
  if (evidence.length === 0) return nothing;
  return html`<section aria-labelledby="evidence">
    <h2 id="evidence">${TEXTS.evidence}</h2>
    <ul class="evidence">
      ${evidence.map((entry) => html`<li>${entry.lines.length === 0 ? heading(entry) : folded(entry)}</li>`)}
    </ul>
  </section>`;
}

function folded(entry: EvidenceView): TemplateResult {
  const { lines, more, open } = entry;
  return html`<details ?open=${open}>
    <summary>${heading(entry)}</summary>
    <ul>
      ${lines.map((line) => html`<li>${line}</li>`)}
    </ul>
    ${more > 0 ? html`<p class="note">${TEXTS.moreCases(more)}</p>` : nothing}
  </details>`;
}

const heading = ({ label, value }: EvidenceView): TemplateResult =>
  html`<span class="evidence-label">${label}</span> ${value}`;

/** Whose tests on whose code. */
export function biteSection(bite: BiteView | null): TemplateResult | typeof nothing {
  if (bite === null) return nothing;
  return html`<section aria-labelledby="bite">
    <h2 id="bite">${TEXTS.bite}</h2>
    <p class="note">${bite.note}</p>
    ${bite.cells === null ? nothing : table(bite.cells)}
  </section>`;
}

function table({ baseOnBase, baseOnItem, itemOnBase, itemOnItem }: NonNullable<BiteView['cells']>): TemplateResult {
  return html`<table class="bite" aria-labelledby="bite">
    <thead>
      <tr>
        <td></td>
        <th scope="col">${TEXTS.baseCode}</th>
        <th scope="col">${TEXTS.itemCode}</th>
      </tr>
    </thead>
    <tbody>
      <tr>
        <th scope="row">${TEXTS.baseTests}</th>
        ${cell(baseOnBase)} ${cell(baseOnItem)}
      </tr>
      <tr>
        <th scope="row">${TEXTS.itemTests}</th>
        ${cell(itemOnBase)} ${cell(itemOnItem)}
      </tr>
    </tbody>
  </table>`;
}

function cell({ word, state, note }: NonNullable<BiteView['cells']>['baseOnBase']): TemplateResult {
  return html`<td class="check-${state}">
    ${icon(CHECK_ICONS[state])} <span class="bite-word">${word}</span> <span class="note">${note}</span>
  </td>`;
}
