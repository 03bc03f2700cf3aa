/**
 * The answer that every engine must give to a generated world: the core's, row by row.
 * For tests only; never part of a run.
 */
import { compareBalances, type PricedBalance } from '../core/compare/compare-balances.ts';
import type { Comparison } from '../core/compare/variance.ts';
import type { Balance } from '../core/model/balance.ts';
import { type Decimal, formatDecimal } from '../core/model/decimal.ts';
import type { Fault, Rejection } from '../core/model/rejection.ts';
import { type BalanceRow, normalizeBalance } from '../core/normalize/normalize-balance.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { normalizeText } from '../core/normalize/text.ts';
import { type Moment, parseTime } from '../core/normalize/time.ts';
import type { InputOutcome } from './comparison-input.ts';
import type { ConformanceWorld, WorldSource } from './conformance-world-fixture.ts';

/** What an engine must find; or the first value for which the file must be refused. */
export type OracleAnswer =
  | { readonly kind: 'compared'; readonly comparison: Comparison; readonly inputs: readonly InputOutcome[] }
  | { readonly kind: 'refused'; readonly source: string; readonly row: number; readonly column: string };

/** The core's answer, row by row. `firstRow`: number of each file's first record. */
export function oracle(world: ConformanceWorld, firstRow: number): OracleAnswer {
  const balances: PricedBalance[] = [];
  const inputs: InputOutcome[] = [];
  for (const from of world.sources) {
    try {
      inputs.push(new SourceOracle(from, world.plan, balances).read(firstRow));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { kind: 'refused', source: from.name, row: error.row, column: error.column };
    }
  }
  const comparison = compareBalances(balances, world.inFlight, {
    partialSystems: new Set(
      world.sources.filter((one) => one.completeness === 'partial').map((one) => one.rules.system),
    ),
    erpSystem: 'sap',
    wmsOf: (at) => world.plan.wmsOf(at),
  });
  return { kind: 'compared', comparison, inputs };
}

/** A value that condemns its file. */
class Refused extends Error {
  readonly row: number;
  readonly column: string;

  constructor(row: number, column: string) {
    super(`row ${row}, column ${column}`);
    this.row = row;
    this.column = column;
  }
}

class SourceOracle {
  private readonly from: WorldSource;
  private readonly plan: Plan;
  private readonly balances: PricedBalance[];
  private readonly rejections: Rejection[] = [];
  private readonly excluded = { ignored: 0, 'out-of-scope': 0, filtered: 0 };
  private readonly counts = { accepted: 0, rejected: 0, negative: 0, cleaned: 0, duplicates: 0 };
  private readonly sites = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly times: Moment[] = [];

  constructor(from: WorldSource, plan: Plan, balances: PricedBalance[]) {
    this.from = from;
    this.plan = plan;
    this.balances = balances;
  }

  read(firstRow: number): InputOutcome {
    const { from, counts, excluded, rejections, sites, times } = this;
    for (const [index, values] of from.rows.entries()) this.take(firstRow + index, values);
    times.sort((a, b) => a.epochMs - b.epochMs);
    const [first] = times;
    const last = times.at(-1);
    return {
      rows: from.rows.length,
      ...counts,
      excluded,
      asOf: first && last ? { first: first.epochMs, last: last.epochMs, lastText: last.text } : undefined,
      outOfScopeSites: [...sites].sort(),
      rejections,
      finalNewlineMissing: false,
    };
  }

  private take(number: number, values: readonly (string | null)[]): void {
    const { from, plan } = this;
    if (from.asOfColumn !== undefined) {
      const text = values[from.asOfColumn] ?? '';
      const time = parseTime(text.trim(), {});
      if (!time.ok) return this.reject(number, 'as_of', text, time.fault);
      this.times.push(time.value);
    }
    const row: BalanceRow = Object.fromEntries([...from.columns].map(([column, at]) => [column, values[at] ?? '']));
    const outcome = normalizeBalance(row, from.rules, plan);
    if (outcome.kind === 'rejected') return this.reject(number, outcome.column, outcome.value, outcome.fault);
    if (outcome.kind === 'excluded') {
      this.excluded[outcome.why]++;
      if (outcome.why === 'out-of-scope') this.sites.add(outcome.detail);
      return;
    }
    this.accept(row, outcome.balance, outcome.unitCost);
    const whole = JSON.stringify(values);
    if (this.seen.has(whole)) this.counts.duplicates++;
    this.seen.add(whole);
    if (outcome.costFault === undefined) return;
    this.list(number, 'unit_cost', row.unit_cost ?? '', `${outcome.costFault}; the row counts, without its cost`);
  }

  private accept(row: BalanceRow, balance: Balance, unitCost: Decimal | undefined): void {
    const { counts, plan } = this;
    this.balances.push({ ...balance, unitCost });
    counts.accepted++;
    if (balance.quantity < 0) counts.negative++;
    const record = plan.master.items.get(balance.item);
    const hasLot = balance.category >= 0 && plan.grainOf(record?.family ?? '', record?.abcClass ?? '').lot;
    // The codes that decide a key.
    const codes = [row.site, row.item, row.status, ...(hasLot ? [row.lot] : [])];
    if (codes.some((code) => code !== undefined && normalizeText(code) !== code)) counts.cleaned++;
  }

  private reject(number: number, column: string, value: string, fault: Fault): void {
    if (fault.scope === 'file') throw new Refused(number, column);
    this.counts.rejected++;
    this.list(number, column, value, fault.reason);
  }

  private list(row: number, column: string, value: string, reason: string): void {
    const { name } = this.from;
    this.rejections.push({ source: name, file: `${name}.file`, row, column, value: value.slice(0, 200), reason });
  }
}

/** A comparison as sorted texts, for comparing two engines. Costs of items that the items file values are left out. */
export function comparable(comparison: Comparison, plan: Plan): Record<string, readonly string[] | number> {
  const unvalued = <T extends { item: string; rowCost: Decimal | undefined }>(one: T) => {
    const isValued = plan.master.items.get(one.item)?.unitCost !== undefined;
    return { ...one, rowCost: isValued || one.rowCost === undefined ? null : formatDecimal(one.rowCost) };
  };
  return {
    variances: sortedTexts(comparison.variances.map(unvalued)),
    cells: sortedTexts(comparison.cells),
    unmapped: sortedTexts(comparison.unmapped.map(unvalued)),
    uncoveredKeys: comparison.uncoveredKeys,
  };
}

/** Columns in one order, numbers of both kinds as text. */
function sortedTexts(entries: readonly object[]): string[] {
  const text = (entry: object): string =>
    Object.entries(entry)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([column, value]) => `${column} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`)
      .join(', ');
  return entries.map(text).sort();
}

/** Outcomes without the costs that cannot be read: an engine need not look at costs that the items file overrules. */
export function outcomesOf(inputs: readonly InputOutcome[]): InputOutcome[] {
  return inputs.map((input) => ({
    ...input,
    rejections: input.rejections.filter((one) => one.column !== 'unit_cost'),
  }));
}
