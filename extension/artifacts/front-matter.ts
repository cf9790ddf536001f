import { readPlainYaml, YamlRefusal } from './plain-yaml';

export type FrontMatterProblem =
  | 'too-large'
  | 'not-utf8'
  | 'no-front-matter'
  | 'unclosed'
  | 'broken-yaml'
  | 'duplicate-key'
  | 'missing-key'
  | 'unknown-value';

export interface FrontMatterFailure {
  ok: false;
  code: FrontMatterProblem;
  /** For people. */
  reason: string;
}

export interface FrontMatter {
  ok: true;
  /** Every value as it is written: no text becomes a number, a date or a truth value. */
  fields: ReadonlyMap<string, string>;
}

const MAX_BYTES = 1024 * 1024;

/** Reads the front matter of an artifact, strictly: it begins on the first line, it ends, it is flat, no key is there twice. */
export function readFrontMatter(content: string | Uint8Array): FrontMatter | FrontMatterFailure {
  const size = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  if (size > MAX_BYTES) return failure('too-large', `it has ${size} bytes, more than ${MAX_BYTES}`);
  const text = typeof content === 'string' ? content : decode(content);
  if (text === null) return failure('not-utf8', 'it is not UTF-8');
  const opening = /^---[ \t]*\r?\n/.exec(text);
  if (opening === null) return failure('no-front-matter', 'it does not begin with front matter (---)');
  const rest = text.slice(opening[0].length);
  const closing = /^---[ \t]*(?:\r?\n|$(?![\s\S]))/m.exec(rest);
  if (closing === null) return failure('unclosed', 'its front matter does not end (---)');
  try {
    return { ok: true, fields: readPlainYaml(rest.slice(0, closing.index)) };
  } catch (error) {
    if (error instanceof YamlRefusal) return failure(error.code, `its front matter ${error.message}`);
    throw error;
  }
}

export function failure(code: FrontMatterProblem, reason: string): FrontMatterFailure {
  return { ok: false, code, reason };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
