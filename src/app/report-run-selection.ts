/** Decides which lines of a kept run a report is limited to, and adds them up exactly. Never changes a line. */
import type { DiscrepancyLine, RunDocument, Selection } from '../contract/run.ts';
import { divideHalfAway, formatFixed, formatScaled, powerOfTen, rescale } from '../core/model/decimal.ts';
import { assert, Failure } from '../core/model/failure.ts';
import { parseDecimal } from '../core/normalize/number.ts';

/** What the lines must be; an empty list is all. `minValue` counts whatever the sign; lines without a value never reach it. */
export interface ReportFilters {
  readonly site: readonly string[];
  readonly category: readonly string[];
  readonly cause: readonly string[];
  readonly minValue: string | undefined;
}

/** Decimals to which quantities and values are compared and added: more than any line has. */
const SCALE = 12;

export function isLimited(filters: ReportFilters): boolean {
  return filters.site.length + filters.category.length + filters.cause.length > 0 || filters.minValue !== undefined;
}

/** Refuses names that the run does not know, and a limit that is no amount. */
export function checkFilters(run: RunDocument, filters: ReportFilters): void {
  refuseUnknown(
    'site',
    filters.site,
    run.by_site.map((group) => group.site),
  );
  refuseUnknown(
    'category',
    filters.category,
    run.by_category.map((group) => group.category),
  );
  refuseUnknown(
    'cause',
    filters.cause,
    run.by_cause.map((group) => group.cause),
  );
  const least = filters.minValue === undefined ? undefined : parseDecimal(filters.minValue, {});
  if (least !== undefined && (!least.ok || least.value.coefficient < 0n || least.value.scale > SCALE)) {
    throw new Failure(
      'usage',
      'AMOUNT_EXPECTED',
      `--min-value ${filters.minValue}: an amount such as 500 or 12.50 was expected`,
      'Correct the option.',
    );
  }
}

const NAMES_SHOWN_MAX = 20;

function refuseUnknown(what: 'site' | 'category' | 'cause', wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const more = known.length > NAMES_SHOWN_MAX ? ' …' : '';
  const has = known.length === 0 ? 'it has none' : `it has ${known.slice(0, NAMES_SHOWN_MAX).join(', ')}${more}`;
  throw new Failure(
    'usage',
    'FILTER_UNKNOWN',
    `--${what} ${unknown}: the run has no such ${what}; ${has}`,
    'Correct the option.',
  );
}

/** The lines that fit, with their sums; values with `minorDecimals` decimals. */
export function selectLines(
  lines: readonly DiscrepancyLine[],
  filters: ReportFilters,
  minorDecimals: number,
): { lines: DiscrepancyLine[]; selection: Selection } {
  const { site, category, cause, minValue } = filters;
  const least = minValue === undefined ? undefined : scaled(minValue);
  const fits = (names: readonly string[], name: string): boolean => names.length === 0 || names.includes(name);
  const selected = lines.filter(
    (line) => fits(site, line.site) && fits(category, line.category) && fits(cause, line.cause) && isWorth(line, least),
  );
  return {
    lines: selected,
    selection: { site, category, cause, min_value: minValue ?? '', ...sumsOf(selected, minorDecimals) },
  };
}

function isWorth(line: DiscrepancyLine, least: bigint | undefined): boolean {
  return least === undefined || (line.variance_value !== '' && magnitude(scaled(line.variance_value)) >= least);
}

function sumsOf(
  lines: readonly DiscrepancyLine[],
  minorDecimals: number,
): Omit<Selection, 'site' | 'category' | 'cause' | 'min_value'> {
  let grossQuantity = 0n;
  let netQuantity = 0n;
  let overstated = 0n;
  let understated = 0n;
  let unvalued = 0;
  for (const line of lines) {
    const net = scaled(line.net_variance_quantity);
    grossQuantity += magnitude(net);
    netQuantity += net;
    if (line.variance_value === '') {
      unvalued++;
      continue;
    }
    const value = scaled(line.variance_value);
    if (value < 0n) overstated -= value;
    else understated += value;
  }
  // The lines have no more decimals than the currency, so nothing is rounded here.
  const money = (sum: bigint): string =>
    formatFixed(divideHalfAway(sum, powerOfTen(SCALE - minorDecimals)), minorDecimals);
  return {
    discrepancies: lines.length,
    gross_variance_quantity: formatScaled(grossQuantity, SCALE),
    net_variance_quantity: formatScaled(netQuantity, SCALE),
    gross_variance_value: money(overstated + understated),
    net_variance_value: money(understated - overstated),
    erp_overstated_value: money(overstated),
    erp_understated_value: money(understated),
    unvalued,
  };
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function scaled(text: string): bigint {
  const value = parseDecimal(text, {});
  const whole = value.ok ? rescale(value.value, SCALE) : null;
  assert(whole !== null, `a kept run holds decimals, not ${text}`);
  return whole;
}
