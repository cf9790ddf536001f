import { countOf, CoverageUnreadable, type LineCoverage } from './coverage-reading';

interface Section {
  /** Line number -> hits. */
  lines: Map<number, number>;
  found: number | null;
  hit: number | null;
}

/**
 * Line coverage of an lcov tracefile (geninfo(1)). A file that is named in several sections counts once, a line as covered if any of them
 * hit it. Throws `CoverageUnreadable`: cut off, sums that are not those of the lines, or nothing counted.
 */
export function readLcov(text: string): LineCoverage {
  // A cut right behind a section leaves no other trace than the beginning of the next one.
  if (!/(^|\n)end_of_record\s*$/.test(text)) throw new CoverageUnreadable('it does not end with end_of_record');
  const files = new Map<string, Map<number, number>>();
  let open: { file: string; section: Section } | null = null;
  for (const line of text.split(/\r?\n/)) {
    const [key, ...rest] = line.split(':');
    const value = rest.join(':');
    if (line === '' || key === 'TN') continue;
    if (line.startsWith('#')) continue;
    if (key === 'SF') {
      if (open !== null) throw new CoverageUnreadable(`the section of ${open.file} has no end_of_record`);
      if (value === '') throw new CoverageUnreadable('a section names no file');
      open = { file: value, section: { lines: new Map(), found: null, hit: null } };
    } else if (open === null) {
      throw new CoverageUnreadable(`${JSON.stringify(line.slice(0, 60))} stands outside of a file's section`);
    } else if (line === 'end_of_record') {
      close(open, files);
      open = null;
    } else if (key !== undefined) {
      take(open.section, key, value);
    }
  }
  if (open !== null) throw new CoverageUnreadable(`it is cut off in the section of ${open.file}`);
  if (files.size === 0) throw new CoverageUnreadable('it names no file');
  const all = [...files.values()].flatMap((lines) => [...lines.values()]);
  if (all.length === 0) throw new CoverageUnreadable('it counts no line');
  return { covered: all.filter((hits) => hits > 0).length, total: all.length };
}

function take(section: Section, key: string, value: string): void {
  if (key === 'LF') section.found = once(section.found, countOf(value, 'LF'), 'LF');
  if (key === 'LH') section.hit = once(section.hit, countOf(value, 'LH'), 'LH');
  if (key !== 'DA') return;
  const [line = '', hits = ''] = value.split(',');
  const number = countOf(line, 'the line of a DA');
  section.lines.set(number, (section.lines.get(number) ?? 0) + countOf(hits, 'the hits of a DA'));
}

function once(known: number | null, value: number, what: string): number {
  if (known !== null && known !== value)
    throw new CoverageUnreadable(`a section has two ${what}: ${known} and ${value}`);
  return value;
}

function close({ file, section }: { file: string; section: Section }, files: Map<string, Map<number, number>>): void {
  const { lines, found, hit } = section;
  const covered = [...lines.values()].filter((hits) => hits > 0).length;
  if (found === null || hit === null) throw new CoverageUnreadable(`the section of ${file} has no LF and LH`);
  if (found !== lines.size || hit !== covered)
    throw new CoverageUnreadable(
      `the section of ${file} says ${hit} of ${found} lines, its own lines say ${covered} of ${lines.size}`,
    );
  const known = files.get(file) ?? new Map<number, number>();
  for (const [line, hits] of lines) known.set(line, (known.get(line) ?? 0) + hits);
  files.set(file, known);
}
