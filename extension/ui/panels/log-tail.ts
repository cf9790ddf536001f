export interface LogPiece {
  stream: 'stdout' | 'stderr';
  text: string;
}

/** The last characters of a run's output, held so that a panel that is drawn anew can show them at once. */
export class LogTail {
  readonly #pieces: LogPiece[] = [];
  #length = 0;
  #dropped = 0;

  constructor(readonly limit: number) {}

  push(stream: LogPiece['stream'], text: string): void {
    const last = this.#pieces.at(-1);
    // Short writes are joined: a suite that prints dot by dot must not cost an object a dot.
    if (last && last.stream === stream && last.text.length < 4096) last.text += text;
    else this.#pieces.push({ stream, text });
    this.#length += text.length;
    this.#cut();
  }

  #cut(): void {
    while (this.#length > this.limit) {
      const first = this.#pieces[0];
      if (!first) return;
      const excess = this.#length - this.limit;
      const cut = Math.min(excess, first.text.length);
      if (cut === first.text.length) this.#pieces.shift();
      else first.text = first.text.slice(cut);
      this.#length -= cut;
      this.#dropped += cut;
    }
  }

  /** What is held, and the number of characters lost before it. */
  all(): { pieces: LogPiece[]; dropped: number } {
    return { pieces: this.#pieces.map((piece) => ({ ...piece })), dropped: this.#dropped };
  }

  /** Like `all`, and starts anew: what was taken is not given again. */
  take(): { pieces: LogPiece[]; dropped: number } {
    const taken = this.all();
    this.#pieces.length = 0;
    this.#length = 0;
    this.#dropped = 0;
    return taken;
  }
}
