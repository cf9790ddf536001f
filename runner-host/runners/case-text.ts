const MESSAGE_CHARS = 8 * 1024;
const DETAIL_CHARS = 32 * 1024;

/** A failure's text while it is read: no more than `DETAIL_CHARS` of it is ever held. */
export class FailureText {
  #message: string | null = null;
  #details = '';

  begin(message: string | undefined): void {
    if (this.#message === null && message !== undefined && message.trim() !== '')
      this.#message = cap(message, MESSAGE_CHARS);
    if (this.#details !== '') this.add('\n\n');
  }

  add(text: string): void {
    if (this.#details.length <= DETAIL_CHARS) this.#details += text.slice(0, DETAIL_CHARS + 1 - this.#details.length);
  }

  /** The message attribute, or the first line of the text where there is none. */
  get message(): string | null {
    if (this.#message !== null) return this.#message;
    const line = this.#details.split('\n').find((candidate) => candidate.trim() !== '');
    return line === undefined ? null : cap(line.trim(), MESSAGE_CHARS);
  }

  get details(): string | null {
    const text = this.#details.trim();
    return text === '' ? null : cap(text, DETAIL_CHARS);
  }
}

export function cap(text: string, chars: number): string {
  return text.length > chars ? `${text.slice(0, chars)}…` : text;
}
