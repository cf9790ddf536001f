import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { AttemptView, CheckView, FactView, FromPanel, ReportView } from '../protocol';
import { icon, toneIcon } from './icon';
import { TEXTS } from './texts';

type Send = (message: FromPanel) => void;

export function stripSection({ strip }: ReportView): TemplateResult {
  return html`<section class="strip tone-${strip.tone}">
    <div class="verdict">
      <span class="big">${toneIcon(strip.tone)}</span>
      <strong>${strip.word}</strong>
    </div>
    <div class="words">
      <p class="sentence">${strip.sentence}</p>
      ${strip.remedy === '' ? nothing : html`<p class="note">${strip.remedy}</p>`}
    </div>
    <p class="decided decided-${strip.decidedBy}">
      ${icon(strip.decidedBy === 'agent' ? 'hubot' : strip.decidedBy === 'exit-code' ? 'terminal' : 'circle-slash')}
      ${strip.decided}
    </p>
  </section>`;
}

export function bannerSection(banner: string | null): TemplateResult | typeof nothing {
  return banner === null ? nothing : html`<p class="banner">${icon('unlock')} <span>${banner}</span></p>`;
}

export function warningsSection(warnings: readonly string[]): TemplateResult | typeof nothing {
  if (warnings.length === 0) return nothing;
  return html`<ul class="warnings">
    ${warnings.map((line) => html`<li>${icon('warning')} <span>${line}</span></li>`)}
  </ul>`;
}

export function factsSection(facts: readonly FactView[]): TemplateResult {
  return html`<section aria-label=${TEXTS.facts}>
    <dl class="facts">
      ${facts.map(
        ({ label, value, title, wide = false }) =>
          html`<div class=${wide ? 'wide' : ''}>
            <dt>${label}</dt>
            <dd title=${title ?? value}>${value === '' ? TEXTS.none : value}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

export const CHECK_ICONS = {
  agrees: 'pass',
  'agrees-on-red': 'dash',
  disagrees: 'error',
  unknown: 'question',
} as const;

export function checksSection(checks: readonly CheckView[]): TemplateResult | typeof nothing {
  if (checks.length === 0) return nothing;
  return html`<section aria-label=${TEXTS.checks}>
    <ul class="checks">
      ${checks.map(
        ({ label, value, state, note }) =>
          html`<li class="check check-${state}">
            <span class="check-label">${label}</span>
            <span class="check-value">${icon(CHECK_ICONS[state])} ${value}</span>
            <span class="note">${note}<span class="spoken">, ${TEXTS[state]}</span></span>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** Passed, failed and skipped as one bar; its words stand next to it. */
export function countsSection({ counts }: ReportView): TemplateResult | typeof nothing {
  if (counts === null || counts.tests === 0) return nothing;
  const parts = [
    { className: 'bar-failed', count: counts.failed + counts.errored },
    { className: 'bar-passed', count: counts.passed },
    { className: 'bar-skipped', count: counts.skipped },
  ];
  let from = 0;
  const bars = parts.map(({ className, count }) => {
    const at = from;
    from += count;
    return svg`<rect class=${className} x=${at} y="0" width=${count} height="1"></rect>`;
  });
  return html`<section class="counts">
    <svg viewBox="0 0 ${counts.tests} 1" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
    <p>${TEXTS.counts(counts)}</p>
  </section>`;
}

/** One chip a run, the oldest first. A single run needs no history. */
export function attemptsSection(attempts: readonly AttemptView[], send: Send): TemplateResult | typeof nothing {
  if (attempts.length < 2) return nothing;
  return html`<section aria-labelledby="attempts">
    <h2 id="attempts">${TEXTS.attempts}</h2>
    <ol class="attempts">
      ${attempts.map(
        ({ run, tone, word, when, note, shown }) =>
          html`<li>
            <button
              class="chip tone-${tone}"
              aria-current=${shown ? 'true' : 'false'}
              title=${note === '' ? run : note}
              @click=${() => send({ type: 'show-run', run })}
            >
              ${toneIcon(tone)} <span class="chip-word">${word}</span> <span class="note">${when}</span>
            </button>
          </li>`,
      )}
    </ol>
  </section>`;
}

export function skippedSection({ skipped, moreSkipped }: ReportView): TemplateResult | typeof nothing {
  return caseList(TEXTS.skipped, skipped, moreSkipped);
}

/** Tests that passed only when they were run again. */
export function flakySection({ flaky, counts }: ReportView): TemplateResult | typeof nothing {
  const all = counts?.flaky ?? flaky.length;
  return caseList(TEXTS.flaky, flaky, all - flaky.length);
}

function caseList(
  title: string,
  cases: readonly { suite: string; name: string; message?: string }[],
  more: number,
): TemplateResult | typeof nothing {
  if (cases.length === 0) return nothing;
  return html`<section>
    <details class="cases">
      <summary>
        <h2>${title} <span class="count">${cases.length + more}</span></h2>
      </summary>
      <ul>
        ${cases.map(
          ({ suite, name, message = '' }) =>
            html`<li>
              ${suite === '' ? nothing : html`<span class="suite">${suite}</span> `}${name}
              ${message === '' ? nothing : html`<span class="note">${message}</span>`}
            </li>`,
        )}
      </ul>
      ${more > 0 ? html`<p class="note">${TEXTS.moreCases(more)}</p>` : nothing}
    </details>
  </section>`;
}
