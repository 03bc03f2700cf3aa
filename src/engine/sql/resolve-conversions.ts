/**
 * Asks the core for the factor of every item signature and unit that an input may hold, and turns each into whole numbers.
 * Never decides a factor.
 */
import { type Decimal, powerOfTen } from '../../core/model/decimal.ts';
import { resolveConversion } from '../../core/normalize/unit.ts';
import { canonicalUnit } from '../../core/normalize/unit-code.ts';
import type { RunNames } from './run-names.ts';
import { FATE } from './source-shape.ts';

/** Larger factors and divisors are left to the core: their product with a quantity may not fit 128 bits. */
const FACTOR_MAX = 10n ** 17n;

/** Units of an input by number: the units that some item knows, and one number for all that none knows. */
export interface UnitNumbers {
  readonly units: readonly (string | undefined)[];
  readonly numberOf: ReadonlyMap<string, number>;
}

/** One row per signature and unit; columns of equal length. Quantity = product // divisor, exact where product % multiple = 0. */
export interface ConversionRows {
  readonly codes: number[];
  readonly factors: bigint[];
  readonly multiples: bigint[];
  readonly divisors: bigint[];
  readonly fates: number[];
  readonly lotGrains: number[];
  readonly ownerGrains: number[];
  readonly classes: number[];
}

/** Numbers normalised units. A unit that no item of the input knows is like every other such unit. */
export function numberUnits(units: readonly string[], signatures: Iterable<number>, names: RunNames): UnitNumbers {
  const { master } = names.plan;
  const known = new Set([canonicalUnit(master.baseUom)]);
  for (const signature of signatures) {
    const item = names.items.examples[signature] as string;
    const packs = master.packs.get(item);
    for (const unit of [master.items.get(item)?.baseUom, packs?.baseUom]) if (unit) known.add(canonicalUnit(unit));
    for (const unit of packs?.factors.keys() ?? []) known.add(unit);
  }
  const byCode = new Map<string, number>();
  const numberOf = new Map<string, number>();
  const list: string[] = [];
  for (const unit of units) {
    const canonical = canonicalUnit(unit);
    const code = unit === '' ? '' : known.has(canonical) ? `=${canonical}` : '?';
    let number = byCode.get(code);
    if (number === undefined) {
      number = list.length;
      byCode.set(code, number);
      list.push(unit);
    }
    numberOf.set(unit, number);
  }
  return { units: list, numberOf };
}

/** `scale`: decimals of the whole numbers that quantities are held as. */
export function resolveConversions(
  signatures: Iterable<number>,
  units: readonly (string | undefined)[],
  scale: number,
  names: RunNames,
): ConversionRows {
  const { plan, items } = names;
  const rows: ConversionRows = {
    codes: [],
    factors: [],
    multiples: [],
    divisors: [],
    fates: [],
    lotGrains: [],
    ownerGrains: [],
    classes: [],
  };
  for (const signature of signatures) {
    const item = items.examples[signature] as string;
    const record = plan.master.items.get(item);
    const family = record?.family ?? '';
    const abcClass = record?.abcClass ?? '';
    const grain = plan.grainOf(family, abcClass);
    const classNumber = names.classes.number(JSON.stringify([family, abcClass]));
    for (const [at, unit] of units.entries()) {
      const conversion = resolveConversion(item, record, unit, plan.master);
      const ratio = conversion.ok
        ? wholeRatio(conversion.value.factor, scale, plan.quantityDecimals, conversion.value.counted)
        : undefined;
      const isHeld = ratio !== undefined && ratio.factor <= FACTOR_MAX && ratio.multiple <= FACTOR_MAX;
      rows.codes.push(signature * units.length + at);
      rows.factors.push(isHeld ? ratio.factor : 0n);
      rows.multiples.push(isHeld ? ratio.multiple : 1n);
      rows.divisors.push(isHeld ? ratio.divisor : 1n);
      rows.fates.push(isHeld ? FATE.accepted : conversion.ok ? FATE.judged : FATE.rejected);
      rows.lotGrains.push(grain.lot ? 1 : 0);
      rows.ownerGrains.push(grain.owner ? 1 : 0);
      rows.classes.push(classNumber);
    }
  }
  return rows;
}

/** factor / divisor turns a held number into 10^-decimals base units; a counted unit must come out whole. */
function wholeRatio(
  factor: Decimal,
  scale: number,
  decimals: number,
  counted: boolean,
): { factor: bigint; divisor: bigint; multiple: bigint } {
  const numerator = factor.coefficient * powerOfTen(decimals);
  const denominator = powerOfTen(scale + factor.scale);
  const common = greatestDivisor(numerator, denominator);
  const divisor = denominator / common;
  const multiple = counted ? divisor * powerOfTen(decimals) : divisor;
  return { factor: numerator / common, divisor, multiple: (numerator / common) % multiple === 0n ? 1n : multiple };
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b);
}
