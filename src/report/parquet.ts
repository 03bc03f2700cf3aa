/** Writes the lines of a report as Parquet: decimals as decimals, the rest as text. Never changes a value. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DISCREPANCY_COLUMNS, type DiscrepancyColumn, type DiscrepancyLine } from '../contract/run.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { SMALL_ROWS_MAX, type SmallColumn, writeSmallParquet } from '../duckdb/small-parquet.ts';
import { csvLine } from './csv.ts';
import { writePieces } from './file-sink.ts';

/** Types of the columns that are not text. An empty cell of these is null. */
const TYPES: Readonly<Partial<Record<DiscrepancyColumn, string>>> = {
  rank: 'BIGINT',
  erp_quantity: 'DECIMAL(18, 6)',
  wms_quantity: 'DECIMAL(18, 6)',
  variance_quantity: 'DECIMAL(18, 6)',
  in_flight_quantity: 'DECIMAL(18, 6)',
  net_variance_quantity: 'DECIMAL(18, 6)',
  unit_cost: 'DECIMAL(38, 12)',
  variance_value: 'DECIMAL(38, 4)',
  cause_confidence: 'DECIMAL(4, 3)',
  explained_quantity: 'DECIMAL(18, 6)',
  unexplained_quantity: 'DECIMAL(18, 6)',
  impact_value: 'DECIMAL(38, 4)',
  days_out_of_sync: 'BIGINT',
};

/** A field of a source has a megabyte at most; a line holds some of them, perhaps with all quotes doubled. */
const LINE_BYTES_MAX = 16 << 20;

/** Columns of a kept run: those of the contract and the side that a key is absent from. */
export const KEPT_COLUMNS = [...DISCREPANCY_COLUMNS, 'absent_from'] as const;

/**
 * `given`: DISCREPANCY_COLUMNS for a report, KEPT_COLUMNS for the history. `table`: a CSV file that holds the same columns of
 * the same lines, where there is one. Many lines go to the database as text: to hand it a million single cells takes the
 * main thread ten times as long.
 */
export async function writeParquet(
  path: string,
  given: readonly (keyof DiscrepancyLine)[],
  lines: Iterable<DiscrepancyLine>,
  temporaryDirectory: string,
  table?: string,
): Promise<void> {
  if (Array.isArray(lines) && lines.length <= SMALL_ROWS_MAX)
    return writeSmallParquet(path, smallColumns(given, lines));
  // The database takes a path for a pattern.
  const base = GLOB_CHARACTERS.test(temporaryDirectory) ? tmpdir() : temporaryDirectory;
  const folder = await mkdtemp(join(base, 'lines-'));
  const database = await openDuckDb({ temporaryDirectory });
  try {
    const isUsable = table !== undefined && !GLOB_CHARACTERS.test(table);
    const source = isUsable ? table : join(folder, 'lines.csv');
    if (!isUsable) await writePieces(source, textOf(given, lines));
    await database.run(
      `COPY (SELECT ${given.map(typedCell).join(', ')} FROM ${readCells(source, given)}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const GLOB_CHARACTERS = /[[\]*?{}]/;

/** Every cell as it is: no spreadsheet reads this. */
function* textOf(columns: readonly (keyof DiscrepancyLine)[], lines: Iterable<DiscrepancyLine>): Generator<string> {
  yield `${columns.join(',')}\n`;
  for (const line of lines)
    yield `${csvLine(
      columns.map((name) => line[name]),
      [],
    )}\n`;
}

function typedCell(name: keyof DiscrepancyLine): string {
  const type = TYPES[name as DiscrepancyColumn];
  return type === undefined ? `"${name}"` : `CAST(NULLIF("${name}", '') AS ${type}) AS "${name}"`;
}

/** The cells of a CSV file of our own as texts: nothing is left to detect, and no text is null. One thread, since cells may hold line ends. */
function readCells(path: string, columns: readonly string[]): string {
  const types = columns.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  const names = columns.map(sqlText).join(', ');
  return `read_csv(${sqlText(path)}, header=true, auto_detect=false, delim=',', quote='"', escape='"', new_line='\\n', strict_mode=false, parallel=false, max_line_size=${LINE_BYTES_MAX}, force_not_null=[${names}], columns={${types}})`;
}

function smallColumns(columns: readonly (keyof DiscrepancyLine)[], lines: readonly DiscrepancyLine[]): SmallColumn[] {
  return columns.map((name) => {
    const [, precision, scale] = /^DECIMAL\((\d+), (\d+)\)$/.exec(TYPES[name as DiscrepancyColumn] ?? '') ?? [];
    const type =
      TYPES[name as DiscrepancyColumn] === 'BIGINT'
        ? 'BIGINT'
        : precision === undefined
          ? 'VARCHAR'
          : { precision: Number(precision), scale: Number(scale) };
    return { name, type, values: lines.map((line) => line[name]) };
  });
}

/** The lines of a kept run, in rank order. Decimals come back as the plain text that was written. */
export async function readKeptLines(
  path: string,
  minorDecimals: number,
  temporaryDirectory: string,
): Promise<DiscrepancyLine[]> {
  const database = await openDuckDb({ temporaryDirectory });
  try {
    const select = KEPT_COLUMNS.map((name) => `COALESCE("${name}"::VARCHAR, '')`);
    const rows = await database.rows(`SELECT ${select.join(', ')} FROM read_parquet(${sqlText(path)}) ORDER BY rank`);
    return rows.map((values) => {
      const line = Object.fromEntries(
        KEPT_COLUMNS.map((name, index) => [name, plain(name, String(values[index]), minorDecimals)]),
      );
      return line as unknown as DiscrepancyLine;
    });
  } finally {
    database.close();
  }
}

/** Takes the zeros away with which Parquet fills a decimal up to its scale. */
function plain(name: string, text: string, minorDecimals: number): string {
  const type = TYPES[name as DiscrepancyColumn];
  if (type === undefined || !text.includes('.')) return text;
  const [whole = '', fraction = ''] = text.split('.');
  if (name === 'variance_value' || name === 'impact_value')
    return minorDecimals === 0 ? whole : `${whole}.${fraction.slice(0, minorDecimals)}`;
  const kept = fraction.replace(/0+$/, '');
  return kept === '' ? whole : `${whole}.${kept}`;
}
