import { CHECK_LIMITS, type CheckLimits } from './check-limits';
import { pathFinding, type Finding, type FindingKind } from './finding';
import { bytePath, MARKERS_FOLDER, readMarkerRecord, type MarkerRecord } from './markers';
import type { BytePath, Content, Trees } from './trees';

interface StoredRecord {
  /** As bytes; undefined: not to be had. */
  bytes: string | undefined;
  /** The bound stopped it: what the record demands is not known. */
  tooLarge: boolean;
  /** A text: why it cannot be read. */
  record: MarkerRecord | string;
}

type Records = Map<BytePath, StoredRecord>;

/**
 * Every marker of main has to hold in the candidate, whatever the candidate's own records say, unless its record is
 * retired there with a reason. Throws `GitFailure`.
 */
export async function markersHold(
  trees: Trees,
  { candidate, main }: { candidate: string; main: string },
  options: { limits?: Partial<CheckLimits> } = {},
): Promise<Finding[]> {
  const limits = { ...CHECK_LIMITS, ...options.limits };
  const [before, after] = [await readRecords(trees, main, limits), await readRecords(trees, candidate, limits)];
  const findings: Finding[] = [];
  const wanted: { recordPath: BytePath; path: BytePath; text: string }[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(path), after.get(path)];
    if (is === undefined)
      findings.push(about('MARKER_DELETED', path, was, 'the record is gone: retire it with a reason instead'));
    else if (is.tooLarge) findings.push(about('UNCHECKED', path, is, 'the record is too large to be read'));
    else if (typeof is.record === 'string') findings.push(about('MARKER_MALFORMED', path, is, is.record));
    else if (is.record.retired === undefined) wanted.push(...markersOf(path, is.record));
    // Main's record may demand what the candidate's leaves out.
    if (was?.tooLarge && is && !is.tooLarge)
      findings.push(about('UNCHECKED', path, is, "main's record is too large to be read"));
    // A record of main that is no record has no markers to hold: only its repair can land.
    const retired = is !== undefined && typeof is.record !== 'string' && is.record.retired !== undefined;
    if (was && typeof was.record !== 'string' && was.record.retired === undefined && !retired)
      wanted.push(...markersOf(path, was.record));
  }
  const paths = [...new Set(wanted.map(({ path }) => path))];
  const contents = await trees.readPaths(candidate, paths, limits.mostBytesPerFile);
  const byPath = new Map(paths.map((path, index) => [path, contents[index]]));
  for (const { recordPath, path, text } of unique(wanted))
    findings.push(...lost(recordPath, path, text, byPath.get(path)));
  return findings;
}

const markersOf = (recordPath: BytePath, record: MarkerRecord) =>
  record.markers.map(({ path, text }) => ({ recordPath, path: bytePath(path), text }));

function unique<T extends { recordPath: string; path: string; text: string }>(markers: readonly T[]): T[] {
  return [
    ...new Map(markers.map((marker) => [`${marker.recordPath}\0${marker.path}\0${marker.text}`, marker])).values(),
  ];
}

function lost(recordPath: BytePath, path: BytePath, text: string, content: Content | undefined): Finding[] {
  const make = (kind: FindingKind, detail: string): Finding => ({
    ...pathFinding(kind, { check: 'markers', path, facts: [recordPath, bytePath(text)], detail }),
    line: text.slice(0, 200),
  });
  if (content?.state === 'too-large')
    return [make('UNCHECKED', `the file is too large (${content.size} bytes) to look for the marker`)];
  if (content?.state !== 'read') return [make('MARKER_LOST', 'the file of the marker is gone')];
  return content.bytes.includes(bytePath(text))
    ? []
    : [make('MARKER_LOST', 'the marker does not stand in the file any more')];
}

async function readRecords(trees: Trees, tree: string, limits: CheckLimits): Promise<Records> {
  const entries = (await trees.list(tree, MARKERS_FOLDER)).filter(({ path }) => path.endsWith('.json'));
  const contents = await trees.readBlobs(
    entries.map(({ id }) => id),
    limits.mostBytesPerFile,
  );
  return new Map(
    entries.map(({ path, mode }, index): [BytePath, StoredRecord] => {
      const content = contents[index];
      if (!mode.startsWith('100')) return [path, { bytes: undefined, tooLarge: false, record: 'it is no plain file' }];
      if (content?.state !== 'read') return [path, { bytes: undefined, tooLarge: true, record: 'it is too large' }];
      return [path, { bytes: content.bytes, tooLarge: false, record: readMarkerRecord(path, content.bytes) }];
    }),
  );
}

const about = (kind: FindingKind, path: BytePath, stored: StoredRecord | undefined, detail: string): Finding =>
  pathFinding(kind, { check: 'markers', path, facts: [stored?.bytes ?? ''], detail });
