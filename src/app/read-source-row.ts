/**
 * Reads one row of a source's file and those around it, as text as it stands there and as its columns are understood. Never
 * judges what a row means, and never holds more of the file than these rows.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import { findRecords, headText } from '../ingest/delimited/find-records.ts';
import { type OpenedSource, openRows, openSource } from '../ingest/open-source.ts';

export interface SourceRow {
  readonly row: number;
  /** Of a row of Parquet what it is as JSON; null where the format has no text that people can read. */
  readonly raw: string | null;
  /** In the order of the header; empty where the record cannot be read. */
  readonly cells: readonly (string | null)[];
  readonly fault: string | null;
}

export interface SourceRows {
  readonly header: readonly string[];
  readonly rawHeader: string | null;
  /** Canonical name → position in the header. */
  readonly columns: ReadonlyMap<string, number>;
  readonly rows: readonly SourceRow[];
}

const RAW_LENGTH_MAX = 1 << 16;

/** Rows from `first` to `last`, as a spreadsheet counts. Throws a Failure where the file cannot be read as its source says. */
export async function readSourceRows(
  kind: SourceKind,
  config: FileSourceConfig,
  path: string,
  { first, last }: RowRange,
): Promise<SourceRows> {
  const work = await mkdtemp(join(tmpdir(), 'evenstock-rows-'));
  try {
    const opened = await openSource(kind, config, { path, name: basename(path), bytes: -1, modifiedMs: 0 }, work);
    const { header, columns, content } = opened;
    if (content.kind === 'delimited') {
      const found = await findRecords(content.delimited, first, last);
      const rows = found.map(({ row, text, values = [], fault = null }) => ({ row, raw: text, cells: values, fault }));
      return { header, columns, rawHeader: await headText(content.delimited), rows };
    }
    const rows = await rowsOf(opened, config, path, work, { first, last });
    return { header, columns, rawHeader: null, rows };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface RowRange {
  readonly first: number;
  readonly last: number;
}

async function rowsOf(
  opened: OpenedSource,
  { format, encoding }: FileSourceConfig,
  path: string,
  work: string,
  range: RowRange,
): Promise<SourceRow[]> {
  if (format === 'parquet') {
    const { readParquetRows } = await import('../ingest/parquet/read-parquet.ts');
    const rows = await readParquetRows(path, work, range);
    return rows.map(({ row, values, json }) => ({
      row,
      raw: json.slice(0, RAW_LENGTH_MAX),
      cells: values,
      fault: null,
    }));
  }
  const rows = await rowsBetween(opened, work, range);
  if (format !== 'json' && format !== 'jsonl') return rows;
  const { recordTexts } = await import('../ingest/json/record-texts.ts');
  const layout = format === 'jsonl' ? 'lines' : 'document';
  const texts = await recordTexts(path, encoding, layout, range, RAW_LENGTH_MAX);
  return rows.map((row) => ({ ...row, raw: texts.get(row.row) ?? null }));
}

async function rowsBetween(opened: OpenedSource, work: string, { first, last }: RowRange): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const batch of (await openRows(opened, work)).batches) {
    for (const { row, values, fault } of batch) {
      if (row >= first && row <= last) rows.push({ row, raw: null, cells: values, fault: fault?.reason ?? null });
    }
    if ((batch.at(-1)?.row ?? 0) >= last) break;
  }
  return rows;
}
