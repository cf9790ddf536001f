import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConflictView, FromPanel, MergeCommandName, MergeFindingView, MergeView } from '../protocol';
import { icon, type IconName } from './icon';
import './merge.css';
import { MERGE_TEXTS } from './merge-texts';

type Send = (message: FromPanel) => void;

const BUTTONS: Readonly<Record<MergeCommandName, readonly [IconName, string]>> = {
  renumber: ['list-ordered', MERGE_TEXTS.renumber],
  'unfreeze-queue': ['unlock', MERGE_TEXTS.unfreeze],
  'verify-commit': ['verified', MERGE_TEXTS.verify],
};

/** Buttons for the head of a merge report. */
export function mergeButtons(merge: MergeView | null): [MergeCommandName, IconName, string][] {
  return (merge?.commands ?? []).map((command) => [command, ...BUTTONS[command]]);
}

/** What the checks found, which files conflict, and how numbers would move. */
export function mergeSection(merge: MergeView | null, send: Send): TemplateResult | typeof nothing {
  if (merge === null) return nothing;
  return html`${findings(merge, send)} ${conflicts(merge)} ${renumber(merge)}`;
}

function findings(merge: MergeView, send: Send): TemplateResult | typeof nothing {
  const { findings: list, moreFindings, findingsNote } = merge;
  if (list.length === 0) return nothing;
  return html`<section aria-labelledby="findings">
    <h2 id="findings">${MERGE_TEXTS.findings} <span class="count">${list.length + moreFindings}</span></h2>
    <p class="note">${findingsNote}</p>
    ${list.map((finding) => findingCard(finding, send))}
    ${moreFindings > 0 ? html`<p class="note">${MERGE_TEXTS.more(moreFindings)}</p>` : nothing}
  </section>`;
}

/** A card like that of a failing test, so that the same keys go from one to the next. */
function findingCard({ word, path, line, why, waive }: MergeFindingView, send: Send): TemplateResult {
  return html`<article class="failure" tabindex="0" aria-label="${word}: ${path}">
    <header class="finding-head">
      <h3>${icon('error')} ${word}</h3>
      <code class="path">${path}</code>
      ${
        waive === null
          ? nothing
          : html`<button
              class="quiet"
              title=${MERGE_TEXTS.waiveTitle}
              @click=${() => send({ type: 'waive', finding: waive })}
            >
              ${icon('shield')}<span>${MERGE_TEXTS.waive}</span><span class="spoken"> ${path}</span>
            </button>`
      }
    </header>
    <p class="message">${why}</p>
    ${line === '' ? nothing : html`<pre class="lost-line">${line}</pre>`}
  </article>`;
}

function conflicts({ conflicts: files, moreConflicts }: MergeView): TemplateResult | typeof nothing {
  if (files.length === 0) return nothing;
  return html`<section aria-labelledby="conflicts">
    <h2 id="conflicts">${MERGE_TEXTS.conflicts} <span class="count">${files.length + moreConflicts}</span></h2>
    ${files.map(conflictCard)}
    ${moreConflicts > 0 ? html`<p class="note">${MERGE_TEXTS.more(moreConflicts)}</p>` : nothing}
  </section>`;
}

function conflictCard({ path, sides, hunks }: ConflictView): TemplateResult {
  return html`<article class="failure" tabindex="0" aria-label=${path}>
    <header class="finding-head">
      <h3><code class="path">${path}</code></h3>
      <span class="note">${sides}</span>
    </header>
    ${hunks.map(
      ({ line, text }) =>
        html`<p class="note">${MERGE_TEXTS.line(line)}</p>
          <pre class="hunk">${text}</pre>`,
    )}
  </article>`;
}

function renumber({ renumber: moves, renumberedLines }: MergeView): TemplateResult | typeof nothing {
  if (moves.length === 0) return nothing;
  return html`<section aria-labelledby="renumber">
    <h2 id="renumber">${MERGE_TEXTS.renumberPlan}</h2>
    <ul class="renumber">
      ${moves.map(
        ({ from, to, note }) =>
          html`<li>
            <code>${from}</code> ${icon('arrow-right')} <code>${to}</code> <span class="note">${note}</span>
          </li>`,
      )}
    </ul>
    ${renumberedLines > 0 ? html`<p class="note">${MERGE_TEXTS.followingLines(renumberedLines)}</p>` : nothing}
  </section>`;
}
