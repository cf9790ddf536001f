import type { Database, SqlJsStatic, Statement } from 'sql.js';
import type { LedgerError } from './errors';
import { viewFailure } from './failures';
import type { RowImage } from './line-format';
import { migrate, type Migration } from './migrations/migrate';
import { RowCache } from './row-cache';
import type { Cell } from './rows';
import { readShapes, type ColumnShape, type TableShape } from './table-shapes';

export type Row = Readonly<Record<string, Cell>>;

interface Prepared {
  statement: Statement;
  columns: readonly string[];
}

/** How whole rows enter a table. */
interface Put {
  statement: Statement;
  columns: readonly (readonly [name: string, shape: ColumnShape])[];
}

// No other connection reads these pages and no crash outlives them, so nothing is spent on guarding either.
const PRAGMAS = 'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF';

const warm = new WeakSet<SqlJsStatic>();

/**
 * Does once what opening a view does, with next to nothing in it. V8 compiles a function of SQLite when it is first called,
 * which is most of what the first opening costs a process: so that is done while the disk is at work.
 */
export function warmUp(sqlJs: SqlJsStatic): void {
  if (warm.has(sqlJs)) return;
  warm.add(sqlJs);
  const db = new sqlJs.Database();
  try {
    db.exec(`${PRAGMAS}; CREATE TABLE warm (id TEXT NOT NULL PRIMARY KEY, at INTEGER DEFAULT 0) WITHOUT ROWID`);
    migrate(db, []);
    readShapes(db);
  } finally {
    db.close();
  }
}

/**
 * The journal's present, in sql.js. Rows given in must fit the tables (`unfit` says so): nothing here can fail for its data.
 *
 * What is put and deleted waits beside the tables until there is enough of it, or a query comes that is not for one row: many
 * rows at once cost far less than a few for each commit. Whoever asks sees no difference.
 */
export class View {
  /** Set when sql.js failed: from then on the view is that of an earlier place in the journal. */
  failure: LedgerError | undefined;
  private readonly statements = new Map<string, Prepared>();
  private readonly puts = new Map<TableShape, Put>();
  private readonly cache = new RowCache();

  private constructor(
    private readonly db: Database,
    private readonly shapes: ReadonlyMap<string, TableShape>,
  ) {}

  /**
   * A view with all tables, empty or as an image of this version holds it; a failure leaves nothing open (sql.js has 4,096
   * descriptors and never gives one back).
   */
  static open(sqlJs: SqlJsStatic, image?: Uint8Array, migrations?: readonly Migration[]): View {
    const db = new sqlJs.Database(image);
    try {
      db.exec(PRAGMAS);
      migrate(db, migrations);
      return new View(db, readShapes(db));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  get tables(): readonly TableShape[] {
    return [...this.shapes.values()];
  }

  shape(table: string): TableShape | undefined {
    return this.shapes.get(table);
  }

  /** A copy of the row, or null. */
  row(shape: TableShape, key: string): Row | null {
    let image = this.cache.get(shape, key);
    if (image === undefined) {
      const [found = null] = this.select(`SELECT * FROM ${shape.name} WHERE ${shape.key} = ?`, [key]);
      this.cache.keep(shape, key, (image = found));
    }
    if (image === null) return null;
    const row: Record<string, Cell> = {};
    for (const [name, column] of shape.columns) row[name] = cellOf(image, name, column);
    return row;
  }

  /** The named cells of a row in that order, or null if there is no such row. */
  cells(shape: TableShape, key: string, columns: readonly string[]): readonly Cell[] | null {
    const image = this.cache.get(shape, key);
    if (image === null) return null;
    if (image) return columns.map((name) => cellOf(image, name, shape.columns.get(name)));
    const { statement } = this.prepare(`SELECT ${columns.join() || '1'} FROM ${shape.name} WHERE ${shape.key} = ?`);
    try {
      statement.bind([key]);
      return statement.step() ? (statement.get() as Cell[]) : null;
    } finally {
      statement.reset();
    }
  }

  /** Copies of the rows that a query gives. */
  all(sql: string, parameters: readonly Cell[] = []): Row[] {
    this.write();
    return this.select(sql, parameters);
  }

  put(shape: TableShape, row: RowImage): void {
    this.cache.put(shape, String(row[shape.key]), row);
  }

  delete(shape: TableShape, key: string): void {
    this.cache.put(shape, key, null);
  }

  /** To be called between two lines of the journal: writes what waits if that is enough by now. */
  settle(): void {
    if (this.cache.full) this.write();
  }

  /** sql.js failed. All that waits is dropped: nothing of a line may be seen without the rest. */
  fail(error: unknown): void {
    this.failure = viewFailure(error instanceof Error ? error.message : String(error), error);
    this.cache.clear();
  }

  /**
   * The whole database as bytes, for `open`.
   * @throws LedgerError if sql.js failed: it may be that of an earlier place in the journal
   */
  image(): Uint8Array {
    this.write();
    if (this.failure) throw this.failure;
    return this.db.export();
  }

  close(): void {
    this.statements.clear();
    this.puts.clear();
    this.cache.clear();
    this.db.close();
  }

  /** Brings the tables to the present. */
  private write(): void {
    const rows = this.cache.takeUnwritten();
    if (rows.length === 0) return;
    try {
      this.prepare('BEGIN').statement.run();
      for (const [shape, key, row] of rows) {
        if (row === null) this.prepare(`DELETE FROM ${shape.name} WHERE ${shape.key} = ?`).statement.run([key]);
        else this.insert(shape, row);
      }
      this.prepare('COMMIT').statement.run();
    } catch (error) {
      this.fail(error);
      this.db.exec('ROLLBACK');
    }
  }

  private insert(shape: TableShape, row: RowImage): void {
    const { statement, columns } = this.puts.get(shape) ?? this.preparePut(shape);
    statement.run(columns.map(([name, column]) => cellOf(row, name, column)));
  }

  private select(sql: string, parameters: readonly Cell[]): Row[] {
    const { statement, columns } = this.prepare(sql);
    const rows: Row[] = [];
    try {
      statement.bind([...parameters]);
      while (statement.step()) {
        const values = statement.get() as Cell[];
        const row: Record<string, Cell> = {};
        for (let index = 0; index < columns.length; index++) row[columns[index] ?? ''] = values[index] ?? null;
        rows.push(row);
      }
    } finally {
      statement.reset();
    }
    return rows;
  }

  private preparePut(shape: TableShape): Put {
    const columns = [...shape.columns];
    const { statement } = this.prepare(
      `INSERT OR REPLACE INTO ${shape.name} VALUES (${columns.map(() => '?').join()})`,
    );
    const put = { statement, columns };
    this.puts.set(shape, put);
    return put;
  }

  private prepare(sql: string): Prepared {
    let prepared = this.statements.get(sql);
    if (!prepared) {
      const statement = this.db.prepare(sql);
      prepared = { statement, columns: statement.getColumnNames() };
      this.statements.set(sql, prepared);
    }
    return prepared;
  }
}

/** What a row image has in a column, or the column's default. */
function cellOf(row: RowImage, name: string, column: ColumnShape | undefined): Cell {
  return row[name] ?? (name in row ? null : (column?.fallback ?? null));
}
