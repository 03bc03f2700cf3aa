/**
 * Reads one row of a source's file and those around it, as text as it stands there and as its columns are understood. Never
 * judges what a row means, and never holds more of the file than these rows.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FileSourceConfig, SourceKind } from '../contract/configuration.ts';
import { findRecords, headText } from '../ingest/delimited/find-records.ts';
import { type OpenedSource, openRows, openSource } from '../ingest/open-source.ts';

export interface SourceRow {
  readonly row: number;
  /** null where the format has no text that people can read. */
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
  { first, last }: { readonly first: number; readonly last: number },
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
    const rows = await rowsBetween(opened, work, first, last);
    const raws = config.format === 'jsonl' ? await linesBetween(path, config, first, last) : undefined;
    return {
      ...{ header, columns, rawHeader: null },
      rows: rows.map((row) => ({ ...row, raw: raws?.get(row.row) ?? null })),
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function rowsBetween(opened: OpenedSource, work: string, first: number, last: number): Promise<SourceRow[]> {
  const rows: SourceRow[] = [];
  for await (const batch of (await openRows(opened, work)).batches) {
    for (const { row, values, fault } of batch) {
      if (row >= first && row <= last) rows.push({ row, raw: null, cells: values, fault: fault?.reason ?? null });
    }
    if ((batch.at(-1)?.row ?? 0) >= last) break;
  }
  return rows;
}

/** Text of lines by their number; none where the encoding is not Unicode. */
async function linesBetween(
  path: string,
  { encoding }: FileSourceConfig,
  first: number,
  last: number,
): Promise<Map<number, string>> {
  const lines = new Map<number, string>();
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) return lines;
  const stream = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      if (number >= first) lines.set(number, line.slice(0, RAW_LENGTH_MAX));
      if (number >= last) break;
    }
  } finally {
    stream.destroy();
  }
  return lines;
}
