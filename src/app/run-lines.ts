/** Writes what a comparison means as the lines of the contract. Never decides what a line means. */
import type { DiscrepancyLine, TIMING_COLUMNS, UnmappedStatus } from '../contract/run.ts';
import { valueMinor } from '../core/compare/unit-cost.ts';
import type { Comparison } from '../core/compare/variance.ts';
import type { JudgedVariance, Judgement } from '../core/measure/judge-comparison.ts';
import { formatDecimal, formatFixed, formatScaled } from '../core/model/decimal.ts';
import type { Plan } from '../core/normalize/plan.ts';

export type TimingLine = Readonly<Record<(typeof TIMING_COLUMNS)[number], string>>;

export const CONTRIBUTION_COLUMNS = [
  'site',
  'item',
  'owner',
  'lot',
  'category',
  'cause',
  'quantity',
  'confidence',
  'evidence',
  'action',
] as const;

/** More lines than this are made again for each form rather than kept: 1 KB each. */
const KEPT_LINES_MAX = 200_000;

export class RunLines {
  private kept: DiscrepancyLine[] | undefined;
  private readonly plan: Plan;
  private readonly judgement: Judgement;
  private readonly currency: string;
  private readonly minorDecimals: number;

  constructor(plan: Plan, judgement: Judgement, currency: string, minorDecimals: number) {
    this.plan = plan;
    this.judgement = judgement;
    this.currency = currency;
    this.minorDecimals = minorDecimals;
  }

  private quantity(scaled: number | bigint): string {
    return formatScaled(scaled, this.plan.quantityDecimals);
  }

  private uomOf({ item, record }: JudgedVariance): string {
    const { packs, baseUom } = this.plan.master;
    return record?.baseUom || packs.baseUomOf(item) || baseUom;
  }

  /** What every line says of its key, whether it is a discrepancy or timing only. */
  private keyColumns(key: JudgedVariance) {
    return {
      site: key.site,
      item: key.item,
      owner: key.owner,
      lot: key.lot,
      category: key.categoryName,
      description: key.record?.description ?? '',
      erp_quantity: this.quantity(key.erp),
      wms_quantity: this.quantity(key.wms),
      variance_quantity: this.quantity(key.variance),
      in_flight_quantity: this.quantity(key.inFlight),
      net_variance_quantity: this.quantity(key.netVariance),
      uom: this.uomOf(key),
      unit_cost: key.unitCost === undefined ? '' : formatDecimal(key.unitCost),
    };
  }

  /** In rank order. May be iterated more than once: each form of the report does. */
  discrepancies(): Iterable<DiscrepancyLine> {
    if (this.judgement.discrepancies.length > KEPT_LINES_MAX) return this.makeDiscrepancies();
    this.kept ??= [...this.makeDiscrepancies()];
    return this.kept;
  }

  private *makeDiscrepancies(): Generator<DiscrepancyLine> {
    let rank = 0;
    for (const key of this.judgement.discrepancies) yield this.discrepancy(key, ++rank);
  }

  private discrepancy(key: JudgedVariance, rank: number): DiscrepancyLine {
    const net = this.quantity(key.netVariance);
    return {
      rank: String(rank),
      ...this.keyColumns(key),
      variance_value: key.valueMinor === null ? '' : formatFixed(key.valueMinor, this.minorDecimals),
      currency: this.currency,
      direction: key.netVariance < 0 ? 'erp-overstated' : 'erp-understated',
      cause: 'unexplained',
      cause_confidence: '',
      explained_quantity: '0',
      unexplained_quantity: net,
      correct_side: '',
      action: '',
      impact_value: '',
      priority: '',
      finding_id: '',
      first_seen: '',
      days_out_of_sync: '',
      case_id: '',
      absent_from: key.erpPresent ? (key.wmsPresent ? '' : 'wms') : 'erp',
    };
  }

  *timing(): Generator<TimingLine> {
    for (const key of this.judgement.timing) {
      const { unitCost } = key;
      const value =
        unitCost === undefined
          ? ''
          : formatFixed(
              valueMinor(key.inFlight, this.plan.quantityDecimals, unitCost, this.minorDecimals),
              this.minorDecimals,
            );
      yield {
        ...this.keyColumns(key),
        in_flight_value: value,
        currency: this.currency,
      };
    }
  }

  /** The contributions of a key add up to its variance exactly. */
  *contributions(): Generator<string[]> {
    for (const key of [...this.judgement.discrepancies, ...this.judgement.timing]) {
      const name = [key.site, key.item, key.owner, key.lot, key.categoryName];
      if (key.inFlight !== 0)
        yield [...name, 'in-flight', this.quantity(key.inFlight), '', '', 'none; compare again after the lag'];
      if (key.netVariance !== 0) yield [...name, 'unexplained', this.quantity(key.netVariance), '', '', ''];
    }
  }

  /** By system and status: rows, base units and, where every item's cost is known, their value. */
  unmapped(comparison: Comparison): UnmappedStatus[] {
    const sums = new Map<
      string,
      { system: string; status: string; rows: number; quantity: bigint; minor: bigint | null }
    >();
    for (const entry of comparison.unmapped) {
      const name = JSON.stringify([entry.system, entry.status]);
      const sum = sums.get(name) ?? { system: entry.system, status: entry.status, rows: 0, quantity: 0n, minor: 0n };
      const cost = this.plan.master.items.get(entry.item)?.unitCost ?? entry.rowCost;
      sum.rows += entry.rows;
      sum.quantity += entry.quantity;
      if (cost === undefined && entry.quantity !== 0n) sum.minor = null;
      else if (cost !== undefined && sum.minor !== null)
        sum.minor += valueMinor(entry.quantity, this.plan.quantityDecimals, cost, this.minorDecimals);
      sums.set(name, sum);
    }
    return [...sums.values()]
      .sort((a, b) => (a.system === b.system ? (a.status < b.status ? -1 : 1) : a.system < b.system ? -1 : 1))
      .map(({ system, status, rows, quantity, minor }) => ({
        system,
        status,
        rows,
        quantity: this.quantity(quantity),
        value: minor === null ? '' : formatFixed(minor, this.minorDecimals),
        currency: this.currency,
      }));
  }
}
