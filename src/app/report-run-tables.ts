/** Reads the tables of a kept run back as they were written. Never computes anything. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REJECTION_COLUMNS, TIMING_COLUMNS } from '../contract/run.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { openDelimited } from '../ingest/delimited/open-delimited.ts';
import { readDelimited } from '../ingest/delimited/read-delimited.ts';
import { CONTRIBUTION_COLUMNS, type TimingLine } from './run-lines.ts';

export interface KeptTables {
  readonly timing: readonly TimingLine[];
  readonly contributions: readonly (readonly string[])[];
  readonly rejections: readonly Rejection[];
}

/** The tables of a kept run as they were written, in their order. A table that the run did not write has no rows. */
export async function readKeptTables(folder: string, temporaryDirectory: string): Promise<KeptTables> {
  const read = (name: string, columns: readonly string[]): Promise<Record<string, string>[]> =>
    readTable(join(folder, name), columns, temporaryDirectory);
  const timing = await read('timing.csv', TIMING_COLUMNS);
  const contributions = await read('contributions.csv', CONTRIBUTION_COLUMNS);
  const rejections = await read('rejections.csv', REJECTION_COLUMNS);
  return {
    timing: timing as TimingLine[],
    contributions: contributions.map((row) => CONTRIBUTION_COLUMNS.map((name) => row[name] ?? '')),
    rejections: rejections.map((row) => ({ ...(row as unknown as Rejection), row: Number(row['row']) })),
  };
}

/** A table that the run did not write has no rows. */
async function readTable(
  path: string,
  columns: readonly string[],
  temporaryDirectory: string,
): Promise<Record<string, string>[]> {
  if (!existsSync(path)) return [];
  const file = await openDelimited(path, {
    format: 'csv',
    delimiter: ',',
    knownColumns: new Set(columns),
    temporaryDirectory,
  });
  const rows: Record<string, string>[] = [];
  for await (const batch of readDelimited(file).batches) {
    for (const { values } of batch)
      rows.push(Object.fromEntries(file.header.map((name, index) => [name, unguarded(values[index] ?? '')])));
  }
  return rows;
}

/** Takes the apostrophe away with which text that a spreadsheet would run as a formula was written. */
function unguarded(text: string): string {
  return /^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}
