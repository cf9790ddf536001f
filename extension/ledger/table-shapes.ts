import type { Database } from 'sql.js';
import type { Cell } from './rows';

export interface ColumnShape {
  type: 'TEXT' | 'INTEGER';
  nullable: boolean;
  /** What a row image that lacks the column gets; undefined = such an image does not fit. */
  fallback: Cell | undefined;
}

/** One table of the view, as the migrations made it. */
export interface TableShape {
  name: string;
  key: string;
  columns: ReadonlyMap<string, ColumnShape>;
  /** The column that names the item a row belongs to. */
  owner: string | undefined;
}

/** Every column of every table in one statement: each one more costs its compilation at every opening. */
const COLUMNS = `SELECT tables.name, columns.name, columns.type, "notnull", dflt_value, pk
  FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
  WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' ORDER BY tables.name, cid`;

/** The migrations are the one place that says what the tables are; what a line may hold is read from their outcome. */
export function readShapes(db: Database): Map<string, TableShape> {
  const tables = new Map<string, { key: string; columns: Map<string, ColumnShape> }>();
  for (const [table, name, type, notNull, fallback, pk] of db.exec(COLUMNS)[0]?.values ?? []) {
    const shape = tables.get(String(table)) ?? { key: '', columns: new Map<string, ColumnShape>() };
    tables.set(String(table), shape);
    const nullable = notNull === 0;
    shape.columns.set(String(name), {
      type: type === 'INTEGER' ? 'INTEGER' : 'TEXT',
      nullable,
      fallback: typeof fallback === 'string' ? constant(db, fallback) : nullable ? null : undefined,
    });
    if (pk === 1) shape.key = String(name);
  }
  return new Map(
    [...tables].map(([name, { key, columns }]) => [name, { name, key, columns, owner: owner(name, columns) }]),
  );
}

function owner(table: string, columns: ReadonlyMap<string, ColumnShape>): string | undefined {
  if (table === 'items') return 'id';
  return columns.has('item') ? 'item' : undefined;
}

function constant(db: Database, expression: string): Cell {
  const value = db.exec(`SELECT ${expression}`)[0]?.values[0]?.[0] ?? null;
  return typeof value === 'number' || value === null ? value : String(value);
}
