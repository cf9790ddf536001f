import { failure, readFrontMatter, type FrontMatterFailure } from './front-matter';

/** The values of a front matter by key; each throws where the key is missing or its value is not of the kind. */
export interface FieldReader {
  text(key: string): string;
  /** One of a closed list. */
  word<W extends string>(key: string, words: readonly W[]): W;
  whole(key: string): number;
  /** A whole number, or `null`. */
  count(key: string): number | null;
}

/** The machine keys of an artifact as `read` asks for them, or why they cannot be had. */
export function readFields<F>(
  content: string | Uint8Array,
  read: (reader: FieldReader) => F,
): { ok: true; fields: F } | FrontMatterFailure {
  const front = readFrontMatter(content);
  if (!front.ok) return front;
  try {
    return { ok: true, fields: read(readerOf(front.fields)) };
  } catch (error) {
    if (error instanceof FieldError) return failure(error.code, error.message);
    throw error;
  }
}

class FieldError extends Error {
  constructor(
    readonly code: 'missing-key' | 'unknown-value',
    message: string,
  ) {
    super(message);
  }
}

function readerOf(fields: ReadonlyMap<string, string>): FieldReader {
  const text = (key: string): string => {
    const value = fields.get(key);
    if (value === undefined) throw new FieldError('missing-key', `its front matter has no text under the key "${key}"`);
    return value;
  };
  const unknown = (key: string): FieldError =>
    new FieldError('unknown-value', `its key "${key}" has the unknown value ${JSON.stringify(text(key).slice(0, 60))}`);
  const whole = (key: string): number => {
    if (!/^-?[0-9]{1,15}$/.test(text(key))) throw unknown(key);
    return Number(text(key));
  };
  return {
    text,
    whole,
    word(key, words) {
      const known = words.find((each) => each === text(key));
      if (known === undefined) throw unknown(key);
      return known;
    },
    count: (key) => (text(key) === 'null' ? null : whole(key)),
  };
}
