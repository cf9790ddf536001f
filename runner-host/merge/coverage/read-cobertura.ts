import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { countOf, CoverageUnreadable, type LineCoverage } from './coverage-reading';

const DEEPEST = 64;

/**
 * Line coverage of a Cobertura document: the lines of its classes, per file. Throws `CoverageUnreadable`: not well-formed, cut off, another
 * kind of document, sums that are not those of the lines, or nothing counted.
 */
export function readCobertura(text: string): LineCoverage {
  const reader = new CoberturaReader();
  const xml = new SaxesParser();
  xml.on('error', (error) => {
    throw new CoverageUnreadable(`it is not well-formed: ${error.message}`);
  });
  xml.on('opentag', (tag: SaxesTagPlain) => reader.open(tag));
  xml.on('closetag', () => reader.close());
  xml.write(text).close();
  return reader.end();
}

class CoberturaReader {
  readonly #path: string[] = [];
  /** File -> line -> hits. */
  readonly #files = new Map<string, Map<number, number>>();
  #file = '';
  /** Sums over the classes, where a line that stands in two of them counts twice. */
  readonly #plain = { covered: 0, total: 0 };
  #claim: { covered: number | null; total: number | null } | null = null;

  open({ name, attributes }: SaxesTagPlain): void {
    this.#path.push(name);
    if (this.#path.length > DEEPEST) throw new CoverageUnreadable(`it is nested more than ${DEEPEST} deep`);
    if (this.#path.length === 1) this.#root(name, attributes);
    if (name === 'class') {
      this.#file = attributes['filename'] ?? '';
      if (this.#file === '') throw new CoverageUnreadable('a class names no file');
    }
    // The lines of a method stand among those of its class again.
    if (name === 'line' && this.#path.at(-3) === 'class') this.#line(attributes);
  }

  close(): void {
    this.#path.pop();
  }

  end(): LineCoverage {
    if (this.#claim === null) throw new CoverageUnreadable('it is empty');
    const all = [...this.#files.values()].flatMap((lines) => [...lines.values()]);
    if (all.length === 0) throw new CoverageUnreadable('it counts no line');
    const own = { covered: all.filter((hits) => hits > 0).length, total: all.length };
    const { covered, total } = this.#claim;
    const agrees = (sums: LineCoverage): boolean =>
      (covered === null || covered === sums.covered) && (total === null || total === sums.total);
    if (!agrees(own) && !agrees(this.#plain))
      throw new CoverageUnreadable(
        `it says ${covered ?? '?'} of ${total ?? '?'} lines, its own lines say ${own.covered} of ${own.total}`,
      );
    return own;
  }

  #root(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name !== 'coverage') throw new CoverageUnreadable(`it is a <${name}> document, not <coverage>`);
    const claimed = (key: string): number | null => {
      const text = attributes[key];
      return text === undefined || text === '' ? null : countOf(text, key);
    };
    this.#claim = { covered: claimed('lines-covered'), total: claimed('lines-valid') };
  }

  #line(attributes: Readonly<Record<string, string>>): void {
    const number = countOf(attributes['number'] ?? '', 'the number of a line');
    const hits = countOf(attributes['hits'] ?? '', 'the hits of a line');
    this.#plain.total += 1;
    if (hits > 0) this.#plain.covered += 1;
    const lines = this.#files.get(this.#file) ?? new Map<number, number>();
    lines.set(number, (lines.get(number) ?? 0) + hits);
    this.#files.set(this.#file, lines);
  }
}
