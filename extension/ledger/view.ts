import type { Database, SqlJsStatic, Statement } from 'sql.js';
import { migrate, type Migration } from './migrations/migrate';
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

/**
 * The journal's present, in sql.js. Rows given in must fit the tables (`unfit` says so): nothing here can fail for its data.
 */
export class View {
  private readonly statements = new Map<string, Prepared>();
  private readonly puts = new Map<TableShape, Put>();

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
      // No other connection reads these pages and no crash outlives them, so nothing is spent on guarding either.
      db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF');
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

  row(shape: TableShape, key: string): Row | null {
    return this.all(`SELECT * FROM ${shape.name} WHERE ${shape.key} = ?`, [key])[0] ?? null;
  }

  /** The named cells of a row in that order, or null if there is no such row. */
  cells(shape: TableShape, key: string, columns: readonly string[]): readonly Cell[] | null {
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

  put(shape: TableShape, row: Row): void {
    const { statement, columns } = this.puts.get(shape) ?? this.preparePut(shape);
    statement.run(columns.map(([name, column]) => row[name] ?? (name in row ? null : (column.fallback ?? null))));
  }

  delete(shape: TableShape, key: string): void {
    this.prepare(`DELETE FROM ${shape.name} WHERE ${shape.key} = ?`).statement.run([key]);
  }

  begin(): void {
    this.prepare('BEGIN').statement.run();
  }

  commit(): void {
    this.prepare('COMMIT').statement.run();
  }

  rollback(): void {
    this.prepare('ROLLBACK').statement.run();
  }

  /** The whole database as bytes, for `open`. Not between `begin` and `commit`. */
  image(): Uint8Array {
    return this.db.export();
  }

  close(): void {
    this.statements.clear();
    this.puts.clear();
    this.db.close();
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
