/** The founding example in every format that the built command line reads, all of its files at once. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import { expect, it } from 'vitest';
import { openDuckDb, sqlText } from '../../src/duckdb/open-duckdb.ts';
import { change, makeFounding } from './founding-world.ts';
import { FOUNDING, readText, runCli } from './run-cli.ts';

type Table = readonly (readonly string[])[];

const readCsv = (path: string): string => `read_csv(${sqlText(path)}, all_varchar = true, header = true)`;

/** The rows of a CSV file, its header first. */
async function tableOf(path: string): Promise<Table> {
  const database = await openDuckDb({ temporaryDirectory: dirname(path) });
  const rows = await database.rows(`SELECT * FROM ${readCsv(path)}`);
  database.close();
  const header = readFileSync(path, 'utf8').split('\n')[0]?.split(',') ?? [];
  return [header, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))];
}

function recordsOf([header = [], ...rows]: Table): Record<string, string>[] {
  return rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ''])));
}

/** Each writes what a CSV file holds beside it. */
const WRITERS: Record<string, (csv: string, path: string) => Promise<void>> = {
  tsv: async (csv, path) => {
    const lines = (await tableOf(csv)).map((row) => row.join('\t'));
    writeFileSync(path, `${lines.join('\n')}\n`);
  },
  json: async (csv, path) => writeFileSync(path, JSON.stringify(recordsOf(await tableOf(csv)), null, 1)),
  jsonl: async (csv, path) => {
    const lines = recordsOf(await tableOf(csv)).map((record) => JSON.stringify(record));
    writeFileSync(path, `${lines.join('\n')}\n`);
  },
  xlsx: async (csv, path) => {
    const rows = (await tableOf(csv)).map((row) => [...row]);
    writeFileSync(path, await writeXlsx({ sheets: [{ name: 'Stock', rows }] }));
  },
  parquet: async (csv, path) => {
    const database = await openDuckDb({ temporaryDirectory: dirname(path) });
    await database.run(`COPY (SELECT * FROM ${readCsv(csv)}) TO ${sqlText(path)} (FORMAT parquet)`);
    database.close();
  },
};

it.each(Object.keys(WRITERS))(
  '%s: gives the report of the founding example',
  async (format) => {
    const folder = await makeFounding(`format-${format}`);
    for (const name of readdirSync(join(folder, 'in')).filter((each) => each.endsWith('.csv'))) {
      const csv = join(folder, 'in', name);
      await WRITERS[format]?.(csv, csv.replace('.csv', `.${format}`));
      rmSync(csv);
    }
    change(folder, 'evenstock.yaml', /format: csv/g, `format: ${format}`);
    change(folder, 'evenstock.yaml', /(in\/\w+)\.csv/g, `$1.${format}`);
    const run = await runCli(folder, 'reconcile', '--out', 'out');
    expect(run.code, run.err).toBe(0);
    expect(readText(folder, 'out', 'discrepancies.csv')).toBe(readText(FOUNDING, 'expected', 'discrepancies.csv'));
  },
  120_000,
);
