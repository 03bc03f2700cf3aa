/**
 * Compares balances in memory, key by key: the plain definition that every engine is held against.
 * Small on purpose and never fast; never reads anything.
 */
import { type Balance, type InFlightQuantity, UNMAPPED } from '../model/balance.ts';
import type { Decimal } from '../model/decimal.ts';
import { CostBook } from './unit-cost.ts';
import type { Comparison, KeyVariance, UnmappedQuantity, VarianceCell } from './variance.ts';

export interface PricedBalance extends Balance {
  readonly unitCost?: Decimal | undefined;
}

export interface CompareOptions {
  /** Systems whose snapshot is partial: a key they lack is not compared. */
  readonly partialSystems: ReadonlySet<string>;
  readonly erpSystem: string;
  /** The WMS that answers for a site. */
  wmsOf(site: string): string | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** `inFlight` adds to its key whether or not a side holds it. */
export function compareBalances(
  balances: Iterable<PricedBalance>,
  inFlight: Iterable<InFlightQuantity>,
  options: CompareOptions,
): Comparison {
  const keys = new Map<string, Mutable<KeyVariance>>();
  const unmapped = new Map<string, Mutable<UnmappedQuantity>>();
  const costs = new CostBook();
  for (const balance of balances) {
    if (balance.unitCost) costs.add(balance.role, balance.site, balance.item, balance.quantity, balance.unitCost);
    if (balance.category === UNMAPPED) {
      addUnmapped(unmapped, balance);
      continue;
    }
    const key = openKey(keys, balance);
    key[balance.role] += balance.quantity;
    if (balance.role === 'erp') key.erpPresent = true;
    else key.wmsPresent = true;
  }
  for (const quantity of inFlight) openKey(keys, quantity).inFlight += quantity.quantity;

  const compared = [...keys.values()].filter((key) => isCovered(key, options));
  return {
    variances: compared
      .filter((key) => key.wms !== key.erp || key.inFlight !== 0)
      .map((key) => ({ ...key, rowCost: costs.find(key.site, key.item) })),
    cells: sumCells(compared),
    unmapped: [...unmapped.values()].map((entry) => ({ ...entry, rowCost: costs.find(entry.site, entry.item) })),
    uncoveredKeys: keys.size - compared.length,
  };
}

/** False where a side with a partial snapshot does not mention the key. */
function isCovered(key: KeyVariance, options: CompareOptions): boolean {
  if (!key.erpPresent && options.partialSystems.has(options.erpSystem)) return false;
  return key.wmsPresent || !options.partialSystems.has(options.wmsOf(key.site) ?? '');
}

function openKey(keys: Map<string, Mutable<KeyVariance>>, at: InFlightQuantity): Mutable<KeyVariance> {
  const { site, item, owner, lot, category } = at;
  const name = JSON.stringify([site, item, owner, lot, category]);
  let key = keys.get(name);
  if (key === undefined) {
    key = {
      site,
      item,
      owner,
      lot,
      category,
      erp: 0,
      wms: 0,
      inFlight: 0,
      erpPresent: false,
      wmsPresent: false,
      rowCost: undefined,
    };
    keys.set(name, key);
  }
  return key;
}

function addUnmapped(unmapped: Map<string, Mutable<UnmappedQuantity>>, balance: Balance): void {
  const { system, status, site, item } = balance;
  const name = JSON.stringify([system, status, site, item]);
  const entry = unmapped.get(name) ?? { system, status, site, item, rows: 0, quantity: 0n, rowCost: undefined };
  entry.rows++;
  entry.quantity += BigInt(balance.quantity);
  unmapped.set(name, entry);
}

function sumCells(keys: readonly KeyVariance[]): VarianceCell[] {
  const cells = new Map<string, Mutable<VarianceCell>>();
  for (const key of keys) {
    const name = JSON.stringify([key.site, key.category]);
    const cell = cells.get(name) ?? {
      site: key.site,
      category: key.category,
      keys: 0,
      erpKeys: 0,
      wmsKeys: 0,
      bothKeys: 0,
      erp: 0n,
      wms: 0n,
    };
    cell.keys++;
    if (key.erp !== 0) cell.erpKeys++;
    if (key.wms !== 0) cell.wmsKeys++;
    if (key.erp !== 0 && key.wms !== 0) cell.bothKeys++;
    cell.erp += BigInt(key.erp);
    cell.wms += BigInt(key.wms);
    cells.set(name, cell);
  }
  return [...cells.values()];
}
