/**
 * Decides into which rows each system breaks a quantity down: storage locations in the ERP, bins and packs in the WMS.
 * Never changes a key's total.
 */
import { formatScaled } from '../src/core/model/decimal.ts';
import { type Item, QUANTITY_SCALE, UNIT } from './catalogue.ts';
import { describeItem } from './descriptions.ts';
import type { StockKey } from './faults.ts';
import type { RandomStream } from './random.ts';
import { quoteText, type SiteNames } from './world-files.ts';

export const ERP_COLUMNS = ['WERKS', 'LGORT', 'MATNR', 'CHARG', 'STOCK_TYPE', 'LABST', 'MEINS', 'STPRS'] as const;
export const WMS_COLUMNS = ['site', 'location', 'item', 'lot', 'status', 'quantity', 'uom'] as const;

const ERP_STATUS = { available: 'UNRESTRICTED', unavailable: 'UNAVAILABLE' } as const;
const WMS_STATUSES = {
  available: ['AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'AVAILABLE', 'PICKED'],
  unavailable: ['DAMAGED', 'QUALITY', 'PENDING PUTAWAY', 'PENDING PUTAWAY'],
} as const;
const BIN_AREAS = ['A', 'B', 'C', 'D'] as const;

/** How many rows a key has on one side: 2.1 on average, at most 4. */
function countRows(random: RandomStream): number {
  const draw = random.below(100);
  return draw < 35 ? 1 : draw < 65 ? 2 : draw < 87 ? 3 : 4;
}

/** Takes one part of the rest, leaving at least one unit of `least` for each of the rows that follow. */
function nextPart(rest: number, rowsAfter: number, step: number, least: number, random: RandomStream): number {
  if (rowsAfter === 0) return rest;
  const steps = Math.floor((rest - rowsAfter * least) / step);
  return step * Math.max(1, Math.floor((steps * (20 + random.below(60))) / 100));
}

/** Adds the key's ERP rows as CSV lines; returns how many. */
export function writeErpRows(
  lines: string[],
  site: SiteNames,
  item: Item,
  key: StockKey,
  random: RandomStream,
  quoted: boolean,
): number {
  if (key.erp === 0) return 0;
  const step = item.erpStep;
  const rows = Math.min(countRows(random), Math.floor(key.erp / step));
  const inCases = item.countedInCases === 'erp';
  const head = `${item.code},${key.lot},${ERP_STATUS[key.category]},`;
  const tail = `,${inCases ? 'CASE' : item.baseUom},${item.unitCostText}${quoted ? `,${quoteText(describeItem(item.index))}` : ''}\n`;
  let rest = key.erp;
  for (let row = 0; row < rows; row++) {
    const part = nextPart(rest, rows - 1 - row, step, step, random);
    rest -= part;
    lines.push(`${site.erp},000${row + 1},${head}${inCases ? part / step : quantityText(part)}${tail}`);
  }
  return rows;
}

/** Adds the key's WMS rows as CSV lines, one per bin; returns how many. */
export function writeWmsRows(
  lines: string[],
  site: SiteNames,
  item: Item,
  key: StockKey,
  random: RandomStream,
  quoted: boolean,
): number {
  if (key.wms === 0) return 0;
  const rows = Math.min(countRows(random), Math.floor(key.wms / item.wmsStep));
  const description = quoted ? `,${quoteText(describeItem(item.index))}` : '';
  let rest = key.wms;
  for (let row = 0; row < rows; row++) {
    const rowsAfter = rows - 1 - row;
    const pack = packFor(item, rest - rowsAfter * item.wmsStep);
    const part = nextPart(rest, rowsAfter, pack.step, item.wmsStep, random);
    const whole = part % pack.step === 0;
    rest -= part;
    const status = random.pick(WMS_STATUSES[key.category]);
    lines.push(
      `${site.wms},${binCode(row, random)},${item.wmsCode},${key.lot},${status},${whole && pack.step > UNIT ? part / pack.step : quantityText(part)},${whole ? pack.uom : item.baseUom}${description}\n`,
    );
  }
  return rows;
}

/** Reserve bins hold whole pallets or cases where they fit; `step` in thousandths of the base unit. */
function packFor(item: Item, room: number): { step: number; uom: string } {
  if (item.countedInCases === 'wms') {
    if (room >= item.palletFactor * UNIT) return { step: item.palletFactor * UNIT, uom: 'PALLET' };
    if (room >= item.caseFactor * UNIT) return { step: item.caseFactor * UNIT, uom: 'CASE' };
  }
  return { step: item.wmsStep, uom: item.baseUom };
}

function quantityText(scaled: number): string {
  return scaled % UNIT === 0 ? String(scaled / UNIT) : formatScaled(scaled, QUANTITY_SCALE);
}

/** The area differs by row, so that no two rows of a key are alike. */
function binCode(row: number, random: RandomStream): string {
  const draw = random.below(1_000_000);
  return `${BIN_AREAS[row]}${10 + (draw % 90)}-${100 + (draw % 877)}-${1 + (draw % 6)}`;
}
