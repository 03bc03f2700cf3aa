/** Holds how each item's quantities become base units, resolved by the core once for each item and unit. */
import { rescale } from '../../core/model/decimal.ts';
import type { Plan } from '../../core/normalize/plan.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { resolveConversion } from '../../core/normalize/unit.ts';
import type { RecordScanner } from '../../ingest/delimited/record-scanner.ts';
import type { EncoderInput } from './balance-encoder.ts';
import { CodeColumn } from './code-column.ts';
import type { RowWriter } from './row-writer.ts';

const UNRESOLVED = 0;

/**
 * A factor is a whole number of base units, negative where fractions of a base unit are allowed, or NaN where the row must
 * be judged by the core.
 */
export class ConversionTable {
  private readonly plan: Plan;
  private readonly writer: RowWriter;
  private readonly units: CodeColumn | undefined;
  private readonly constantUnit: string | undefined;
  private readonly unitNames: string[] = [];
  private readonly factors: Float64Array[] = [];
  private readonly one: number;

  constructor(input: EncoderInput, plan: Plan, writer: RowWriter) {
    this.plan = plan;
    this.writer = writer;
    const column = input.columns.get('uom');
    this.units = column === undefined ? undefined : new CodeColumn(column, (raw) => this.unitNames.push(raw) - 1, normalizeText);
    this.constantUnit = input.rules.constants['uom'];
    this.one = 10 ** plan.quantityDecimals;
  }

  read(scanner: RecordScanner, item: number): number {
    const unit = this.units === undefined ? 0 : this.units.read(scanner);
    let factors = this.factors[unit];
    if (factors === undefined || item >= factors.length) factors = this.grow(unit, item);
    const factor = factors[item] as number;
    return factor === UNRESOLVED ? this.resolve(unit, item) : factor;
  }

  /** The scaled quantity in base units, or NaN where it is not exact or not whole. */
  convert(scaled: number, factor: number): number {
    if (factor < 0) return scaled * -factor;
    const base = scaled * factor;
    return Math.trunc(base / this.one) * this.one === base ? base : Number.NaN;
  }

  private grow(unit: number, item: number): Float64Array {
    const factors = new Float64Array(Math.max(item + 1, this.writer.names.items.names.length) * 2);
    const before = this.factors[unit];
    if (before !== undefined) factors.set(before);
    this.factors[unit] = factors;
    return factors;
  }

  private resolve(unit: number, item: number): number {
    const name = this.writer.names.items.names[item] as string;
    const raw = this.units === undefined ? this.constantUnit : this.unitNames[unit];
    const conversion = resolveConversion(name, this.plan.master.items.get(name), raw === undefined ? undefined : normalizeText(raw), this.plan.master);
    let factor = Number.NaN;
    if (conversion.ok) {
      const whole = rescale(conversion.value.factor, 0);
      // Beyond 10^9 the product with a quantity might no longer be exact.
      if (whole !== null && whole <= 1_000_000_000n) factor = conversion.value.counted ? Number(whole) : -Number(whole);
    }
    (this.factors[unit] as Float64Array)[item] = factor;
    return factor;
  }
}
