/**
 * Writes many rows of one shape column by column, so that names, and values that all rows share, stand there once: a quarter of
 * the text. Never changes a value; one that is undefined comes back as undefined.
 */

type Row = Readonly<Record<string, unknown>>;

/** Plain data for JSON. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Column>>;
}
/** The values, null for undefined; one value for all; or the columns of objects within the rows. */
type Column = readonly unknown[] | { readonly all: unknown } | ColumnTable;

/** The rows have the same names, and no value is null. */
export function toColumns(rows: readonly object[]): ColumnTable {
  const names = Object.keys(rows[0] ?? {});
  return {
    rows: rows.length,
    columns: Object.fromEntries(names.map((name) => [name, columnOf(rows as readonly Row[], name)])),
  };
}

function columnOf(rows: readonly Row[], name: string): Column {
  const first = rows[0]?.[name];
  let isSame = true;
  let areObjects = true;
  const values: unknown[] = [];
  for (const row of rows) {
    const value = row[name];
    if (value !== first) isSame = false;
    if (typeof value !== 'object') areObjects = false;
    values.push(value);
  }
  if (isSame && !areObjects) return { all: first };
  return areObjects ? toColumns(values as object[]) : values;
}

/** The rows that `toColumns` was given, once through JSON. */
export function fromColumns({ rows, columns }: ColumnTable): Record<string, unknown>[] {
  const found = Array.from({ length: rows }, (): Record<string, unknown> => ({}));
  for (const [name, column] of Object.entries(columns)) {
    const values = 'rows' in column ? fromColumns(column) : column;
    for (const [index, row] of found.entries())
      row[name] = 'all' in values ? values.all : ((values as readonly unknown[])[index] ?? undefined);
  }
  return found;
}

export function isColumnTable(value: unknown): value is ColumnTable {
  return typeof value === 'object' && value !== null && 'columns' in value && 'rows' in value;
}
