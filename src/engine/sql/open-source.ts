/**
 * Opens one input as a relation of numbered rows: a Parquet file where it lies, anything else staged as text.
 * Decides which files are refused before their rows are looked at; never judges a row.
 */
import { rescale } from '../../core/model/decimal.ts';
import { Failure } from '../../core/model/failure.ts';
import { parseDecimal } from '../../core/normalize/number.ts';
import type { RawRow, RawTable } from '../../ingest/raw-table.ts';
import type { BalanceInput } from '../comparison-input.ts';
import { sqlName } from './quoting.ts';
import type { Session } from './session.ts';
import {
  cellText,
  controlTotalRows,
  parquetColumns,
  parquetRelation,
  parquetRowCount,
  quantityTexts,
  stagedRelation,
} from './statement-builder.ts';

export interface OpenSource {
  readonly index: number;
  readonly input: BalanceInput;
  readonly relation: string;
  /** With a control total. */
  readonly whole: string;
  /** DuckDB's type of each column. */
  readonly types: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
  /** Without a control total. */
  readonly rows: number;
  readonly hasFaults: boolean;
  readonly isParquet: boolean;
}

const FAULT_COLUMNS = ['fault_column', 'fault_value', 'fault_reason'] as const;

export async function openSource(session: Session, index: number, input: BalanceInput): Promise<OpenSource> {
  session.readingFrom(input.content.kind === 'parquet' ? input : undefined);
  const opened =
    input.content.kind === 'parquet' ? await openParquet(session, index, input) : await stage(session, index, input);
  return input.totalRow === undefined ? opened : withoutControlTotal(session, opened);
}

function textsOf(input: BalanceInput, types: readonly string[]): Map<string, string> {
  const positions = new Map(input.columns);
  if (input.asOfColumn !== undefined) positions.set('as_of', input.asOfColumn);
  return new Map([...positions].map(([name, position]) => [name, cellText(`c${position}`, types[position] as string)]));
}

async function openParquet(session: Session, index: number, input: BalanceInput): Promise<OpenSource> {
  const link = session.links[index] as string;
  const described = await session.rows(parquetColumns(link));
  const types = described.map((row) => String(row[1]));
  if (types.length !== input.header.length) {
    throw new Failure(
      'refused',
      'COLUMNS_CHANGED',
      `${input.file} has ${types.length} columns, not ${input.header.length}.`,
      'Run again; the file changed while it was read.',
    );
  }
  for (const position of [...input.columns.values(), ...(input.asOfColumn === undefined ? [] : [input.asOfColumn])]) {
    const type = types[position] as string;
    if (!/\[\d*\]$|^(STRUCT|MAP|UNION|VARIANT)/.test(type)) continue;
    throw new Failure(
      'refused',
      'COLUMN_TYPE',
      `${input.file}, column ${input.header[position]}: ${type} is no single value.`,
      'Write the column as text or a number.',
    );
  }
  const [[count]] = (await session.rows(parquetRowCount(link))) as [[bigint]];
  const columns = described.map((row) => sqlName(String(row[0])));
  return {
    index,
    input,
    relation: parquetRelation(link, columns, input.totalRow === undefined ? undefined : Number(count) - 1),
    whole: parquetRelation(link, columns, undefined),
    types,
    texts: textsOf(input, types),
    rows: Number(count),
    hasFaults: false,
    isParquet: true,
  };
}

async function stage(session: Session, index: number, input: BalanceInput): Promise<OpenSource> {
  const table = await openTable(input);
  const width = input.header.length;
  const name = `staged_${index}`;
  const columns = [
    ...Array.from({ length: width }, (_, at) => `c${at} VARCHAR`),
    'r BIGINT',
    ...FAULT_COLUMNS.map((column) => `${column} VARCHAR`),
  ];
  await session.run(`CREATE TEMP TABLE ${name} (${columns.join(', ')})`);
  const writer = await session.appender(name, [
    ...Array.from({ length: width }, () => 'VARCHAR' as const),
    'BIGINT',
    'VARCHAR',
    'VARCHAR',
    'VARCHAR',
  ]);
  let rows = 0;
  let lastRow = 0;
  let hasFaults = false;
  try {
    for await (const batch of table.batches) {
      session.checkSignal();
      writer.append(columnsOf(batch, input.header));
      rows += batch.length;
      lastRow = batch.at(-1)?.row ?? lastRow;
      hasFaults ||= batch.some((row) => row.fault !== undefined);
    }
  } finally {
    writer.close();
  }
  const types = Array.from({ length: width }, () => 'VARCHAR');
  const relation = stagedRelation(name, input.totalRow === undefined ? undefined : lastRow);
  const whole = stagedRelation(name, undefined);
  return { index, input, relation, whole, types, texts: textsOf(input, types), rows, hasFaults, isParquet: false };
}

async function openTable(input: BalanceInput): Promise<RawTable> {
  if (input.content.kind === 'rows') return input.content.open();
  if (input.content.kind !== 'delimited') throw new Error('a Parquet file is not staged');
  const { readDelimited } = await import('../../ingest/delimited/read-delimited.ts');
  return readDelimited(input.content.delimited);
}

/** A cell that does not exist or is null is the empty text, as everywhere in the core. */
function columnsOf(batch: readonly RawRow[], header: readonly string[]): (string | bigint | null)[][] {
  return [
    ...header.map((_, at) => batch.map((row) => row.values[at] ?? '')),
    batch.map((row) => BigInt(row.row)),
    batch.map((row) => (row.fault === undefined ? null : (header[row.fault.column] ?? ''))),
    batch.map((row) => row.fault?.value ?? null),
    batch.map((row) => row.fault?.reason ?? null),
  ];
}

/** Holds the control total against the rows above it, as written: before units, scaled by six decimals. */
async function withoutControlTotal(session: Session, source: OpenSource): Promise<OpenSource> {
  const { input } = source;
  const { column, value } = input.totalRow as NonNullable<BalanceInput['totalRow']>;
  const refuse = (message: string): Failure =>
    new Failure('refused', 'CONTROL_TOTAL', `${input.file}: ${message}`, 'Send the whole file again.');
  const quantity = source.texts.get('quantity') ?? "''";
  const totals = await session.rows(
    controlTotalRows(source.whole, cellText(`c${column}`, source.types[column] as string), value, quantity),
  );
  const [total] = totals;
  if (totals.length !== 1 || total === undefined || total[1] !== true)
    throw refuse('the control total is not its last row; the file seems cut off');
  const format = input.rules.numberFormat;
  const read = numberReader(source, 'quantity');
  const said = parseDecimal(read(String(total[0] ?? '')).trim(), format);
  let sum = 0n;
  await session.columns(quantityTexts(source.relation, quantity), ([texts = [], counts = []], rows) => {
    for (let row = 0; row < rows; row++) {
      const number = parseDecimal(read(String(texts[row] ?? '')).trim(), format);
      const scaled = number.ok ? rescale(number.value, CONTROL_DECIMALS) : null;
      if (scaled !== null) sum += scaled * (counts[row] as bigint);
    }
  });
  if (!said.ok || rescale(said.value, CONTROL_DECIMALS) !== sum)
    throw refuse(`its rows do not add up to its control total ${total[0]}`);
  return { ...source, rows: source.rows - 1 };
}

const CONTROL_DECIMALS = 12;

/** How the text of a numeric column is read: a binary fraction without its exponent, other types as they stand. */
export function numberReader(source: OpenSource, column: string): (text: string) => string {
  const position = source.input.columns.get(column);
  const type = position === undefined ? '' : source.types[position];
  return type === 'FLOAT' || type === 'DOUBLE' ? plainNumber : (text) => text;
}

/** A binary fraction as DuckDB writes it, without exponent: 1e-07 is 0.0000001. Other texts stay as they are. */
export function plainNumber(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return point >= digits.length
    ? `${sign}${digits.padEnd(point, '0')}`
    : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
