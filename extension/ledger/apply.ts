import type { RowImage, TransactionRecord } from './line-format';
import type { Cell } from './rows';
import type { ColumnShape, TableShape } from './table-shapes';
import type { Row, View } from './view';

/** The precondition that does not hold, and the row that stands there instead. */
export interface Conflict {
  table: string;
  key: string;
  expected: RowImage | null;
  actual: Row | null;
}

/**
 * What in a transaction the view's tables have no place for, or null if it fits. Only another version writes what does not
 * fit, so nothing of such a line may be applied.
 */
export function unfit(view: View, transaction: TransactionRecord): string | null {
  for (const [table, , expected] of transaction.pre) {
    const shape = view.shape(table);
    if (!shape) return `table ${table}`;
    for (const column of Object.keys(expected ?? {}))
      if (!shape.columns.has(column)) return `column ${table}.${column}`;
  }
  for (const [table, row] of transaction.put) {
    const shape = view.shape(table);
    if (!shape) return `table ${table}`;
    const misfit = unfitRow(shape, row);
    if (misfit) return misfit;
  }
  const stranger = transaction.del.find(([table]) => !view.shape(table));
  return stranger ? `table ${stranger[0]}` : null;
}

function unfitRow(shape: TableShape, row: RowImage): string | null {
  for (const column of Object.keys(row)) if (!shape.columns.has(column)) return `column ${shape.name}.${column}`;
  for (const [name, column] of shape.columns) {
    const cell = Object.hasOwn(row, name) ? row[name] : column.fallback;
    if (!fits(cell, column)) return `${shape.name}.${name} = ${JSON.stringify(cell)}`;
  }
  return null;
}

function fits(cell: Cell | undefined, column: ColumnShape): boolean {
  if (cell === undefined) return false;
  if (cell === null) return column.nullable;
  return typeof cell === (column.type === 'INTEGER' ? 'number' : 'string');
}

/** The first precondition that does not hold in the view, or null. */
export function findConflict(view: View, pre: TransactionRecord['pre']): Conflict | null {
  for (const [table, key, expected] of pre) {
    const shape = shapeOf(view, table);
    if (!holds(view, shape, key, expected)) return { table, key, expected, actual: view.row(shape, key) };
  }
  return null;
}

function holds(view: View, shape: TableShape, key: string, expected: RowImage | null): boolean {
  if (expected === null) return view.cells(shape, key, []) === null;
  const columns = Object.keys(expected);
  const cells = view.cells(shape, key, columns);
  return cells !== null && columns.every((column, index) => cells[index] === expected[column]);
}

/**
 * The one rule: if every precondition holds, the rows are put and deleted, else nothing is done and the conflict is returned.
 * @param changed gets the ids of the items that the changed rows belong to
 */
export function applyTransaction(view: View, transaction: TransactionRecord, changed: Set<string>): Conflict | null {
  const conflict = findConflict(view, transaction.pre);
  if (conflict) return conflict;
  const note = (shape: TableShape, row: Row | null): void => {
    const item = shape.owner === undefined ? undefined : row?.[shape.owner];
    if (typeof item === 'string') changed.add(item);
  };
  for (const [table, row] of transaction.put) {
    const shape = shapeOf(view, table);
    view.put(shape, row);
    note(shape, row);
  }
  for (const [table, key] of transaction.del) {
    const shape = shapeOf(view, table);
    note(shape, view.row(shape, key));
    view.delete(shape, key);
  }
  return null;
}

function shapeOf(view: View, table: string): TableShape {
  const shape = view.shape(table);
  if (!shape) throw new Error(`no table ${table}: the transaction was not checked`);
  return shape;
}
