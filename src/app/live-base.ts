/**
 * Reads what the run held that live discrepancies start from: balances of some items, and all items that were out of sync.
 * Never changes a kept run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PricedBalance } from '../core/compare/compare-balances.ts';
import { UNMAPPED } from '../core/model/balance.ts';
import { type Decimal, rescale } from '../core/model/decimal.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { type DuckDb, openDuckDb, sqlText } from '../duckdb/open-duckdb.ts';

const MEMORY_BYTES = 500e6;
const COLUMNS = ['system', 'site', 'item', 'owner', 'lot', 'status', 'category', 'quantity'] as const;
type BalanceRow = readonly [string, string, string, string, string, string, string, string];

export class LiveBase {
  private readonly database: DuckDb;
  private readonly plan: Plan;
  private readonly roles: ReadonlyMap<string, 'erp' | 'wms'>;
  private readonly categories: ReadonlyMap<string, number>;

  private constructor(database: DuckDb, plan: Plan) {
    this.database = database;
    this.plan = plan;
    this.roles = new Map(plan.systems.map(({ id, role }) => [id, role]));
    this.categories = new Map(plan.categories.map((name, index) => [name, index]));
  }

  /** `folder`: of the kept run. The caller closes it. */
  static async open(folder: string, plan: Plan, temporaryDirectory: string): Promise<LiveBase> {
    const database = await openDuckDb({ temporaryDirectory, threads: 1, memoryBytes: MEMORY_BYTES });
    try {
      const lines = join(folder, 'discrepancies.parquet');
      await database.run(`CREATE VIEW balances AS SELECT * FROM ${tableOf(join(folder, 'balances.parquet'))}`);
      // The run's own costs, of items that the items file does not price.
      await database.run(
        existsSync(lines)
          ? `CREATE TABLE costs AS SELECT item, any_value(CAST(unit_cost AS VARCHAR)) AS unit_cost
             FROM ${tableOf(lines)} WHERE unit_cost IS NOT NULL GROUP BY item`
          : 'CREATE TABLE costs (item VARCHAR, unit_cost VARCHAR)',
      );
    } catch (error) {
      database.close();
      throw error;
    }
    return new LiveBase(database, plan);
  }

  /** Items without a balance have an empty list. */
  async balancesOf(items: readonly string[]): Promise<Map<string, readonly PricedBalance[]>> {
    const found = new Map<string, PricedBalance[]>(items.map((item) => [item, []]));
    if (items.length === 0) return found;
    const rows = await this.database.rows(selectBalances(`item IN (${items.map(sqlText).join(', ')})`));
    const costs = await this.costsOf(items);
    for (const row of rows as unknown as BalanceRow[]) {
      const balance = this.balanceOf(row, costs);
      if (balance !== undefined) found.get(balance.item)?.push(balance);
    }
    return found;
  }

  /** Items whose sides differ in any category, in the order of their codes. */
  async itemsOutOfSync(): Promise<string[]> {
    const erp = [...this.roles].filter(([, role]) => role === 'erp').map(([id]) => sqlText(id));
    const rows = await this.database.rows(
      `SELECT DISTINCT item FROM (
         SELECT item, sum(CASE WHEN system IN (${erp.join(', ')}) THEN -quantity ELSE quantity END) AS variance
         FROM balances WHERE category <> '' GROUP BY site, item, owner, lot, category
       ) WHERE variance <> 0 ORDER BY item`,
    );
    return rows.map(([item]) => String(item));
  }

  private async costsOf(items: readonly string[]): Promise<ReadonlyMap<string, Decimal>> {
    const unpriced = items.filter((item) => this.plan.master.items.get(item)?.unitCost === undefined);
    if (unpriced.length === 0) return new Map();
    const rows = await this.database.rows(
      `SELECT item, unit_cost FROM costs WHERE item IN (${unpriced.map(sqlText).join(', ')})`,
    );
    return new Map(
      rows.flatMap(([item, text]) => {
        const cost = parseDecimal(String(text), {});
        return cost.ok ? [[String(item), cost.value] as const] : [];
      }),
    );
  }

  /** undefined for a system that the configuration does not name any more. */
  private balanceOf(row: BalanceRow, costs: ReadonlyMap<string, Decimal>): PricedBalance | undefined {
    const [system, site, item, owner, lot, status, category, written] = row;
    const role = this.roles.get(system);
    const decimal = parseDecimal(written, {});
    const quantity = decimal.ok ? rescale(decimal.value, this.plan.quantityDecimals) : null;
    if (role === undefined || quantity === null) return undefined;
    const index = this.categories.get(category) ?? UNMAPPED;
    const place = { role, system, site, item, owner, lot, status, category: index };
    return { ...place, quantity: Number(quantity), unitCost: costs.get(item) };
  }

  close(): void {
    this.database.close();
  }
}

function selectBalances(condition: string): string {
  const columns = COLUMNS.map((name) => `CAST(${name} AS VARCHAR)`);
  return `SELECT ${columns.join(', ')} FROM balances WHERE ${condition}`;
}

/** DuckDB reads paths as patterns: in brackets a character stands for itself. */
function tableOf(path: string): string {
  return `read_parquet(${sqlText(path.replaceAll(/[*?[]/g, '[$&]'))})`;
}
