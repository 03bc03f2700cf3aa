/**
 * Decides how many base units a quantity in another unit is. Exact: what is no whole number of base units, where the
 * base unit is counted, is a fault and never rounded. Never guesses a pack factor.
 */
import { type Decimal, multiply, rescale, SCALED_MAX } from '../model/decimal.ts';
import { fileFault, type Parsed, parsed, rowFault } from '../model/rejection.ts';
import type { ItemRecord, MasterData } from './master-data.ts';
import { canonicalUnit, isMeasured } from './unit-code.ts';

/** How a row's quantity becomes base units. */
export interface Conversion {
  readonly factor: Decimal;
  readonly baseUom: string;
  /** Whether a fraction of a base unit is a fault. False only for measured units, and where nothing is known of the unit. */
  readonly counted: boolean;
}

const ONE: Decimal = { coefficient: 1n, scale: 0 };

/**
 * The conversion for an item's row. `uom` is undefined where the source has no such column (the quantity is in base
 * units), '' where the cell is blank (a fault).
 */
export function resolveConversion(
  item: string,
  record: Pick<ItemRecord, 'baseUom'> | undefined,
  uom: string | undefined,
  master: MasterData,
): Parsed<Conversion> {
  const baseUom = record?.baseUom || master.packs.baseUomOf(item);
  if (uom === undefined)
    return parsed({ factor: ONE, baseUom: baseUom || master.baseUom, counted: baseUom !== '' && !isMeasured(baseUom) });
  if (uom === '') return rowFault('unit of measure missing');
  const base = baseUom || master.baseUom;
  const counted = !isMeasured(base);
  const unit = canonicalUnit(uom);
  if (unit === canonicalUnit(base)) return parsed({ factor: ONE, baseUom: base, counted });
  const factor = master.packs.find(item, unit);
  if (factor) return parsed({ factor, baseUom: base, counted });
  return rowFault(
    `unit ${uom} of item ${item} has no pack factor (base unit ${base}${baseUom ? '' : ', assumed: no master data of the item'})`,
  );
}

/** Quantity in base units, scaled by 10^scale. A fraction of a counted unit and excess decimals are faults. */
export function toBaseUnits(quantity: Decimal, conversion: Conversion, scale: number): Parsed<number> {
  const base = multiply(quantity, conversion.factor);
  if (conversion.counted && rescale(base, 0) === null) {
    return rowFault(`not a whole number of ${conversion.baseUom}; a part of a base unit is not rounded`);
  }
  const scaled = rescale(base, scale);
  if (scaled === null) return rowFault(`more than ${scale} decimals; not rounded`);
  if (scaled > BigInt(SCALED_MAX) || scaled < -BigInt(SCALED_MAX))
    return fileFault('a quantity too large to be exact; lower quantity_decimals if it is right');
  return parsed(Number(scaled));
}
