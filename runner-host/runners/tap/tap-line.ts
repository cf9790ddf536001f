/** One line of TAP, or what a program printed between them (`other`). */
export type TapLine =
  | { kind: 'version'; version: number }
  | { kind: 'plan'; tests: number }
  | {
      kind: 'point';
      ok: boolean;
      id: number | null;
      name: string;
      directive: Directive;
      durationMs: number | null;
      /** It ends with `{`, which may open its subtest. */ opens: boolean;
    }
  | { kind: 'bail-out'; reason: string }
  | { kind: 'block' }
  | { kind: 'close' }
  | { kind: 'other' };

export type Directive = 'skip' | 'todo' | null;

const OTHER = { kind: 'other' } as const;

/** Reads one line without its indentation. */
export function tapLine(text: string): TapLine {
  if (text === '---') return { kind: 'block' };
  if (text === '}') return { kind: 'close' };
  if (/^(not )?ok(\s|$)/.test(text)) return point(text);
  const plan = /^1\.\.(\d{1,9})(\s*#.*)?$/.exec(text);
  if (plan !== null) return { kind: 'plan', tests: Number(plan[1]) };
  const version = /^TAP version (\d{1,9})$/.exec(text);
  if (version !== null) return { kind: 'version', version: Number(version[1]) };
  return /^bail out!/i.test(text) ? { kind: 'bail-out', reason: text.slice('bail out!'.length).trim() } : OTHER;
}

function point(text: string): TapLine {
  const [, negative, id, rest = ''] = /^(not )?ok(?:\s+(\d{1,9})(?=\s|$))?\s*(?:-(?=\s|$))?\s*(.*)$/.exec(text) ?? [];
  const [name, comment] = splitAtHash(rest);
  const directive = /^(skip|todo)\b/i.exec(comment)?.[1]?.toLowerCase();
  const took = /^time=([\d.]+)ms\b/.exec(comment)?.[1];
  return {
    kind: 'point',
    ok: negative === undefined,
    id: id === undefined ? null : Number(id),
    name,
    directive: directive === 'skip' || directive === 'todo' ? directive : null,
    durationMs: took === undefined || !Number.isFinite(Number(took)) ? null : Number(took),
    opens: rest.endsWith('{'),
  };
}

/** Name and what follows the first `#` that is not escaped; the escapes of TAP 14 (`\#`, `\\`) are undone. */
function splitAtHash(text: string): [name: string, comment: string] {
  const at = /^(?:[^\\#]|\\.?)*/.exec(text)?.[0].length ?? text.length;
  return [
    text
      .slice(0, at)
      .replace(/\\([\\#])/g, '$1')
      .trim(),
    text.slice(at + 1).trim(),
  ];
}
