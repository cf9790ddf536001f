/**
 * A strict reader of the plain part of YAML: lines `key: value` from the first column, and comments. Anything else is
 * refused: anchors, tags, merge keys and several spellings of one key let two readers see two documents, and nothing that
 * a gate reads needs lists. Whatever is accepted means the same to a full YAML parser (which would be 40 KB more).
 */

export class YamlRefusal extends Error {
  constructor(
    readonly code: 'broken-yaml' | 'duplicate-key',
    message: string,
  ) {
    super(message);
  }
}

const KEY_LINE = /^([A-Za-z_][A-Za-z0-9_-]*):(?: +(.*?))? *$/;
/** Controls and lone surrogates are no YAML; the separators end a line for some readers and not for others. */
const FORBIDDEN =
  /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\r(?!\n)|[\ud800-\udfff]/u;
const COMMENT = /^ *(?:#.*)?$/;
/** What may follow a value in quotes. */
const TAIL = '(?: +#.*)?$';
const DOUBLE_QUOTED = new RegExp(`^("(?:[^"\\\\]|\\\\.)*")${TAIL}`);
const SINGLE_QUOTED = new RegExp(`^'((?:[^']|'')*)'${TAIL}`);
const INDICATOR = /^(?:[[\]{},#&*!|>%@`"']|[-?:](?: |$))/;

/** The texts by their keys, as they are written: no text becomes a number or a truth value. Throws `YamlRefusal`. */
export function readPlainYaml(yaml: string): Map<string, string> {
  if (FORBIDDEN.test(yaml)) throw broken('holds a character that is not allowed');
  const fields = new Map<string, string>();
  for (const line of yaml.split(/\r?\n/)) {
    if (COMMENT.test(line)) continue;
    const [, key, value = ''] = KEY_LINE.exec(line) ?? [];
    if (key === undefined) throw broken(`has a line that is not "key: value": ${shown(line)}`);
    if (fields.has(key)) throw new YamlRefusal('duplicate-key', `has two of the key "${key}"`);
    fields.set(key, value.startsWith('#') ? '' : readText(value));
  }
  return fields;
}

function readText(value: string): string {
  const double = DOUBLE_QUOTED.exec(value)?.[1];
  if (double !== undefined) return readDoubleQuoted(double);
  const single = SINGLE_QUOTED.exec(value)?.[1];
  if (single !== undefined) return single.replaceAll("''", "'");
  const plain = value.replace(/ +#.*$/, '');
  if (INDICATOR.test(plain) || /:(?: |$)|\t/.test(plain))
    throw broken(`has a value that must be quoted: ${shown(value)}`);
  return plain;
}

/** JSON's escapes are YAML's; the others of YAML are refused. */
function readDoubleQuoted(quoted: string): string {
  try {
    const text: unknown = JSON.parse(quoted);
    if (typeof text === 'string') return text;
  } catch {
    // Said below.
  }
  throw broken(`has a value in quotes that cannot be read: ${shown(quoted)}`);
}

function broken(message: string): YamlRefusal {
  return new YamlRefusal('broken-yaml', message);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
