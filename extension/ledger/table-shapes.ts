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

/** The migrations are the one place that says what the tables are; what a line may hold is read from their outcome. */
export function readShapes(db: Database): Map<string, TableShape> {
  const names = db.exec(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  const shapes = new Map<string, TableShape>();
  for (const [name] of names[0]?.values ?? []) shapes.set(String(name), readShape(db, String(name)));
  return shapes;
}

function readShape(db: Database, name: string): TableShape {
  const columns = new Map<string, ColumnShape>();
  let key = '';
  for (const row of db.exec(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${name}')`)[0]
    ?.values ?? []) {
    const [column, type, notNull, fallback, pk] = row;
    const nullable = notNull === 0;
    columns.set(String(column), {
      type: type === 'INTEGER' ? 'INTEGER' : 'TEXT',
      nullable,
      fallback: typeof fallback === 'string' ? constant(db, fallback) : nullable ? null : undefined,
    });
    if (pk === 1) key = String(column);
  }
  return { name, key, columns, owner: name === 'items' ? 'id' : columns.has('item') ? 'item' : undefined };
}

function constant(db: Database, expression: string): Cell {
  const value = db.exec(`SELECT ${expression}`)[0]?.values[0]?.[0] ?? null;
  return typeof value === 'number' || value === null ? value : String(value);
}
