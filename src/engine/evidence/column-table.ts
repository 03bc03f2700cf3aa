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
/**
 * The values, null for undefined; one value for all; words that come again and again, and of each row which one it is; numbers
 * by how much each is more than the one before; or the columns of objects within the rows.
 */
type Column =
  | readonly unknown[]
  | { readonly all: unknown }
  | { readonly words: readonly string[]; readonly at: readonly number[] }
  | { readonly steps: readonly number[] }
  | ColumnTable;

/** So many words may come before any comes again; of more, each must come so many times. */
const WORDS_FREE = 8;
const REPEATED_MIN = 3;
/** Numbers from here on, such as times, are longer than their differences. */
const STEPS_FROM = 1e11;

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
  const values = rows.map((row) => row[name]);
  if (typeof first === 'object') return areAll(values, 'object') ? toColumns(values as object[]) : values;
  if (values.every((value) => value === first)) return { all: first };
  if (typeof first === 'string') return areAll(values, 'string') ? (wordsOf(values as string[]) ?? values) : values;
  const areTimes = (first as number) >= STEPS_FROM && values.every(Number.isSafeInteger);
  return areTimes ? { steps: stepsOf(values as number[]) } : values;
}

function areAll(values: readonly unknown[], type: 'object' | 'string'): boolean {
  for (const value of values) if (typeof value !== type) return false;
  return true;
}

/** undefined where the words hardly come again. */
function wordsOf(values: readonly string[]): Column | undefined {
  const numbers = new Map<string, number>();
  const at: number[] = [];
  for (const value of values) {
    let number = numbers.get(value);
    if (number === undefined) {
      number = numbers.size;
      if (number > WORDS_FREE + at.length / REPEATED_MIN) return undefined;
      numbers.set(value, number);
    }
    at.push(number);
  }
  return { words: [...numbers.keys()], at };
}

/** The first one, and then by how much each is more than the one before. */
function stepsOf(values: readonly number[]): number[] {
  return values.map((value, index) => value - (index === 0 ? 0 : (values[index - 1] as number)));
}

/** The rows that `toColumns` was given, once through JSON. */
export function fromColumns({ rows, columns }: ColumnTable): Record<string, unknown>[] {
  const found = Array.from({ length: rows }, (): Record<string, unknown> => ({}));
  for (const [name, column] of Object.entries(columns)) {
    const values = valuesOf(column);
    for (const [index, row] of found.entries())
      row[name] = 'all' in values ? values.all : ((values as readonly unknown[])[index] ?? undefined);
  }
  return found;
}

function valuesOf(column: Column): readonly unknown[] | { readonly all: unknown } {
  if ('rows' in column) return fromColumns(column);
  if ('words' in column) return column.at.map((number) => column.words[number]);
  if (!('steps' in column)) return column;
  let sum = 0;
  return column.steps.map((step) => {
    sum += step;
    return sum;
  });
}

export function isColumnTable(value: unknown): value is ColumnTable {
  return typeof value === 'object' && value !== null && 'columns' in value && 'rows' in value;
}
