/** Writes a report into a folder in the formats asked for. Never computes anything; the folder appears whole or not at all. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ItemView } from '../contract/item-view.ts';
import {
  DISCREPANCY_COLUMNS,
  type DiscrepancyLine,
  NUMERIC_DISCREPANCY_COLUMNS,
  REJECTION_COLUMNS,
  type Report,
  TIMING_COLUMNS,
  UNMAPPED_COLUMNS,
} from '../contract/run.ts';
import type { Rejection } from '../core/model/rejection.ts';
import { writeCsv } from '../report/csv.ts';
import { CONTRIBUTION_COLUMNS, type TimingLine } from './run-lines.ts';

export const OUT_FORMATS = ['csv', 'json', 'html', 'xlsx', 'parquet'] as const;
export type OutFormat = (typeof OUT_FORMATS)[number];

/** Lines that report.html holds at most; more stay quick neither in a browser nor on paper. */
const HTML_LINES_MAX = 20_000;

/** Everything a folder is made of. The functions may be called several times. */
export interface Outputs {
  readonly report: Report;
  readonly lines: () => Iterable<DiscrepancyLine>;
  readonly timing: () => Iterable<TimingLine>;
  readonly contributions: () => Iterable<readonly string[]>;
  readonly rejections: readonly Rejection[];
  /** Views of the first items, for the page; undefined where the run explained nothing. */
  readonly views?: () => Promise<readonly ItemView[] | undefined>;
}

/** The tables that stand beside the discrepancies in every form. */
async function writeTables(folder: string, outputs: Outputs): Promise<void> {
  const { report } = outputs;
  await writeCsv(
    join(folder, 'timing.csv'),
    TIMING_COLUMNS,
    TIMING_COLUMNS.filter((name) => /quantity|value|cost/.test(name)),
    map(outputs.timing(), (line) => TIMING_COLUMNS.map((name) => line[name])),
  );
  await writeCsv(
    join(folder, 'rejections.csv'),
    REJECTION_COLUMNS,
    ['row'],
    map(outputs.rejections, (rejection) => REJECTION_COLUMNS.map((name) => String(rejection[name]))),
  );
  await writeCsv(
    join(folder, 'unmapped.csv'),
    UNMAPPED_COLUMNS,
    ['rows', 'quantity', 'value'],
    map(report.run.unmapped, (status) => UNMAPPED_COLUMNS.map((name) => String(status[name]))),
  );
  await writeCsv(
    join(folder, 'contributions.csv'),
    CONTRIBUTION_COLUMNS,
    ['quantity', 'confidence'],
    outputs.contributions(),
  );
}

async function writeRunDocument(folder: string, report: Report): Promise<void> {
  await writeFile(join(folder, 'run.json'), `${JSON.stringify(report.run, null, 2)}\n`);
}

/** Discrepancies of which the CSV is written and the Parquet file under way: the database writes it in threads of its own. */
export interface BegunLines {
  readonly parquet: Promise<void> | undefined;
}

/** Writes what needs the lines and nothing else of a complete run, as far as it is asked for, into a folder that exists. */
export async function beginLines(
  folder: string,
  formats: readonly OutFormat[],
  { lines }: Pick<Outputs, 'lines'>,
  temporaryDirectory: string,
): Promise<BegunLines> {
  const table = formats.includes('csv') ? await writeLinesAsCsv(folder, lines) : undefined;
  if (!formats.includes('parquet')) return { parquet: undefined };
  const parquet = writeLinesAsParquet(folder, lines, temporaryDirectory, table);
  // Whoever awaits it is told; until then a failure must not count as unhandled.
  parquet.catch(() => undefined);
  return { parquet };
}

/**
 * Writes into a folder that exists. A refused run gets its tables and no discrepancies. `run.json` comes last. `begun`: the
 * lines that were begun in this folder.
 */
export async function writeOutputs(
  folder: string,
  formats: readonly OutFormat[],
  outputs: Outputs,
  temporaryDirectory: string,
  begun?: BegunLines,
): Promise<void> {
  const { report } = outputs;
  if (report.run.state === 'complete') {
    const { parquet } = begun ?? (await beginLines(folder, formats, outputs, temporaryDirectory));
    await writeTables(folder, outputs);
    if (formats.includes('json'))
      await (await import('../report/json.ts')).writeJson(join(folder, 'discrepancies.json'), outputs.lines());
    await parquet;
    if (formats.includes('xlsx'))
      await (await import('../report/xlsx.ts')).writeXlsx(join(folder, 'discrepancies.xlsx'), {
        ...report,
        lines: outputs.lines(),
      });
  } else {
    await writeTables(folder, outputs);
  }
  if (formats.includes('html'))
    await writeHtml(join(folder, 'report.html'), { ...report, lines: outputs.lines() }, await outputs.views?.());
  await writeRunDocument(folder, report);
}

/** The path of the table; undefined where a spreadsheet had to be kept from reading a cell of it as a formula. */
async function writeLinesAsCsv(folder: string, lines: Outputs['lines']): Promise<string | undefined> {
  const path = join(folder, 'discrepancies.csv');
  const { isAsGiven } = await writeCsv(
    path,
    DISCREPANCY_COLUMNS,
    NUMERIC_DISCREPANCY_COLUMNS,
    map(lines(), (line) => DISCREPANCY_COLUMNS.map((name) => line[name])),
  );
  return isAsGiven ? path : undefined;
}

async function writeLinesAsParquet(
  folder: string,
  lines: Outputs['lines'],
  temporaryDirectory: string,
  table: string | undefined,
): Promise<void> {
  const { writeParquet } = await import('../report/parquet.ts');
  const path = join(folder, 'discrepancies.parquet');
  await writeParquet(path, DISCREPANCY_COLUMNS, lines(), temporaryDirectory, table);
}

async function writeHtml(path: string, report: Report, views: readonly ItemView[] | undefined): Promise<void> {
  const { renderHtml } = await import('../report/html.ts');
  const { writePieces } = await import('../report/file-sink.ts');
  await writePieces(path, renderHtml(report, { linesMax: HTML_LINES_MAX, views }));
}

function* map<A, B>(values: Iterable<A>, change: (value: A) => B): Generator<B> {
  for (const value of values) yield change(value);
}
