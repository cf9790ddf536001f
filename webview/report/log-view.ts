import type { ToPanel } from '../protocol';
import { AnsiParser, type LogToken } from './ansi';
import { TEXTS } from './texts';

type LogMessage = ToPanel & { type: 'log' };

/** More lines than this are not kept in the page: it must stay quick however much a suite prints. */
const MOST_LINES = 2000;
const LONGEST_LINE = 4000;

/** The run's output: append-only, bounded, followed while the reader is at its end. */
export class LogView {
  readonly #box = element('div', 'log-box');
  readonly #lines = element('div', 'log-lines');
  readonly #cut = element('p', 'log-cut');
  readonly #empty = element('p', 'log-empty');
  #parsers = newParsers();
  #line: HTMLElement | undefined;
  #length = 0;

  constructor(section: HTMLElement) {
    const heading = element('h2', '');
    heading.textContent = TEXTS.output;
    this.#empty.textContent = TEXTS.noOutput;
    this.#cut.hidden = true;
    this.#box.tabIndex = 0;
    this.#box.setAttribute('role', 'log');
    this.#box.setAttribute('aria-label', TEXTS.output);
    // The verdict is announced; thousands of lines of a suite are not.
    this.#box.setAttribute('aria-live', 'off');
    this.#box.append(this.#cut, this.#lines);
    section.append(heading, this.#empty, this.#box);
  }

  take({ reset, dropped, pieces }: LogMessage): void {
    const atEnd = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 8;
    if (reset) this.clear();
    if (dropped > 0) {
      this.#cut.hidden = false;
      this.#cut.textContent = TEXTS.cut(dropped);
    }
    for (const { stream, text } of pieces) {
      for (const token of this.#parsers[stream].feed(text)) this.#put(token, stream);
    }
    this.#trim();
    this.#empty.hidden = this.#lines.childElementCount > 0;
    this.#box.hidden = !this.#empty.hidden;
    if (atEnd || reset) this.#box.scrollTop = this.#box.scrollHeight;
  }

  clear(): void {
    this.#lines.replaceChildren();
    this.#parsers = newParsers();
    this.#line = undefined;
    this.#cut.hidden = true;
    this.#empty.hidden = false;
    this.#box.hidden = true;
  }

  #put(token: LogToken, stream: 'stdout' | 'stderr'): void {
    const line = this.#line ?? this.#newLine();
    if (stream === 'stderr') line.classList.add('stderr');
    switch (token.kind) {
      case 'newline':
        this.#line = undefined;
        return;
      case 'return':
        line.replaceChildren();
        this.#length = 0;
        return;
      case 'text': {
        const room = LONGEST_LINE - this.#length;
        if (room <= 0) return;
        const text = token.text.length > room ? `${token.text.slice(0, room)}…` : token.text;
        this.#length += token.text.length;
        line.append(token.classes === '' ? text : span(text, token.classes));
      }
    }
  }

  #newLine(): HTMLElement {
    this.#line = element('div', 'log-line');
    this.#length = 0;
    this.#lines.append(this.#line);
    return this.#line;
  }

  #trim(): void {
    const excess = this.#lines.childElementCount - MOST_LINES;
    if (excess <= 0) return;
    let characters = 0;
    for (let count = 0; count < excess; count += 1) {
      const first = this.#lines.firstElementChild;
      characters += first?.textContent.length ?? 0;
      first?.remove();
    }
    this.#cut.hidden = false;
    this.#cut.textContent = TEXTS.cut(characters);
  }
}

const newParsers = () => ({ stdout: new AnsiParser(), stderr: new AnsiParser() });

function element(tag: string, classes: string): HTMLElement {
  const made = document.createElement(tag);
  if (classes !== '') made.className = classes;
  return made;
}

function span(text: string, classes: string): HTMLElement {
  const made = element('span', classes);
  made.textContent = text;
  return made;
}
