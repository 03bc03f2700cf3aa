/**
 * Reads the kept lines of a run into memory, column by column. Never holds up other work of its thread for longer than some
 * thousands of lines take.
 */
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { Failure } from '../../core/model/failure.ts';
import { type DuckDb, openDuckDb, sqlText } from '../../duckdb/open-duckdb.ts';
import {
  CODED_COLUMNS,
  type CodedColumn,
  type CodedTexts,
  type LineColumns,
  MONEY_COLUMNS,
  type NumberColumn,
  type PooledTexts,
  QUANTITY_COLUMNS,
} from './line-columns.ts';

export interface LoadOptions {
  /** `discrepancies.parquet` of a kept run. */
  readonly path: string;
  readonly quantityDecimals: number;
  readonly minorDecimals: number;
  readonly temporaryDirectory: string;
}

const MEMORY_BYTES = 1e9;
const NUMBERS = [...QUANTITY_COLUMNS, ...MONEY_COLUMNS, 'days_out_of_sync'] as const;
const DECIMAL = new Set<string>(['unit_cost', 'cause_confidence']);

/** Throws a Failure of kind `unreachable` where an amount is larger than a double holds exactly. */
export async function loadLineColumns(options: LoadOptions): Promise<LineColumns> {
  const { path, quantityDecimals, minorDecimals, temporaryDirectory } = options;
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: MEMORY_BYTES });
  try {
    // DuckDB reads paths as patterns: in brackets a character stands for itself.
    const file = `read_parquet(${sqlText(path.replaceAll(/[*?[]/g, '[$&]'))})`;
    await database.run(`CREATE VIEW lines AS SELECT * FROM ${file}`);
    const count = Number((await database.rows('SELECT count(*) FROM lines'))[0]?.[0]);
    const values = new Map<CodedColumn, readonly string[]>();
    for (const name of CODED_COLUMNS) values.set(name, await readTexts(database, name));
    const builder = new ColumnsBuilder(count, values);
    const { connection } = database;
    const result = await connection.stream(selectLines(quantityDecimals, minorDecimals));
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      builder.append(chunk);
    return { count, quantityDecimals, minorDecimals, ...builder.finish() };
  } finally {
    database.close();
  }
}

function textOf(name: CodedColumn): string {
  return `coalesce(CAST(${name} AS VARCHAR), '')`;
}

/** The distinct texts of a column, in order; they become a type, by which the lines are then coded. */
async function readTexts(database: DuckDb, name: CodedColumn): Promise<readonly string[]> {
  await database.run(
    `CREATE TYPE ${name}_text AS ENUM (SELECT DISTINCT ${textOf(name)} AS text FROM lines ORDER BY text)`,
  );
  const reader = await database.connection.runAndReadAll(`SELECT unnest(enum_range(NULL::${name}_text))`);
  const texts = (reader.getColumns()[0] ?? []) as string[];
  return DECIMAL.has(name) ? texts.map(withoutZeros) : texts;
}

/** Takes the zeros away with which Parquet fills a decimal up to its scale. */
function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function selectLines(quantityDecimals: number, minorDecimals: number): string {
  const coded = CODED_COLUMNS.map((name) => `enum_code(CAST(${textOf(name)} AS ${name}_text))::INTEGER`);
  const whole = (name: string, decimals: number): string =>
    `CAST(CAST(${name} * ${'1'.padEnd(decimals + 1, '0')} AS BIGINT) AS DOUBLE)`;
  const numbers = [
    ...QUANTITY_COLUMNS.map((name) => whole(name, quantityDecimals)),
    ...MONEY_COLUMNS.map((name) => whole(name, minorDecimals)),
    'CAST(days_out_of_sync AS DOUBLE)',
  ];
  return `SELECT rank, ${[...coded, ...numbers].join(', ')}, action FROM lines`;
}

class ColumnsBuilder {
  private readonly values: ReadonlyMap<CodedColumn, readonly string[]>;
  private readonly codes: readonly CodedTexts['codes'][];
  private readonly numbers: readonly Float64Array[];
  private readonly ends: Uint32Array;
  private bytes = Buffer.alloc(1 << 16);
  private length = 0;
  private filled = 0;

  constructor(count: number, values: ReadonlyMap<CodedColumn, readonly string[]>) {
    this.values = values;
    this.codes = CODED_COLUMNS.map((name) => codesFor(values.get(name)?.length ?? 0, count));
    this.numbers = NUMBERS.map(() => new Float64Array(count));
    this.ends = new Uint32Array(count);
  }

  append(chunk: DuckDBDataChunk): void {
    const { rowCount } = chunk;
    const ranks = chunk.getColumnVector(0);
    if (Number(ranks.getItem(0)) !== this.filled + 1)
      throw new Error('Invariant broken: a run keeps its lines by rank');
    for (const [index, codes] of this.codes.entries()) {
      const vector = chunk.getColumnVector(1 + index);
      for (let row = 0; row < rowCount; row++) codes[this.filled + row] = vector.getItem(row) as number;
    }
    for (const [index, numbers] of this.numbers.entries()) {
      const vector = chunk.getColumnVector(1 + this.codes.length + index);
      for (let row = 0; row < rowCount; row++) {
        const value = (vector.getItem(row) as number | null) ?? Number.NaN;
        if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw tooLarge(NUMBERS[index] as NumberColumn);
        numbers[this.filled + row] = value;
      }
    }
    const actions = chunk.getColumnVector(chunk.columnCount - 1);
    for (let row = 0; row < rowCount; row++) this.addAction(this.filled + row, (actions.getItem(row) as string) ?? '');
    this.filled += rowCount;
  }

  private addAction(index: number, text: string): void {
    // A code unit takes at most three bytes.
    const needed = this.length + text.length * 3;
    if (needed > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    this.length += this.bytes.write(text, this.length);
    this.ends[index] = this.length;
  }

  finish(): Pick<LineColumns, 'coded' | 'numbers' | 'actions'> {
    const actions: PooledTexts = { bytes: this.bytes.subarray(0, this.length), ends: this.ends };
    const coded = CODED_COLUMNS.map((name, index) => [
      name,
      { values: this.values.get(name) ?? [], codes: this.codes[index] },
    ]);
    const numbers = NUMBERS.map((name, index) => [name, this.numbers[index]]);
    return {
      coded: Object.fromEntries(coded) as LineColumns['coded'],
      numbers: Object.fromEntries(numbers) as LineColumns['numbers'],
      actions,
    };
  }
}

function codesFor(texts: number, count: number): CodedTexts['codes'] {
  return texts <= 2 ** 8 ? new Uint8Array(count) : texts <= 2 ** 16 ? new Uint16Array(count) : new Uint32Array(count);
}

function tooLarge(column: NumberColumn): Failure {
  return new Failure(
    'unreachable',
    'AMOUNT_TOO_LARGE',
    `a line of the run has a ${column} of more than 15 digits; such lines can be exported, not looked through`,
    'Use `evenstock report`.',
  );
}
