/** Adds up lines of a run, all of them or by group, exactly. Never rounds: lines have no more decimals than their run. */
import type { LineSums } from '../../contract/run.ts';
import { ExactSum, formatFixed, formatScaled } from '../../core/model/decimal.ts';
import { ageTexts } from './line-ages.ts';
import type { CodedColumn, LineColumns } from './line-columns.ts';

/** What lines are added up by: a column of texts, or the bucket of their age. */
export type GroupColumn = CodedColumn | 'age';

export interface GroupSums extends LineSums {
  readonly group: string;
}

class Sums {
  private count = 0;
  private unvalued = 0;
  private readonly over = new ExactSum();
  private readonly under = new ExactSum();
  private readonly overValue = new ExactSum();
  private readonly underValue = new ExactSum();

  add(quantity: number, value: number): void {
    this.count++;
    if (quantity < 0) this.over.add(-quantity);
    else this.under.add(quantity);
    if (value < 0) this.overValue.add(-value);
    else if (value >= 0) this.underValue.add(value);
    else this.unvalued++;
  }

  finish({ quantityDecimals, minorDecimals }: LineColumns): LineSums {
    const [over, under, overValue, underValue] = [this.over, this.under, this.overValue, this.underValue].map(
      ({ total }) => total,
    ) as [bigint, bigint, bigint, bigint];
    return {
      discrepancies: this.count,
      gross_variance_quantity: formatScaled(over + under, quantityDecimals),
      net_variance_quantity: formatScaled(under - over, quantityDecimals),
      gross_variance_value: formatFixed(overValue + underValue, minorDecimals),
      net_variance_value: formatFixed(underValue - overValue, minorDecimals),
      erp_overstated_value: formatFixed(overValue, minorDecimals),
      erp_understated_value: formatFixed(underValue, minorDecimals),
      unvalued: this.unvalued,
    };
  }
}

export function sumLines(columns: LineColumns, marks: Uint8Array): LineSums {
  const { net_variance_quantity: quantities, variance_value: values } = columns.numbers;
  const sums = new Sums();
  for (let index = 0; index < marks.length; index++)
    if (marks[index] === 1) sums.add(quantities[index] as number, values[index] as number);
  return sums.finish(columns);
}

/** One row for each text of the column that a marked line has, in the order of the texts. */
export function sumGroups(columns: LineColumns, marks: Uint8Array, by: GroupColumn): GroupSums[] {
  const { net_variance_quantity: quantities, variance_value: values } = columns.numbers;
  const { values: texts, codes } = by === 'age' ? ageTexts(columns) : columns.coded[by];
  const groups: (Sums | undefined)[] = texts.map(() => undefined);
  for (let index = 0; index < marks.length; index++) {
    if (marks[index] !== 1) continue;
    const code = codes[index] as number;
    const sums = groups[code] ?? new Sums();
    groups[code] = sums;
    sums.add(quantities[index] as number, values[index] as number);
  }
  return groups.flatMap((sums, code) =>
    sums === undefined ? [] : [{ group: texts[code] as string, ...sums.finish(columns) }],
  );
}
