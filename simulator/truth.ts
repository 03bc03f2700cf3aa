/**
 * Decides what a reconciliation of the simulated files must list: every key whose two sides differ, by value.
 * Never reads the files; it is told the stock while they are written.
 */
import { writeFileSync } from 'node:fs';
import { divideHalfAway, formatFixed, formatScaled } from '../src/core/model/decimal.ts';
import { COST_SCALE, type Item, QUANTITY_SCALE } from './catalogue.ts';
import type { StockKey } from './faults.ts';

/** One discrepancy. Quantities in thousandths of base units, value in cents; variance = WMS − ERP. */
export interface TruthLine {
  readonly site: string;
  readonly item: string;
  readonly lot: string;
  readonly category: string;
  readonly erp: number;
  readonly wms: number;
  readonly valueCents: bigint;
}

const CENTS_DIVISOR = 10n ** BigInt(QUANTITY_SCALE + COST_SCALE - 2);

export class TruthCollector {
  /** Keys of the grain, in agreement or not. */
  keys = 0;
  private readonly lines: TruthLine[] = [];

  add(site: string, item: Item, keys: readonly StockKey[]): void {
    this.keys += keys.length;
    for (const { lot, category, erp, wms } of keys) {
      if (erp === wms) continue;
      const valueCents = divideHalfAway(BigInt(wms - erp) * BigInt(item.unitCost), CENTS_DIVISOR);
      this.lines.push({ site, item: item.code, lot, category, erp, wms, valueCents });
    }
  }

  /** By |value|, largest first, then site, item, lot and category as text. */
  sorted(): readonly TruthLine[] {
    return this.lines.sort(
      (a, b) =>
        Number(magnitude(b.valueCents) - magnitude(a.valueCents)) ||
        compareText(a.site, b.site) ||
        compareText(a.item, b.item) ||
        compareText(a.lot, b.lot) ||
        compareText(a.category, b.category),
    );
  }
}

/** Writes truth.csv in the order given. */
export function writeTruth(path: string, lines: readonly TruthLine[]): void {
  const header = 'site,item,lot,category,erp_quantity,wms_quantity,variance_quantity,variance_value\n';
  writeFileSync(path, header + lines.map((line) => `${truthFields(line).join(',')}\n`).join(''));
}

function truthFields(line: TruthLine): string[] {
  return [
    line.site,
    line.item,
    line.lot,
    line.category,
    formatScaled(line.erp, QUANTITY_SCALE),
    formatScaled(line.wms, QUANTITY_SCALE),
    formatScaled(line.wms - line.erp, QUANTITY_SCALE),
    formatFixed(line.valueCents, 2),
  ];
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
