import { sha256 } from '../../artifacts/hash';
import type { Finding } from '../../artifacts/evidence';
import { readPattern, type Pattern } from './patterns';
import { countSkipMarks } from './skip-marks';

/** One file that differs between two commits; a text is null where the file is not there, or is none that can be read. */
export interface ChangedFile {
  path: string;
  before: { object: string; text: string | null } | null;
  after: { object: string; text: string | null } | null;
}

export interface FindingRules {
  /** Patterns of what decides how tests run. */
  protected: readonly string[];
  /** Patterns of test files. */
  tests: readonly string[];
}

/** What an item changed of that by which it is judged: a person looks at protected places, test files are listed. Pure. */
export function findChanges(files: readonly ChangedFile[], rules: FindingRules): Finding[] {
  const guarded = rules.protected.map(readPattern);
  const tests = rules.tests.map(readPattern);
  return files.flatMap((file) => {
    const found = guarded.filter((pattern) => pattern.matches(file.path)).flatMap((pattern) => guard(file, pattern));
    if (found.length > 0) return found.slice(0, 1);
    return tests.some((pattern) => pattern.matches(file.path)) ? testFile(file) : [];
  });
}

/** Whether the texts of a file are needed to judge it. */
export function needsText(path: string, rules: FindingRules): boolean {
  return [...rules.protected, ...rules.tests].map(readPattern).some((pattern) => pattern.matches(path));
}

/**
 * sha256 over the findings that need a person, with what stands there now: the same set on another commit is the same
 * decision, any change to it is another one. Null where none needs a person.
 */
export function findingsHash(findings: readonly Finding[]): string | null {
  const grave = findings.filter((one) => one.needsPerson).map(({ kind, path, content }) => [kind, path, content]);
  return grave.length === 0 ? null : sha256(JSON.stringify(grave));
}

function guard(file: ChangedFile, { pointer, text }: Pattern): Finding[] {
  const how = file.after === null ? 'deleted' : file.before === null ? 'added' : 'changed';
  const facts = { kind: 'protected' as const, path: file.path, needsPerson: true };
  if (pointer === null || how === 'deleted')
    return [{ ...facts, detail: `${how}; protected by ${text}`, content: file.after?.object ?? 'deleted' }];
  const [before, after] = [valueAt(file.before?.text, pointer), valueAt(file.after?.text, pointer)];
  if (before === after && after !== UNREADABLE) return [];
  const content = after === UNREADABLE ? (file.after?.object ?? '') : sha256(after);
  return [{ ...facts, detail: `${pointer} ${how}; protected by ${text}`, content }];
}

const UNREADABLE = 'unreadable';

/** The value as JSON; `undefined` for none. What cannot be parsed never equals anything. */
function valueAt(text: string | null | undefined, pointer: string): string {
  if (text === undefined) return 'undefined';
  if (text === null) return UNREADABLE;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return 'undefined';
    value = (value as Record<string, unknown>)[key];
  }
  return JSON.stringify(value);
}

function testFile({ path, before, after }: ChangedFile): Finding[] {
  const content = after?.object ?? 'deleted';
  const facts = { path, content, needsPerson: false };
  if (after === null) return [{ ...facts, kind: 'test-file', detail: 'deleted' }];
  const marks = countSkipMarks(after.text ?? '') - countSkipMarks(before?.text ?? '');
  const found: Finding[] = [{ ...facts, kind: 'test-file', detail: before === null ? 'added' : 'changed' }];
  if (marks > 0) found.push({ ...facts, kind: 'skip-mark', detail: `${marks} more than before` });
  return found;
}
