/**
 * What a unit of each item cost in a kept run: by the items file that it read, else by what it found of the items that are off.
 * Never zero for want of a cost.
 */
import { basename } from 'node:path';
import type { LoadedConfiguration } from '../config/load-configuration.ts';
import type { Decimal } from '../core/model/decimal.ts';
import { Failure } from '../core/model/failure.ts';
import { addItem } from '../core/normalize/master-data.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import { numberFormatOf } from '../ingest/open-source.ts';
import { readMasterFile } from '../ingest/read-master-file.ts';
import type { CompleteRun } from './kept-results.ts';
import { startMasterData } from './make-plan.ts';
import type { RunFile } from './run-files.ts';

/** Where costs come from beside the discrepancies of the run. `none`: it was given no items file. */
export interface CostSource {
  readonly file: string;
  readonly state: 'as-read' | 'changed' | 'gone' | 'none';
  /** The state in words; '' for none. */
  readonly message: string;
}

export interface RunCosts {
  readonly source: CostSource;
  costOf(item: string): Decimal | undefined;
}

/** `items`: the file of items of the run; undefined where it had none. A file that cannot be read any more counts as gone. */
export async function readRunCosts(
  run: CompleteRun,
  items: RunFile | undefined,
  { configuration }: Pick<LoadedConfiguration, 'configuration'>,
  temporaryDirectory: string,
): Promise<RunCosts> {
  const master = startMasterData(configuration);
  let source = sourceOf(items);
  if (items?.at !== undefined) {
    const { path, config } = items.at;
    const file = { path, name: basename(path), bytes: -1, modifiedMs: 0 };
    const format = numberFormatOf(config);
    try {
      await readMasterFile('items', config, file, temporaryDirectory, (row) => addItem(master, row, format));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      source = { ...source, state: 'gone', message: `${items.input.file} cannot be read any more: ${error.message}` };
    }
  }
  const found = await costsOfLines(run, temporaryDirectory);
  return { source, costOf: (item) => master.items.get(item)?.unitCost ?? found.get(item) };
}

function sourceOf(items: RunFile | undefined): CostSource {
  if (items === undefined) return { file: '', state: 'none', message: '' };
  const { state, message, input } = items;
  return { file: input.file, state: state === 'taken-in' ? 'as-read' : state, message };
}

async function costsOfLines({ lines }: CompleteRun, temporaryDirectory: string): Promise<ReadonlyMap<string, Decimal>> {
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: MEMORY_BYTES });
  try {
    const rows = await database.rows(`SELECT item, any_value(CAST(unit_cost AS VARCHAR))
      FROM read_parquet(${sqlText(lines.path.replaceAll(/[*?[]/g, '[$&]'))}) WHERE unit_cost IS NOT NULL GROUP BY item`);
    const costs = new Map<string, Decimal>();
    for (const [item, text] of rows) {
      const cost = parseDecimal(String(text), {});
      if (cost.ok) costs.set(String(item), cost.value);
    }
    return costs;
  } finally {
    database.close();
  }
}

const MEMORY_BYTES = 500e6;
