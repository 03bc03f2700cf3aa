/**
 * Writes discrepancies as a stream, as fast as it is read and no faster. Decides nothing of the form of a line: it is that of
 * the files of a run.
 */
import { Readable } from 'node:stream';
import { DISCREPANCY_COLUMNS, type DiscrepancyLine, NUMERIC_DISCREPANCY_COLUMNS } from '../contract/run.ts';
import { csvLine } from '../report/csv.ts';

export const EXPORT_TYPES = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
export type ExportFormat = keyof typeof EXPORT_TYPES;

type Batches = AsyncIterable<readonly DiscrepancyLine[]>;

/** The stream fails where reading the lines does. */
export async function exportDiscrepancies(batches: Batches, format: ExportFormat): Promise<Readable> {
  if (format === 'xlsx') return (await import('../report/xlsx.ts')).streamXlsx(batches);
  return Readable.from(format === 'csv' ? csvParts(batches) : jsonParts(batches), { objectMode: false });
}

async function* csvParts(batches: Batches): AsyncGenerator<string> {
  const numeric: readonly string[] = NUMERIC_DISCREPANCY_COLUMNS;
  const isText = DISCREPANCY_COLUMNS.map((name) => !numeric.includes(name));
  yield `${DISCREPANCY_COLUMNS.join(',')}\n`;
  for await (const batch of batches) {
    const lines = batch.map((line) =>
      csvLine(
        DISCREPANCY_COLUMNS.map((name) => line[name]),
        isText,
      ),
    );
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  }
}

async function* jsonParts(batches: Batches): AsyncGenerator<string> {
  const columns: string[] = [...DISCREPANCY_COLUMNS];
  let isFirst = true;
  for await (const batch of batches) {
    const lines = batch.map((line) => JSON.stringify(line, columns));
    if (lines.length === 0) continue;
    yield `${isFirst ? '[\n' : ',\n'}${lines.join(',\n')}`;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : '\n]\n';
}
