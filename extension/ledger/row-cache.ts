import type { RowImage } from './line-format';
import type { TableShape } from './table-shapes';

/** So many rows that are not in the tables yet, or so much text in what is kept, and it is time to write them. */
const UNWRITTEN = 96;
const CHARACTERS = 512 * 1024;
/** Rows that are kept once they are in the tables. */
const KEPT = 1024;

/** Rows by table and key, null for one that does not exist: those that the tables do not have yet, and some that they have. */
export class RowCache {
  private readonly rows = new Map<TableShape, Map<string, RowImage | null>>();
  private unwritten: [shape: TableShape, key: string][] = [];
  private count = 0;
  private characters = 0;

  /** Undefined if nothing is known of the row here. */
  get(shape: TableShape, key: string): RowImage | null | undefined {
    return this.rows.get(shape)?.get(key);
  }

  /** Keeps a row as the tables have it. */
  keep(shape: TableShape, key: string, row: RowImage | null): void {
    if (this.count >= KEPT || this.characters >= CHARACTERS) {
      if (this.unwritten.length > 0) return;
      this.clear();
    }
    this.add(shape, key, row);
  }

  /** Takes a row that the tables do not have yet. */
  put(shape: TableShape, key: string, row: RowImage | null): void {
    this.add(shape, key, row);
    this.unwritten.push([shape, key]);
  }

  get full(): boolean {
    return this.unwritten.length >= UNWRITTEN || (this.characters >= CHARACTERS && this.unwritten.length > 0);
  }

  /** What the tables do not have yet, each row once. */
  takeUnwritten(): [shape: TableShape, key: string, row: RowImage | null][] {
    const keys = new Map<TableShape, Set<string>>();
    const taken: [TableShape, string, RowImage | null][] = [];
    for (const [shape, key] of this.unwritten) {
      let known = keys.get(shape);
      if (!known) keys.set(shape, (known = new Set()));
      if (known.has(key)) continue;
      known.add(key);
      taken.push([shape, key, this.get(shape, key) ?? null]);
    }
    this.unwritten = [];
    if (this.count >= KEPT || this.characters >= CHARACTERS) this.clear();
    return taken;
  }

  clear(): void {
    for (const table of this.rows.values()) table.clear();
    this.unwritten = [];
    this.count = 0;
    this.characters = 0;
  }

  private add(shape: TableShape, key: string, row: RowImage | null): void {
    let table = this.rows.get(shape);
    if (!table) this.rows.set(shape, (table = new Map<string, RowImage | null>()));
    table.set(key, row);
    this.count++;
    for (const column in row) {
      const cell = row[column];
      if (typeof cell === 'string') this.characters += cell.length;
    }
  }
}
