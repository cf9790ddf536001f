import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FailureView, FromPanel, ReportView, TextPiece } from '../protocol';
import { icon } from './icon';
import { TEXTS } from './texts';

type Send = (message: FromPanel) => void;

/** Details of the first ones are unfolded: with three failures nobody wants to click, with two hundred nobody wants to scroll. */
const UNFOLDED = 5;

/** Failures that hold the words of the filter, in their name or their message. */
export function matching(failures: readonly FailureView[], filter: string): FailureView[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return failures.filter((failure) => {
    const text = `${failure.suite} ${failure.name} ${failure.message}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function failuresSection(
  report: ReportView,
  filter: string,
  send: Send,
  onFilter: (text: string) => void,
): TemplateResult {
  const { failures, moreFailures, outside } = report;
  if (failures.length === 0)
    return outside === null ? html`` : html`<p class="outside">${icon('error')} ${outside}</p>`;
  const shown = matching(failures, filter);
  return html`<section aria-labelledby="failures">
    <div class="section-head">
      <h2 id="failures">${TEXTS.failures} <span class="count">${failures.length + moreFailures}</span></h2>
      ${failures.length > UNFOLDED ? filterBox(filter, onFilter) : nothing}
    </div>
    ${shown.map((failure, index) => failureCard(failure, index < UNFOLDED, send))}
    ${shown.length === 0 ? html`<p class="note">${TEXTS.noMatch}</p>` : nothing}
    ${moreFailures > 0 ? html`<p class="note">${TEXTS.moreFailures(moreFailures)}</p>` : nothing}
  </section>`;
}

function filterBox(filter: string, onFilter: (text: string) => void): TemplateResult {
  return html`<input
    type="search"
    class="filter"
    placeholder=${TEXTS.filter}
    aria-label=${TEXTS.filterHint}
    .value=${filter}
    @input=${(event: Event) => {
      if (event.target instanceof HTMLInputElement) onFilter(event.target.value);
    }}
  />`;
}

function failureCard(failure: FailureView, unfolded: boolean, send: Send): TemplateResult {
  const { suite, name, outcome, duration, message, details, file } = failure;
  return html`<article class="failure" tabindex="0" aria-label="${outcome}: ${name}">
    <header>
      <span class="tone-fail">${icon(outcome === 'failed' ? 'error' : 'warning')}</span>
      <span class="outcome">${outcome}</span>
      <h3>${suite === '' ? nothing : html`<span class="suite">${suite}</span> `}${name}</h3>
      ${duration === null ? nothing : html`<span class="note">${duration}</span>`}
      ${file === null ? nothing : placeButton(failure, send)}
      <button class="quiet" title=${TEXTS.copyTitle} @click=${() => send({ type: 'copy', text: asText(failure) })}>
        ${icon('copy')}<span>${TEXTS.copy}</span>
      </button>
    </header>
    ${message === '' ? nothing : html`<pre class="message">${message}</pre>`} ${comparison(failure)}
    ${
      details.length === 0
        ? nothing
        : html`<details ?open=${unfolded}>
            <summary>${TEXTS.details}</summary>
            <pre>${details.map((piece) => textPiece(piece, send))}</pre>
          </details>`
    }
  </article>`;
}

function placeButton({ file, line }: FailureView, send: Send): TemplateResult {
  const place = line === null ? file : `${file}:${line}`;
  return html`<button
    class="link place"
    .textContent=${place}
    @click=${() => {
      if (file !== null) send({ type: 'open-file', file, line });
    }}
  ></button>`;
}

function comparison({ expected, actual }: FailureView): TemplateResult | typeof nothing {
  if (expected === null || actual === null) return nothing;
  return html`<dl class="comparison">
    <dt>${TEXTS.expected}</dt>
    <dd class="expected">${expected}</dd>
    <dt>${TEXTS.actual}</dt>
    <dd class="actual">${actual}</dd>
  </dl>`;
}

function textPiece({ text, file, line }: TextPiece, send: Send): TemplateResult | string {
  if (file === undefined) return text;
  // The text is set as a property: white space of a template would show inside the trace.
  return html`<button
    class="link"
    .textContent=${text}
    @click=${() => send({ type: 'open-file', file, line: line ?? null })}
  ></button>`;
}

function asText({ suite, name, outcome, message, details, file, line }: FailureView): string {
  const place = file === null ? '' : `\n${file}${line === null ? '' : `:${line}`}`;
  const title = `${outcome}: ${[suite, name].filter(Boolean).join(' > ')}`;
  return `${title}${place}\n\n${message}\n\n${details.map((piece) => piece.text).join('')}`.trim().slice(0, 100_000);
}
