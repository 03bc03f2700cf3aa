/**
 * Keeps what a run explained, item by item, so that any item can be shown later without the files: the evidence that was
 * gathered, and what was made of it. Two Parquet files with one row per item. Never changes what it is given.
 */
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemEvidence } from '../core/explain/evidence.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { SMALL_ROWS_MAX, writeSmallParquet } from '../duckdb/small-parquet.ts';
import type { KeptKey } from './kept-item.ts';

export const EVIDENCE_FILE = 'evidence.parquet';
export const EXPLANATIONS_FILE = 'explanations.parquet';

/** Lines of JSON up to so many bytes in all are written without the database. */
const SMALL_BYTES_MAX = 16 << 20;
/** DuckDB takes twice the longest line for a buffer of each thread. */
const BUFFER_BYTES_MIN = 16 << 20;
const ITEMS_PER_GROUP = 512;

/** What was made of one item. */
export interface KeptExplanation {
  readonly item: string;
  readonly keys: readonly KeptKey[];
}

/** Writes `explanations.parquet` into a folder of the run. */
export async function keepExplanations(
  folder: string,
  explanations: Iterable<KeptExplanation>,
  temporaryDirectory: string,
): Promise<void> {
  const path = join(temporaryDirectory, 'explanations.jsonl');
  const file = await open(path, 'wx', 0o600);
  try {
    let lines: string[] = [];
    for (const explanation of explanations) {
      lines.push(`${JSON.stringify(explanation)}\n`);
      if (lines.length < 256) continue;
      await file.write(lines.join(''));
      lines = [];
    }
    await file.write(lines.join(''));
  } finally {
    await file.close();
  }
  await keepLines([path], join(folder, EXPLANATIONS_FILE), temporaryDirectory);
}

/** Writes `evidence.parquet` from the files that the threads have written. */
export function keepEvidence(folder: string, files: readonly string[], temporaryDirectory: string): Promise<void> {
  return keepLines(files, join(folder, EVIDENCE_FILE), temporaryDirectory);
}

/** One row per line of JSON that names its item, sorted by item. */
async function keepLines(files: readonly string[], path: string, temporaryDirectory: string): Promise<void> {
  const { bytes, lines, longest } = await measureLines(files);
  if (lines <= SMALL_ROWS_MAX && bytes <= SMALL_BYTES_MAX) return keepFew(files, path);
  const buffer = Math.max(BUFFER_BYTES_MIN, longest * 2);
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: Math.max(1e9, buffer * 8) });
  try {
    await database.run('SET threads = 2');
    const list = files.map(sqlText).join(', ');
    await database.run(
      `COPY (SELECT json->>'item' AS item, CAST(json AS VARCHAR) AS document
        FROM read_ndjson_objects([${list}], maximum_object_size=${buffer}) ORDER BY item)
      TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ITEMS_PER_GROUP * 4})`,
    );
  } finally {
    database.close();
  }
}

async function measureLines(files: readonly string[]): Promise<{ bytes: number; lines: number; longest: number }> {
  const found = { bytes: 0, lines: 0, longest: 0 };
  let length = 0;
  for (const file of files) {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      found.bytes += chunk.length;
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        found.lines++;
        found.longest = Math.max(found.longest, length + end - from + 1);
        length = 0;
        from = end + 1;
      }
      length += chunk.length - from;
    }
  }
  return found;
}

async function keepFew(files: readonly string[], path: string): Promise<void> {
  const rows: { item: string; document: string }[] = [];
  for (const file of files) {
    for (const document of (await readFile(file, 'utf8')).split('\n')) {
      if (document !== '') rows.push({ item: (JSON.parse(document) as Pick<ItemEvidence, 'item'>).item, document });
    }
  }
  rows.sort((a, b) => (a.item < b.item ? -1 : 1));
  await writeSmallParquet(path, [
    { name: 'item', type: 'VARCHAR', values: rows.map(({ item }) => item) },
    { name: 'document', type: 'VARCHAR', values: rows.map(({ document }) => document) },
  ]);
}
