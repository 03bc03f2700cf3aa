/**
 * Which native statuses both systems use, and which category each is in: from the balances that a run kept. Never maps
 * anything itself.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { UnmappedStatus } from '../contract/run.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import { formatFixed, formatScaled, rescale } from '../core/model/decimal.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import { openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';
import type { CompleteRun } from './kept-results.ts';
import type { CostSource, RunCosts } from './run-costs.ts';

/** One native status of one system in one category; '' is none. Units are base units. */
export interface MatrixCell {
  readonly system: string;
  readonly status: string;
  readonly category: string;
  readonly rows: number;
  readonly keys: number;
  readonly items: number;
  readonly quantity: string;
  /** At unit cost, of the items that have one; '' where none has. */
  readonly value: string;
  /** Items with units and without a cost. */
  readonly unvalued_items: number;
}

export interface MappingMatrix {
  readonly run_id: string;
  readonly costs: CostSource;
  /** By system and status. */
  readonly cells: readonly MatrixCell[];
  /** With what they are worth, as the run says. */
  readonly unmapped: readonly UnmappedStatus[];
}

/** Counts and prices the balances of a run by system, native status and category. */
export async function mappingMatrix(
  run: CompleteRun,
  costs: RunCosts,
  temporaryDirectory: string,
): Promise<MappingMatrix> {
  const { quantityDecimals } = run.lines;
  const database = await openDuckDb({ temporaryDirectory, memoryBytes: 500e6 });
  try {
    const result = await database.connection.stream(`SELECT system, status, category, item, CAST(sum(rows) AS DOUBLE),
        CAST(count(*) AS DOUBLE), CAST(sum(quantity) AS VARCHAR)
      FROM ${keptBalances(run)} GROUP BY ALL`);
    const cells = new Map<string, CellSums>();
    // Chunk by chunk: others are answered in between.
    for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk())
      for (const [system, status, category, item, rows, keys, text] of chunk.getRows()) {
        const name = JSON.stringify([system, status, category]);
        const cell = cells.get(name) ?? new CellSums([system, status, category].map(String));
        cells.set(name, cell);
        cell.add(String(item), Number(rows), Number(keys), scaledOf(String(text), quantityDecimals), costs, run);
      }
    return {
      run_id: run.document.run_id,
      costs: costs.source,
      cells: [...cells.values()].map((cell) => cell.finish(run)).sort(byName),
      unmapped: run.document.unmapped,
    };
  } finally {
    database.close();
  }
}

function scaledOf(text: string, quantityDecimals: number): bigint {
  const quantity = parseDecimal(text, {});
  const scaled = quantity.ok ? rescale(quantity.value, quantityDecimals) : null;
  assert(scaled !== null, `a kept balance of ${text}`);
  return scaled;
}

const byName = (a: MatrixCell, b: MatrixCell): number =>
  compareTexts(a.system, b.system) || compareTexts(a.status, b.status) || compareTexts(a.category, b.category);

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The sums of one cell, item by item: each item is priced once, as a run prices a line. */
class CellSums {
  private readonly names: readonly string[];
  private rows = 0;
  private keys = 0;
  private items = 0;
  private quantity = 0n;
  private minor = 0n;
  private unvalued = 0;

  constructor(names: readonly string[]) {
    this.names = names;
  }

  add(item: string, rows: number, keys: number, quantity: bigint, costs: RunCosts, { lines }: CompleteRun): void {
    this.rows += rows;
    this.keys += keys;
    this.items++;
    this.quantity += quantity;
    if (quantity === 0n) return;
    const cost = costs.costOf(item);
    if (cost === undefined) this.unvalued++;
    else this.minor += valueMinor(quantity, lines.quantityDecimals, cost, lines.minorDecimals);
  }

  finish({ lines }: CompleteRun): MatrixCell {
    const [system = '', status = '', category = ''] = this.names;
    return {
      ...{ system, status, category, rows: this.rows, keys: this.keys, items: this.items },
      quantity: formatScaled(this.quantity, lines.quantityDecimals),
      value: this.unvalued === this.items && this.items > 0 ? '' : formatFixed(this.minor, lines.minorDecimals),
      unvalued_items: this.unvalued,
    };
  }
}

/** The balances of a run by key and native status. DuckDB reads paths as patterns: in brackets a character stands for itself. */
export function keptBalances({ folder }: CompleteRun): string {
  return `read_parquet(${sqlText(join(folder, 'balances.parquet').replaceAll(/[*?[]/g, '[$&]'))})`;
}
