/**
 * Decides what is known of the demand for an item at a site: sales, open orders, orders on the way, the reorder point.
 * Never reads files; the first of two rows for the same place stands, and a row that cannot be used is a fault.
 */
import { rescale, SCALED_MAX } from '../model/decimal.ts';
import { itemCode, type MasterData, type MasterFault, type MasterRow } from './master-data.ts';
import { type NumberFormat, parseDecimal } from './number.ts';
import { normalizeText } from './text.ts';

/** Demand for an item at one site, in base units; all but the rate scaled by 10^quantity_decimals. What is not given is 0. */
export interface Demand {
  /** Units a day. A rate that only probabilities are made from, so a double. */
  readonly dailyDemand: number;
  readonly openOrders: number;
  readonly onOrder: number;
  /** undefined: nothing is bought by a reorder point. */
  readonly reorderPoint: number | undefined;
}

/** Columns of a row in the book. */
const WIDTH = 4;
/** Stands for no reorder point. */
const NONE = -1;

/** A row without a site holds at every site that has no row of its own. Rows are kept as numbers: there may be millions. */
export class DemandBook {
  private readonly bySite = new Map<string, Map<string, number>>();
  private amounts = new Float64Array(1024 * WIDTH);
  private rows = 0;

  find(site: string, item: string): Demand | undefined {
    const row = this.bySite.get(site)?.get(item) ?? this.bySite.get('')?.get(item);
    if (row === undefined) return undefined;
    const at = row * WIDTH;
    const reorderPoint = this.amounts[at + 3] as number;
    return {
      dailyDemand: this.amounts[at] as number,
      openOrders: this.amounts[at + 1] as number,
      onOrder: this.amounts[at + 2] as number,
      reorderPoint: reorderPoint === NONE ? undefined : reorderPoint,
    };
  }

  /** Whether there is a row of exactly this site, '' being every site. */
  has(site: string, item: string): boolean {
    return this.bySite.get(site)?.has(item) ?? false;
  }

  set(site: string, item: string, { dailyDemand, openOrders, onOrder, reorderPoint = NONE }: Demand): void {
    const items = this.bySite.get(site) ?? new Map<string, number>();
    this.bySite.set(site, items.set(item, this.rows));
    if ((this.rows + 1) * WIDTH > this.amounts.length) {
      const wider = new Float64Array(this.amounts.length * 2);
      wider.set(this.amounts);
      this.amounts = wider;
    }
    this.amounts.set([dailyDemand, openOrders, onOrder, reorderPoint], this.rows * WIDTH);
    this.rows++;
  }
}

/** How the rows of one file are read. */
export interface DemandFormat {
  readonly master: MasterData;
  readonly numbers: NumberFormat;
  readonly quantityDecimals: number;
  /** Rows of other items are checked and not kept. */
  readonly needs: (item: string) => boolean;
}

/** Takes one row of the demand file. Returns the fault that stopped it, if any. */
export function addDemand(book: DemandBook, row: MasterRow, format: DemandFormat): MasterFault | undefined {
  const item = itemCode(row['item'] ?? '', format.master);
  const site = normalizeText(row['site'] ?? '');
  if (item === '') return { column: 'item', value: row['item'] ?? '', reason: 'item missing' };
  const amounts: Record<string, number | undefined> = {};
  for (const column of AMOUNTS) {
    const text = row[column]?.trim() ?? '';
    if (text === '') continue;
    const amount = readAmount(column, text, format);
    if (typeof amount === 'string') return { column, value: row[column] ?? '', reason: amount };
    amounts[column] = amount;
  }
  if (book.has(site, item))
    return { column: 'item', value: row['item'] ?? '', reason: 'demand given before; the first row stands' };
  if (!format.needs(item)) return undefined;
  book.set(site, item, {
    dailyDemand: amounts['daily_demand'] ?? 0,
    openOrders: amounts['open_order_quantity'] ?? 0,
    onOrder: amounts['on_order_quantity'] ?? 0,
    reorderPoint: amounts['reorder_point'],
  });
  return undefined;
}

const AMOUNTS = ['daily_demand', 'open_order_quantity', 'on_order_quantity', 'reorder_point'] as const;

/** The amount, or why the text is none. */
function readAmount(column: (typeof AMOUNTS)[number], text: string, format: DemandFormat): number | string {
  const { quantityDecimals } = format;
  const decimal = parseDecimal(text, format.numbers);
  if (!decimal.ok) return decimal.fault.reason;
  if (decimal.value.coefficient < 0n) return 'below zero';
  if (column === 'daily_demand') return Number(decimal.value.coefficient) / 10 ** decimal.value.scale;
  const scaled = rescale(decimal.value, quantityDecimals);
  if (scaled === null) return `more than ${quantityDecimals} decimals; not rounded`;
  return scaled > BigInt(SCALED_MAX) ? 'too large to be exact' : Number(scaled);
}
