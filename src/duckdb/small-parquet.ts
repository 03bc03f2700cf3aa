/**
 * Writes small Parquet files without the database, whose code takes a fifth of a second to load. Never rounds: decimals
 * come as text and go as whole numbers of their last place.
 */

/** Rows up to which this way is the faster one. */
export const SMALL_ROWS_MAX = 20_000;

/** Of the types that DuckDB writes too: VARCHAR, BIGINT, or DECIMAL with at most 38 digits. */
export interface SmallColumn {
  readonly name: string;
  readonly type: 'VARCHAR' | 'BIGINT' | { readonly precision: number; readonly scale: number };
  /** Decimals and whole numbers as plain text; null and '' are null for all types but VARCHAR. */
  readonly values: readonly string[];
}

/** Writes one file; the same columns give the same bytes. */
export async function writeSmallParquet(path: string, columns: readonly SmallColumn[]): Promise<void> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const { writeFile } = await import('node:fs/promises');
  const bytes = parquetWriteBuffer({
    columnData: columns.map(({ name, type, values }) => ({ name, data: values.map((value) => cell(type, value)) })),
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(({ name, type }) => element(name, type))],
    createdBy: 'evenstock',
  });
  await writeFile(path, new Uint8Array(bytes));
}

function cell(type: SmallColumn['type'], value: string): string | bigint | null {
  if (type === 'VARCHAR') return value;
  if (value === '') return null;
  if (type === 'BIGINT') return BigInt(value);
  const [whole = '0', fraction = ''] = value.split('.');
  return BigInt(whole + fraction.padEnd(type.scale, '0'));
}

type Element = NonNullable<Parameters<typeof import('hyparquet-writer').parquetWriteBuffer>[0]['schema']>[number];

function element(name: string, type: SmallColumn['type']): Element {
  if (type === 'VARCHAR') return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
  if (type === 'BIGINT') return { name, type: 'INT64', repetition_type: 'OPTIONAL' };
  const decimal = { name, converted_type: 'DECIMAL', repetition_type: 'OPTIONAL', ...type } as const;
  // Up to 18 digits fit into 64 bits; 38 need 128.
  return type.precision <= 18
    ? { ...decimal, type: 'INT64' }
    : { ...decimal, type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16 };
}
