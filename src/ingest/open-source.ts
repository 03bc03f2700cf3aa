/**
 * Opens one source of the configuration whatever its format, and finds its columns by their canonical names.
 * Never reads rows; never guesses a column that is not named.
 */
import type { FileSourceConfig } from '../contract/configuration.ts';
import { CANONICAL_COLUMNS, type SourceKind } from '../contract/configuration.ts';
import { Failure } from '../core/model/failure.ts';
import type { NumberFormat } from '../core/normalize/number.ts';
import type { TimeFormat } from '../core/normalize/time.ts';
import type { DelimitedFile } from './delimited/delimited-file.ts';
import type { FoundFile } from './files/find-file.ts';
import type { RawTable, ReadOptions } from './raw-table.ts';

export interface OpenedSource {
  readonly file: FoundFile;
  readonly header: readonly string[];
  /** Canonical name → position in the header. */
  readonly columns: ReadonlyMap<string, number>;
  /** Columns of the file that have no meaning here. */
  readonly unknownColumns: readonly string[];
  readonly content:
    | { readonly kind: 'delimited'; readonly delimited: DelimitedFile }
    | { readonly kind: 'parquet'; readonly path: string }
    | { readonly kind: 'rows'; readonly open: () => Promise<RawTable> };
}

/** Columns without which a source of a kind says nothing; constants may stand in for them. */
export const REQUIRED_COLUMNS: Readonly<Partial<Record<SourceKind, readonly string[]>>> = {
  balances: ['site', 'item', 'status', 'quantity'],
  movements: ['movement_id', 'posted_at', 'site', 'item', 'status', 'quantity'],
  messages: ['message_id', 'sent_at', 'state'],
  items: ['item'],
  packs: ['item', 'uom', 'factor'],
  aliases: ['system', 'alias', 'item'],
  sites: ['system', 'alias', 'site'],
  demand: ['item'],
  promotions: ['item', 'starts_on', 'ends_on'],
};

/** A required column that is missing throws a Failure of kind `refused` that names it and the columns found. */
export async function openSource(
  kind: SourceKind,
  source: FileSourceConfig,
  file: FoundFile,
  temporaryDirectory: string,
): Promise<OpenedSource> {
  const content = await openContent(kind, source, file, temporaryDirectory);
  const { columns, unknownColumns } = findColumns(kind, source, file.name, content.header);
  return { file, header: content.header, columns, unknownColumns, content: content.content };
}

async function openContent(
  kind: SourceKind,
  source: FileSourceConfig,
  file: FoundFile,
  temporaryDirectory: string,
): Promise<{ header: readonly string[]; content: OpenedSource['content'] }> {
  const options: ReadOptions = {
    encoding: source.encoding,
    delimiter: source.delimiter,
    quote: source.quote,
    header: source.header,
    skipRows: source.skip_rows,
    sheet: source.sheet,
  };
  if (source.format === 'csv' || source.format === 'tsv') {
    const { openDelimited } = await import('./delimited/open-delimited.ts');
    const knownColumns = new Set(
      [...CANONICAL_COLUMNS[kind], ...Object.values(source.columns ?? {})].map((name) => name.toLowerCase()),
    );
    const delimited = await openDelimited(file.path, {
      ...options,
      format: source.format,
      knownColumns,
      temporaryDirectory,
    });
    return { header: delimited.header, content: { kind: 'delimited', delimited } };
  }
  if (source.format === 'parquet') {
    if (file.bytes === 0) {
      const message = `${file.name} is empty (0 bytes); an empty file is not zero stock`;
      throw new Failure('refused', 'EMPTY', message, 'Send the file again.');
    }
    const { readParquetHeader } = await import('./parquet/read-parquet.ts');
    return {
      header: await readParquetHeader(file.path, temporaryDirectory),
      content: { kind: 'parquet', path: file.path },
    };
  }
  const open = (): Promise<RawTable> => readRows(source.format, file.path, options);
  const table = await open();
  return { header: table.header, content: { kind: 'rows', open } };
}

async function readRows(format: FileSourceConfig['format'], path: string, options: ReadOptions): Promise<RawTable> {
  if (format === 'xlsx') return (await import('./xlsx/read-xlsx.ts')).readXlsx(path, options);
  if (format === 'json') return (await import('./json/read-json.ts')).readJson(path, options);
  if (format === 'jsonl') return (await import('./json/read-jsonl.ts')).readJsonl(path, options);
  throw new Failure(
    'configuration',
    'FORMAT_NOT_BUILT',
    `format ${format} is not built yet`,
    'Use csv, tsv, xlsx, parquet, json or jsonl.',
  );
}

function findColumns(
  kind: SourceKind,
  source: FileSourceConfig,
  name: string,
  header: readonly string[],
): { columns: Map<string, number>; unknownColumns: string[] } {
  const find = (column: string): number => {
    const exact = header.indexOf(column);
    return exact >= 0 ? exact : header.findIndex((candidate) => candidate.toLowerCase() === column.toLowerCase());
  };
  refuseRepeats(name, header);
  const columns = new Map<string, number>();
  const missing: string[] = [];
  for (const [canonical, column] of Object.entries(source.columns ?? {})) {
    const position = find(column);
    if (position < 0) missing.push(column);
    else columns.set(canonical, position);
  }
  const used = new Set(columns.values());
  for (const canonical of CANONICAL_COLUMNS[kind]) {
    if (columns.has(canonical) || Object.hasOwn(source.columns ?? {}, canonical)) continue;
    const position = find(canonical);
    if (position >= 0 && !used.has(position)) columns.set(canonical, position);
  }
  const constants = source.constants ?? {};
  for (const canonical of REQUIRED_COLUMNS[kind] ?? []) {
    if (
      !columns.has(canonical) &&
      !Object.hasOwn(constants, canonical) &&
      !Object.hasOwn(source.columns ?? {}, canonical)
    )
      missing.push(canonical);
  }
  const taken = new Set(columns.values());
  const unknownColumns = header.filter((_, position) => !taken.has(position));
  if (missing.length > 0) {
    const found =
      unknownColumns.length === 0
        ? 'no further columns'
        : `the columns ${unknownColumns.slice(0, 20).join(', ')}, which have no meaning here`;
    throw new Failure(
      'refused',
      'COLUMN_MISSING',
      `${name} has no column ${missing.join(', ')}; it has ${found}`,
      'Correct the extract, or name the columns of this source under columns.',
    );
  }
  return { columns, unknownColumns };
}

function refuseRepeats(name: string, header: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const column of header) {
    const before = seen.get(column.toLowerCase());
    if (before !== undefined && column !== '') {
      throw new Failure(
        'refused',
        'DUPLICATE_COLUMN',
        `${name} has the columns ${before} and ${column}, which are the same`,
        'Rename one of them, or leave it out of the extract.',
      );
    }
    seen.set(column.toLowerCase(), column);
  }
}

/** All rows of a source as text, whatever its format. */
export async function openRows(opened: OpenedSource, temporaryDirectory: string): Promise<RawTable> {
  const { content } = opened;
  if (content.kind === 'rows') return content.open();
  if (content.kind === 'delimited')
    return (await import('./delimited/read-delimited.ts')).readDelimited(content.delimited);
  return (await import('./parquet/read-parquet.ts')).readParquet(content.path, temporaryDirectory);
}

export function numberFormatOf(source: FileSourceConfig): NumberFormat {
  return { decimal: source.decimal, thousands: source.thousands, negative: source.negative };
}

export function timeFormatOf(source: FileSourceConfig): TimeFormat {
  return { timeZone: source.time_zone, timeFormat: source.time_format };
}
