import { createHash } from 'node:crypto';
import type { BytePath } from './trees';

/** Whose work it is: the work item's, or what main gained since the item forked. */
export type Side = 'item' | 'main';

export type Check = 'carry' | 'numbers' | 'markers';

/** These stop the item until the work is back or a person waives it. */
export const BLOCKING_KINDS = [
  'DROPPED',
  'SIDE_DISCARDED',
  'PATH_RESET',
  'OPAQUE',
  'MISFILED',
  'NUMBER_TAKEN',
  'NUMBER_RESERVED',
  'MARKER_LOST',
  'MARKER_DELETED',
  'MARKER_MALFORMED',
  'UNCHECKED',
] as const;
/** These stand in the report. */
export const WARNING_KINDS = ['REWRITTEN', 'VARIANT', 'OVERRIDDEN', 'MOVED', 'RESURRECTED', 'REMOVED'] as const;

export type BlockingKind = (typeof BLOCKING_KINDS)[number];
export type WarningKind = (typeof WARNING_KINDS)[number];
export type FindingKind = BlockingKind | WarningKind;

export interface Finding {
  check: Check;
  kind: FindingKind;
  blocks: boolean;
  path: BytePath;
  /** Whose work is concerned; undefined where it is nobody's (numbers, markers, UNCHECKED). */
  side: Side | undefined;
  /** The line as it was written, for people: valid text, at most 200 characters. Empty where the whole path is meant. */
  line: string;
  /** How many such lines. */
  count: number;
  /** sha256, hex: of the normalised line's bytes, or of the path's facts where the whole path is meant. What a waiver names. */
  lineHash: string;
  /** One sentence for people: what is wrong. */
  detail: string;
}

const MOST_LINE = 200;
const blocking: ReadonlySet<string> = new Set(BLOCKING_KINDS);

export const blocks = (kind: FindingKind): boolean => blocking.has(kind);

/** Bytes as text for people: not reversible where they are not UTF-8. */
export const shown = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8');

/** `printf %s "<normalised line>" | sha256sum` */
export const hashOf = (bytes: string): string => createHash('sha256').update(bytes, 'latin1').digest('hex');

/** A finding about one line; `normalised` is the form in which lines are compared. */
export function lineFinding(
  kind: FindingKind,
  facts: { path: BytePath; side: Side | undefined; line: string; normalised: string; count: number; detail: string },
): Finding {
  const { normalised, line, ...rest } = facts;
  const text = shown(line).trim();
  return {
    check: 'carry',
    kind,
    blocks: blocks(kind),
    ...rest,
    line: text.length > MOST_LINE ? `${text.slice(0, MOST_LINE - 1)}…` : text,
    lineHash: hashOf(normalised),
  };
}

/** A finding about a whole path; `facts` are what it rests on: with other contents it is another finding. */
export function pathFinding(
  kind: FindingKind,
  about: { check?: Check; path: BytePath; side?: Side | undefined; facts: readonly string[]; detail: string },
): Finding {
  return {
    check: about.check ?? 'carry',
    kind,
    blocks: blocks(kind),
    path: about.path,
    side: about.side,
    line: '',
    count: 1,
    lineHash: hashOf([kind, about.path, ...about.facts].join('\0')),
    detail: about.detail,
  };
}
