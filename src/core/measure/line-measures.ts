/**
 * Decides what a table of discrepancies amounts to: how old its lines are, how much of them is explained. Reads the very
 * columns of the table, so that anyone can check the figures against it.
 */

import { divideHalfAway, formatFixed } from '../model/decimal.ts';
import { assert } from '../model/failure.ts';
import { shareText } from './judge-comparison.ts';
import { scaledInteger } from './scaled-text.ts';
import { Spread } from './spread.ts';

/** Columns of a line that measures are made of, as discrepancies.csv has them. */
export interface MeasuredLine {
  readonly site: string;
  readonly net_variance_quantity: string;
  readonly variance_value: string;
  readonly unexplained_quantity: string;
  readonly finding_id: string;
  readonly days_out_of_sync: string;
}

/** Discrepancies that are out of sync for so many whole days. */
export interface AgeBucket {
  readonly days: string;
  readonly discrepancies: number;
  readonly gross_variance_value: string;
}

/** As in run.json. Shares are 0 to 1 with six decimals, cut; values have the decimals of the currency. '' is of nothing. */
export interface LineMeasures {
  readonly ageing: readonly AgeBucket[];
  /** More than 7 whole days. */
  readonly over_a_week: number;
  /** Σ |variance value| × days out of sync. */
  readonly dollar_days: string;
  readonly days_out_of_sync_mean: string;
  readonly days_out_of_sync_median: string;
  readonly explained_units_share: string;
  readonly explained_value_share: string;
  readonly finding_lines_share: string;
}

/** First and last whole day of each bucket. */
export const AGES: readonly (readonly [name: string, last: number])[] = [
  ['0-1', 1],
  ['2-3', 3],
  ['4-7', 7],
  ['8-30', 30],
  ['30+', Number.POSITIVE_INFINITY],
];
const WEEK_DAYS = 7;
/** Quantities have at most six decimals. */
const QUANTITY_DECIMALS = 6;

/** Magnitudes of one line: units scaled by 10^QUANTITY_DECIMALS, values in minor units. */
interface LineFigures {
  readonly units: bigint;
  readonly minor: bigint;
  readonly days: number;
  readonly explainedUnits: bigint;
  readonly explainedMinor: bigint;
  readonly isInFinding: boolean;
}

function figuresOf(line: MeasuredLine, minorDecimals: number): LineFigures {
  const units = size(line.net_variance_quantity, QUANTITY_DECIMALS);
  const minor = line.variance_value === '' ? 0n : size(line.variance_value, minorDecimals);
  const unexplained = line.unexplained_quantity === '' ? units : size(line.unexplained_quantity, QUANTITY_DECIMALS);
  // Contributions of opposite signs may leave more unexplained than the variance itself: then nothing is explained.
  const explainedUnits = unexplained >= units ? 0n : units - unexplained;
  return {
    units,
    minor,
    days: Number(line.days_out_of_sync),
    explainedUnits,
    explainedMinor: explainedUnits === units ? minor : divideHalfAway(minor * explainedUnits, units),
    isInFinding: line.finding_id !== '',
  };
}

class LineSums {
  private count = 0;
  private inFindings = 0;
  private readonly ages = AGES.map(() => ({ count: 0, minor: 0n }));
  private overAWeek = 0;
  private readonly days = new Spread();
  private dollarDays = 0n;
  private units = 0n;
  private explainedUnits = 0n;
  private minor = 0n;
  private explainedMinor = 0n;
  private readonly minorDecimals: number;

  constructor(minorDecimals: number) {
    this.minorDecimals = minorDecimals;
  }

  add({ units, minor, days, explainedUnits, explainedMinor, isInFinding }: LineFigures): void {
    const age = this.ages[AGES.findIndex(([, last]) => days <= last)] as (typeof this.ages)[number];
    this.count++;
    age.count++;
    age.minor += minor;
    if (days > WEEK_DAYS) this.overAWeek++;
    this.days.add(days);
    this.dollarDays += minor * BigInt(days);
    if (isInFinding) this.inFindings++;
    this.units += units;
    this.minor += minor;
    this.explainedUnits += explainedUnits;
    this.explainedMinor += explainedMinor;
  }

  get measures(): LineMeasures {
    const value = (minor: bigint): string => formatFixed(minor, this.minorDecimals);
    return {
      ageing: AGES.map(([days], index) => {
        const { count, minor } = this.ages[index] as (typeof this.ages)[number];
        return { days, discrepancies: count, gross_variance_value: value(minor) };
      }),
      over_a_week: this.overAWeek,
      dollar_days: value(this.dollarDays),
      days_out_of_sync_mean: this.days.mean(),
      days_out_of_sync_median: this.days.median(),
      explained_units_share: shareText(this.explainedUnits, this.units),
      explained_value_share: shareText(this.explainedMinor, this.minor),
      finding_lines_share: shareText(BigInt(this.inFindings), BigInt(this.count)),
    };
  }
}

function size(text: string, decimals: number): bigint {
  const scaled = scaledInteger(text, decimals);
  assert(scaled !== undefined, `a line holds decimals, not ${text}`);
  return scaled < 0n ? -scaled : scaled;
}

/** Of all lines, and of those of each of `sites`. Reads the lines once. */
export function lineMeasures(
  lines: Iterable<MeasuredLine>,
  sites: Iterable<string>,
  minorDecimals: number,
): { readonly total: LineMeasures; readonly bySite: ReadonlyMap<string, LineMeasures> } {
  const total = new LineSums(minorDecimals);
  const bySite = new Map([...sites].map((site) => [site, new LineSums(minorDecimals)]));
  for (const line of lines) {
    const figures = figuresOf(line, minorDecimals);
    total.add(figures);
    bySite.get(line.site)?.add(figures);
  }
  return { total: total.measures, bySite: new Map([...bySite].map(([site, sums]) => [site, sums.measures])) };
}
