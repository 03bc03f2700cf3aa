/**
 * Finds how the quantities of one input are to be read: whole numbers straight from an exact column, or texts that the
 * core has parsed. Decides which arithmetic cannot overflow; never decides whether a text is a number.
 */
import { powerOfTen, rescale, SCALED_MAX } from '../../core/model/decimal.ts';
import { parseDecimal } from '../../core/normalize/number.ts';
import { numberReader, type OpenSource } from './open-source.ts';
import type { ConversionRows } from './resolve-conversions.ts';
import type { Session } from './session.ts';
import { FATE, type QuantityShape, TEXT_SCALE } from './source-shape.ts';
import {
  columnBounds,
  createQuantities,
  lookupTable,
  oddQuantities,
  quantityBounds,
  replaceOddQuantities,
} from './statement-builder.ts';

/** Beyond this the product with a factor may not fit 128 bits; such quantities are left to the core. */
const HELD_MAX = 10n ** 20n;
const INT64_MAX = 9_000_000_000_000_000_000n;
const EXACT = /^(U?TINYINT|U?SMALLINT|U?INTEGER|U?BIGINT|HUGEINT|DECIMAL\((\d+),(\d+)\))$/;

/** Whole numbers as they stand in the file, in units of 10^-scale. */
export interface HeldQuantities {
  readonly exact: string | undefined;
  readonly scale: number;
  readonly largest: bigint;
  readonly hasNegative: boolean;
  readonly hasNulls: boolean;
  readonly hasStates: boolean;
}

export async function holdQuantities(session: Session, source: OpenSource): Promise<HeldQuantities> {
  return (await holdExact(session, source)) ?? holdTexts(session, source);
}

async function holdExact(session: Session, source: OpenSource): Promise<HeldQuantities | undefined> {
  const position = source.input.columns.get('quantity');
  const match = position === undefined ? null : EXACT.exec(source.types[position] as string);
  if (match === null) return undefined;
  const scale = Number(match[3] ?? 0);
  const column = `c${position}`;
  const [bounds] = await session.rows(columnBounds(source.relation, column));
  const [least, greatest] = (bounds ?? []).map((text) => whole(String(text ?? '0'), scale)) as [bigint, bigint];
  const largest = -least > greatest ? -least : greatest;
  if (largest > HELD_MAX) return undefined;
  const type = largest < INT64_MAX / powerOfTen(scale) ? 'BIGINT' : 'HUGEINT';
  const factor = `CAST('1${'0'.repeat(scale)}' AS DECIMAL(${scale + 1}, 0))`;
  const exact = scale === 0 ? `CAST(r.${column} AS ${type})` : `CAST(r.${column} * ${factor} AS ${type})`;
  return {
    exact,
    scale,
    largest,
    hasNegative: least < 0n,
    hasNulls: Number(bounds?.[2]) < source.rows,
    hasStates: false,
  };
}

function whole(text: string, scale: number): bigint {
  const parsed = parseDecimal(text, {});
  return parsed.ok ? (rescale(parsed.value, scale) as bigint) : HELD_MAX * 10n;
}

async function holdTexts(session: Session, source: OpenSource): Promise<HeldQuantities> {
  const { input } = source;
  const format = input.rules.numberFormat;
  const read = numberReader(source, 'quantity');
  const table = lookupTable(source.index, 'quantity');
  // The plain form means the same under every number format but those that give the point another meaning.
  const isPointDecimal = (format.decimal ?? '.') === '.' && format.thousands !== '.';
  const text = source.texts.get('quantity');
  await session.run(createQuantities(table, source.relation, text ?? 'NULL', isPointDecimal));
  const raws: (string | null)[] = [];
  const values: (bigint | null)[] = [];
  const fates: number[] = [];
  await session.columns(oddQuantities(table), ([texts = []], rows) => {
    for (let row = 0; row < rows; row++) {
      const raw = texts[row] as string | null;
      const cell = text === undefined ? input.rules.constants['quantity'] : raw;
      const number = parseDecimal(read(cell ?? '').trim(), format);
      const held = number.ok ? rescale(number.value, TEXT_SCALE) : null;
      const isHeld = held !== null && held <= HELD_MAX && held >= -HELD_MAX;
      raws.push(raw);
      values.push(isHeld ? held : null);
      fates.push(isHeld ? FATE.accepted : !number.ok && number.fault.scope === 'row' ? FATE.rejected : FATE.judged);
    }
  });
  const odd = `${table}_odd`;
  await session.createTable(
    odd,
    [
      ['raw', 'VARCHAR'],
      ['v', 'HUGEINT'],
      ['fate', 'INTEGER'],
    ],
    [raws, values, fates],
  );
  await session.run(replaceOddQuantities(table, odd));
  const [bounds] = await session.rows(quantityBounds(table));
  const least = (bounds?.[0] ?? 0n) as bigint;
  const greatest = (bounds?.[1] ?? 0n) as bigint;
  return {
    exact: undefined,
    scale: TEXT_SCALE,
    largest: -least > greatest ? -least : greatest,
    hasNegative: least < 0n,
    hasNulls: false,
    hasStates: fates.some((fate) => fate !== FATE.accepted),
  };
}

/** What the arithmetic of one input needs, given the largest quantity and every factor. */
export function quantityShape(held: HeldQuantities, conversions: ConversionRows, rows: number): QuantityShape {
  let largestProduct = 0n;
  let largestMultiple = 1n;
  let largestScaled = 0n;
  let hasDivisors = false;
  for (const [at, factor] of conversions.factors.entries()) {
    const multiple = conversions.multiples[at] as bigint;
    const divisor = conversions.divisors[at] as bigint;
    const product = held.largest * factor;
    if (product > largestProduct) largestProduct = product;
    if (product / divisor > largestScaled) largestScaled = product / divisor;
    if (multiple > largestMultiple) largestMultiple = multiple;
    if (divisor !== 1n) hasDivisors = true;
  }
  return {
    exact: held.exact,
    hasNulls: held.hasNulls,
    hasStates: held.hasStates,
    hasNegative: held.hasNegative,
    isWide: largestProduct > INT64_MAX || largestMultiple > INT64_MAX || held.largest > INT64_MAX,
    mayExceed: largestScaled > BigInt(SCALED_MAX),
    isSumNarrow: largestScaled * BigInt(rows) < INT64_MAX,
    hasDivisors,
    hasUnits: largestMultiple > 1n,
  };
}
