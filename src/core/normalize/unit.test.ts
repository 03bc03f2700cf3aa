import { describe, expect, it } from 'vitest';
import type { Decimal } from '../model/decimal.ts';
import { addItem, addPack, emptyMasterData, type MasterData } from './master-data.ts';
import { resolveConversion, toBaseUnits } from './unit.ts';
import { canonicalUnit, isMeasured } from './unit-code.ts';

function master(): MasterData {
  const data = emptyMasterData('EA', 'exact');
  for (const [item, base_uom] of [
    ['bolt', 'EA'],
    ['flour', 'KG'],
    ['bare', ''],
  ] as const)
    addItem(data, { item, base_uom }, {});
  for (const [item, uom, factor] of [
    ['bolt', 'CS', '12'],
    ['bolt', 'HALF', '0.5'],
    ['flour', 'BAG', '12.5'],
    ['nut', 'PC', '1'],
    ['nut', 'BOX', '100'],
  ] as const)
    addPack(data, { item, uom, factor }, {});
  return data;
}

const one: Decimal = { coefficient: 1n, scale: 0 };

describe('unit codes', () => {
  it.each([
    ['ea', 'EA'],
    ['Each', 'EA'],
    ['PCE', 'EA'],
    ['C62', 'EA'],
    ['cs', 'CS'],
    ['KG', 'KG'],
  ])('%s is %s', (written, canonical) => expect(canonicalUnit(written)).toBe(canonical));
  it.each(['kg', 'LB', 'mtr', 'M3'])('%s is measured', (unit) => expect(isMeasured(unit)).toBe(true));
  it.each(['EA', 'CS', 'PAL', ''])('%s is counted', (unit) => expect(isMeasured(unit)).toBe(false));
});

describe('resolveConversion', () => {
  const accepted: readonly [
    name: string,
    item: string,
    uom: string | undefined,
    factor: Decimal,
    baseUom: string,
    counted: boolean,
  ][] = [
    ['no unit column', 'bolt', undefined, one, 'EA', true],
    ['no unit column, a measured base', 'flour', undefined, one, 'KG', false],
    ['no unit column, nothing known', 'unknown', undefined, one, 'EA', false],
    ['the base unit', 'bolt', 'EA', one, 'EA', true],
    ['the base unit under another code', 'bolt', 'PCE', one, 'EA', true],
    ['a pack', 'bolt', 'CS', { coefficient: 12n, scale: 0 }, 'EA', true],
    ['a pack in lower case', 'bolt', 'cs', { coefficient: 12n, scale: 0 }, 'EA', true],
    ['a pack of a measured item', 'flour', 'BAG', { coefficient: 125n, scale: 1 }, 'KG', false],
    ['the unit whose factor is 1 is the base unit', 'nut', 'BOX', { coefficient: 100n, scale: 0 }, 'PC', true],
    ['the general base unit where the item has none', 'bare', 'EA', one, 'EA', true],
  ];
  it.each(accepted)('%s', (_name, item, uom, factor, baseUom, counted) => {
    const data = master();
    expect(resolveConversion(item, data.items.get(item), uom, data)).toEqual({
      ok: true,
      value: { factor, baseUom, counted },
    });
  });

  it.each([
    ['bolt', '', 'unit of measure missing'],
    ['bolt', 'PAL', 'unit PAL of item bolt has no pack factor (base unit EA)'],
    ['flour', 'EA', 'unit EA of item flour has no pack factor (base unit KG)'],
    ['unknown', 'CS', 'unit CS of item unknown has no pack factor (base unit EA, assumed: no master data of the item)'],
  ])('%s in %j is a fault', (item, uom, reason) => {
    const data = master();
    expect(resolveConversion(item, data.items.get(item), uom, data)).toEqual({
      ok: false,
      fault: { scope: 'row', reason },
    });
  });
});

describe('toBaseUnits', () => {
  const counted = { factor: { coefficient: 12n, scale: 0 }, baseUom: 'EA', counted: true };
  const measured = { factor: { coefficient: 125n, scale: 1 }, baseUom: 'KG', counted: false };
  it.each([
    [{ coefficient: 25n, scale: 1 }, counted, 30_000_000],
    [{ coefficient: -1n, scale: 0 }, counted, -12_000_000],
    [{ coefficient: 3n, scale: 0 }, measured, 37_500_000],
    [{ coefficient: 8n, scale: 7 }, measured, 10],
  ])('%# is exact', (quantity, conversion, scaled) =>
    expect(toBaseUnits(quantity, conversion, 6)).toEqual({ ok: true, value: scaled }),
  );

  it.each([
    [{ coefficient: 1n, scale: 1 }, counted, 'row', /not a whole number of EA/],
    [{ coefficient: 1n, scale: 7 }, measured, 'row', /more than 6 decimals/],
    [{ coefficient: 10n ** 10n, scale: 0 }, counted, 'file', /too large/],
    [{ coefficient: -(10n ** 10n), scale: 0 }, counted, 'file', /too large/],
  ])('%# is a fault', (quantity, conversion, scope, reason) => {
    expect(toBaseUnits(quantity, conversion, 6)).toMatchObject({
      ok: false,
      fault: { scope, reason: expect.stringMatching(reason) },
    });
  });
});
