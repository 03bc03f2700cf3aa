/** Writes the lines of a report as Parquet: decimals as decimals, the rest as text. Never changes a value. */
import { DISCREPANCY_COLUMNS, type DiscrepancyColumn, type DiscrepancyLine } from '../contract/run.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { SMALL_ROWS_MAX, type SmallColumn, writeSmallParquet } from '../duckdb/small-parquet.ts';

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

const CHUNK_ROWS = 2048;

/** Columns of a kept run: those of the contract and the side that a key is absent from. */
export const KEPT_COLUMNS = [...DISCREPANCY_COLUMNS, 'absent_from'] as const;

/** `given`: DISCREPANCY_COLUMNS for a report, KEPT_COLUMNS for the history. */
export async function writeParquet(
  path: string,
  given: readonly (keyof DiscrepancyLine)[],
  lines: Iterable<DiscrepancyLine>,
  temporaryDirectory: string,
): Promise<void> {
  if (Array.isArray(lines) && lines.length <= SMALL_ROWS_MAX)
    return writeSmallParquet(path, smallColumns(given, lines));
  const { DuckDBDataChunk, VARCHAR } = await import('@duckdb/node-api');
  const database = await openDuckDb({ temporaryDirectory });
  try {
    const constants = constantColumns(given, lines);
    const columns = given.filter((name) => !constants.has(name));
    await database.run(`CREATE TABLE lines (${columns.map((name) => `"${name}" VARCHAR`).join(', ')})`);
    const appender = await database.connection.createAppender('lines');
    const types = columns.map(() => VARCHAR);
    const append = (rows: readonly DiscrepancyLine[]): void => {
      const chunk = DuckDBDataChunk.create(types, rows.length);
      for (const [index, name] of columns.entries())
        chunk.setColumnValues(
          index,
          rows.map((row) => row[name]),
        );
      appender.appendDataChunk(chunk);
    };
    let rows: DiscrepancyLine[] = [];
    for (const line of lines) {
      rows.push(line);
      if (rows.length < CHUNK_ROWS) continue;
      append(rows);
      rows = [];
    }
    if (rows.length > 0) append(rows);
    appender.closeSync();
    const select = given.map((name) => {
      const constant = constants.get(name);
      const value = constant === undefined ? `"${name}"` : sqlText(constant);
      const type = TYPES[name as DiscrepancyColumn];
      return type === undefined ? `${value} AS "${name}"` : `CAST(NULLIF(${value}, '') AS ${type}) AS "${name}"`;
    });
    await database.run(
      `COPY (SELECT ${select.join(', ')} FROM lines) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd)`,
    );
  } finally {
    database.close();
  }
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

/** Columns that hold one value in all lines, with it: handing them over line by line would take half of the time. */
function constantColumns(
  columns: readonly (keyof DiscrepancyLine)[],
  lines: Iterable<DiscrepancyLine>,
): Map<keyof DiscrepancyLine, string> {
  const constants = new Map<keyof DiscrepancyLine, string>();
  if (!Array.isArray(lines)) return constants;
  const [first, ...others] = lines as DiscrepancyLine[];
  if (first === undefined) return constants;
  for (const name of columns) {
    const value = first[name];
    if (name !== 'rank' && others.every((line) => line[name] === value)) constants.set(name, value);
  }
  return constants;
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
