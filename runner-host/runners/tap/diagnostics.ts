import { cap, FailureText } from '../case-text';

const VALUE_CHARS = 8 * 1024;

/**
 * What a test point's YAML block says, as far as it is shown. Its lines are looked at one by one: a reader of the whole of YAML
 * would give nothing more, and half of a report is such blocks.
 */
export class Diagnostics {
  readonly #text = new FailureText();
  readonly #values = new Map<string, string>();
  /** The key whose text begins on the next line (`key: |-`). */
  #waiting: string | null = null;

  add(line: string): void {
    this.#text.add(`${line}\n`);
    const [, key, value] = /^ {0,8}([A-Za-z_]\w{0,30}):(?:\s+(.*))?$/.exec(line) ?? [];
    if (this.#waiting !== null && line.trim() !== '') {
      this.#set(this.#waiting, line.trim());
      this.#waiting = null;
    } else if (key === undefined) return;
    else if (/^[|>][-+\d]*$/.test(value ?? '')) this.#waiting = key;
    else if (value !== undefined) this.#set(key, unquote(value.trim()));
  }

  /** The first of these keys that says something. */
  value(...keys: string[]): string | null {
    for (const key of keys) {
      const value = this.#values.get(key);
      if (value !== undefined && value !== '') return value;
    }
    return null;
  }

  get message(): string | null {
    return this.value('message', 'error');
  }

  get details(): string | null {
    return this.#text.details;
  }

  get durationMs(): number | null {
    const ms = Number(this.value('duration_ms') ?? Number.NaN);
    return Number.isFinite(ms) && ms >= 0 ? ms : null;
  }

  /** Where the test stands, as its runner writes it: `path:line:column`. */
  get place(): { file: string; line: number } | null {
    const [, file, line] = /^(.+?):(\d{1,7})(?::\d{1,7})?$/.exec(this.value('location', 'at') ?? '') ?? [];
    return file === undefined ? null : { file, line: Number(line) };
  }

  #set(key: string, value: string): void {
    if (!this.#values.has(key)) this.#values.set(key, cap(value, VALUE_CHARS));
  }
}

function unquote(value: string): string {
  const [, quote, inner = ''] = /^(["'])(.*)\1$/.exec(value) ?? [];
  if (quote === undefined) return value;
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(["\\/])/g, '$1');
}
