/**
 * Writes discrepancies as a stream, as fast as it is read and no faster. Decides nothing of the form of a line: it is that of
 * the files of a run.
 */
import { Readable } from 'node:stream';
import type { DiscrepancyColumn, DiscrepancyLine } from '../contract/run.ts';
import { DISCREPANCY_COLUMNS, NUMERIC_DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { csvLine } from '../report/csv.ts';

export const EXPORT_TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type ExportFormat = keyof typeof EXPORT_TYPES;

type Batches = AsyncIterable<readonly DiscrepancyLine[]>;

type Columns = readonly DiscrepancyColumn[];

/** The stream fails where reading the lines does. `columns`: all where none is named. */
export async function exportDiscrepancies(
  batches: Batches,
  format: ExportFormat,
  columns: Columns = [],
): Promise<Readable> {
  const written = columns.length === 0 ? DISCREPANCY_COLUMNS : [...new Set(columns)];
  if (format === 'xlsx') return (await import('../report/xlsx.ts')).streamXlsx(batches, written);
  return Readable.from(format === 'csv' ? csvParts(batches, written) : jsonParts(batches, written), {
    objectMode: false,
  });
}

async function* csvParts(batches: Batches, columns: Columns): AsyncGenerator<string> {
  const numeric: readonly string[] = NUMERIC_DISCREPANCY_COLUMNS;
  const isText = columns.map((name) => !numeric.includes(name));
  yield `${columns.join(',')}\n`;
  for await (const batch of batches) {
    const lines = batch.map((line) =>
      csvLine(
        columns.map((name) => line[name]),
        isText,
      ),
    );
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
}

async function* jsonParts(batches: Batches, columns: Columns): AsyncGenerator<string> {
  const names: string[] = [...columns];
  let isFirst = true;
  for await (const batch of batches) {
    const lines = batch.map((line) => JSON.stringify(line, names));
    if (lines.length === 0) continue;
    yield `${isFirst ? '[\n' : ',\n'}${lines.join(',\n')}`;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : '\n]\n';
}
