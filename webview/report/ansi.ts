export type LogToken = { kind: 'text'; text: string; classes: string } | { kind: 'newline' } | { kind: 'return' };

/** ECMA-48: CSI with its parameters and final byte, OSC, two-character escapes; then line ends and plain text. */
const TOKEN =
  /\u001b\[([0-?]{0,64})[ -/]{0,8}([@-~])|\u001b\][^\u0007\u001b]{0,2048}(?:\u0007|\u001b\\)|\u001b[ -/]{1,4}[0-~]|\u001b[^[\] -/]|\r\n|\n|\r(?!$)|[^\u001b\r\n]+/y;
/** The longest unfinished sequence that is waited for; what is longer was none. */
const LONGEST_PENDING = 2100;

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

const COLOURS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
const STYLES = new Map([
  [1, 'bold'],
  [2, 'dim'],
  [3, 'italic'],
  [4, 'underline'],
  [7, 'inverse'],
  [9, 'strike'],
]);
/** What takes a style back; 22 ends both bold and dim. */
const ENDS = new Map([
  [22, ['bold', 'dim']],
  [23, ['italic']],
  [24, ['underline']],
  [27, ['inverse']],
  [29, ['strike']],
]);

/**
 * Turns terminal output into text with class names, chunk by chunk: a sequence that a chunk cuts in two is waited for.
 * Only colours and styles have an effect; every other sequence is dropped, links and titles included.
 */
export class AnsiParser {
  #pending = '';
  #foreground = '';
  #background = '';
  readonly #styles = new Set<string>();

  feed(chunk: string): LogToken[] {
    const text = this.#pending + chunk;
    const tokens: LogToken[] = [];
    let at = 0;
    this.#pending = '';
    while (at < text.length) {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(text);
      if (!found) {
        const rest = text.length - at;
        if (rest < LONGEST_PENDING && isUnfinished(text, at)) {
          this.#pending = text.slice(at);
          break;
        }
        at += 1;
        continue;
      }
      at = TOKEN.lastIndex;
      const [match, parameters, final] = found;
      if (match === '\n' || match === '\r\n') tokens.push({ kind: 'newline' });
      else if (match === '\r') tokens.push({ kind: 'return' });
      else if (final === 'm') this.#style(parameters ?? '');
      else if (!match.startsWith('\u001b')) {
        const clean = match.replace(CONTROLS, '');
        if (clean !== '') tokens.push({ kind: 'text', text: clean, classes: this.#classes() });
      }
    }
    return tokens;
  }

  #classes(): string {
    return [this.#foreground, this.#background, ...this.#styles].filter(Boolean).join(' ');
  }

  #style(parameters: string): void {
    const codes = parameters.split(/[;:]/).map(Number);
    for (let at = 0; at < codes.length; at += 1) {
      const code = codes[at] ?? 0;
      if (code === 38 || code === 48) at += this.#extended(code, codes.slice(at + 1));
      else this.#simple(code);
    }
  }

  /** 256 colours and true colours; only the sixteen that the theme knows are shown. Returns the codes that it has used. */
  #extended(code: number, rest: number[]): number {
    const [form, index = -1] = rest;
    if (form === 5 && index >= 0 && index < 16) {
      this.#simple(index < 8 ? code - 8 + index : code + 52 + index - 8);
    }
    return form === 5 ? 2 : form === 2 ? 4 : 0;
  }

  #simple(code: number): void {
    const style = STYLES.get(code);
    if (style) this.#styles.add(style);
    for (const ended of ENDS.get(code) ?? []) this.#styles.delete(ended);
    if (code === 0) {
      this.#styles.clear();
      this.#foreground = '';
      this.#background = '';
    }
    if (code === 39) this.#foreground = '';
    if (code === 49) this.#background = '';
    this.#foreground = colour(code, 30, 'fg') ?? colour(code, 90, 'fg-bright') ?? this.#foreground;
    this.#background = colour(code, 40, 'bg') ?? colour(code, 100, 'bg-bright') ?? this.#background;
  }
}

function colour(code: number, first: number, prefix: string): string | undefined {
  const name = COLOURS[code - first];
  return name === undefined ? undefined : `${prefix}-${name}`;
}

/** A lone carriage return or an escape may go on in the next chunk. */
function isUnfinished(text: string, at: number): boolean {
  return text[at] === '\u001b' || (text[at] === '\r' && at === text.length - 1);
}
