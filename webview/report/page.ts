import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FromPanel, ReportView, RunningView, ToPanel } from '../protocol';
import { biteSection, evidenceSection } from './evidence';
import { failuresSection } from './failures';
import { icon, toneIcon, type IconName } from './icon';
import { mergeButtons, mergeSection } from './merge';
import {
  attemptsSection,
  bannerSection,
  checksSection,
  countsSection,
  factsSection,
  flakySection,
  skippedSection,
  stripSection,
  warningsSection,
} from './sections';
import { TEXTS } from './texts';
import { waiversSection } from './waivers';

type Send = (message: FromPanel) => void;
type Command = (FromPanel & { type: 'command' })['command'];

/** What the page shows: the last message that was no log. */
export type Shown = Exclude<ToPanel, { type: 'log' }>;

export interface PageState {
  shown: Shown | undefined;
  filter: string;
}

/** The whole page but its log, from what it was last told. */
export function page({ shown, filter }: PageState, send: Send, onFilter: (text: string) => void): TemplateResult {
  if (!shown) return html`<p class="note">${TEXTS.loading}</p>`;
  switch (shown.type) {
    case 'notice':
      return html`<h1>${shown.heading}</h1>
        <p>${shown.sentence}</p>`;
    case 'running':
      return runningPage(shown.running, send);
    case 'report':
      return reportPage(shown.report, filter, send, onFilter);
  }
}

/** What a screen reader is told when the page changes: how it stands, not how it looks. */
export function announcement(shown: Shown): string {
  switch (shown.type) {
    case 'notice':
      return `${shown.heading}. ${shown.sentence}`;
    case 'running':
      return `${shown.running.item}: ${shown.running.sentence}`;
    case 'report':
      return `${shown.report.item}: ${shown.report.strip.word}. ${shown.report.strip.sentence}`;
  }
}

function runningPage(running: RunningView, send: Send): TemplateResult {
  return html`${head(running, [['cancel-run', 'debug-stop', TEXTS.cancel]], send)}
    <section class="strip tone-running">
      <div class="verdict">
        <span class="big">${toneIcon('running')}</span>
        <strong>RUNNING</strong>
      </div>
      <div class="words"><p class="sentence">${running.sentence}</p></div>
    </section>
    ${bannerSection(running.banner)} ${factsSection(running.facts)} ${attemptsSection(running.attempts, send)}`;
}

function reportPage(report: ReportView, filter: string, send: Send, onFilter: (text: string) => void): TemplateResult {
  const buttons: [Command, IconName, string][] = [
    ['advance', 'play', TEXTS.advance],
    ['why', 'question', TEXTS.why],
  ];
  if (report.kind === 'test') buttons.push(['test-explorer', 'beaker', TEXTS.testExplorer]);
  // Without a verdict the way to the host is most often what is wrong.
  else if (report.kind === 'staging' && report.strip.decidedBy === 'nobody')
    buttons.push(['check-staging', 'debug-disconnect', TEXTS.checkStaging]);
  buttons.push(...mergeButtons(report.merge));
  if (report.artifact !== null) buttons.push(['open-artifact', 'go-to-file', TEXTS.openArtifact(report.artifact)]);
  if (report.log) buttons.push(['show-log', 'output', TEXTS.showLog]);
  return html`${head(report, buttons, send)} ${stripSection(report)} ${bannerSection(report.banner)}
  ${warningsSection(report.warnings)} ${factsSection(report.facts)} ${checksSection(report.checks)}
  ${mergeSection(report.merge, send)} ${countsSection(report)} ${failuresSection(report, filter, send, onFilter)}
  ${waiversSection(report.waivers)} ${evidenceSection(report.evidence)} ${biteSection(report.bite)}
  ${flakySection(report)} ${skippedSection(report)} ${attemptsSection(report.attempts, send)}`;
}

function head(
  { item, title }: { item: string; title: string },
  buttons: readonly (readonly [Command, IconName, string])[],
  send: Send,
): TemplateResult {
  return html`<header class="head">
    <h1><span class="item">${item}</span> ${title === '' ? nothing : title}</h1>
    <div class="buttons">
      ${buttons.map(
        ([command, symbol, label]) =>
          html`<button class="quiet" @click=${() => send({ type: 'command', command })}>
            ${icon(symbol)}<span>${label}</span>
          </button>`,
      )}
    </div>
  </header>`;
}
