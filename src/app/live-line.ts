/** Writes a key that is out of sync now as others are told of it. Never decides whether it is. */
import type { LiveLine } from '../core/live/judge-live.ts';
import type { Plan } from '../core/normalize/plan.ts';
import { RunLines } from './run-lines.ts';

/** The figures of a line, as a run's report writes them. */
export class LiveDocuments {
  private readonly lines: RunLines;

  constructor(plan: Plan, currency: string, minorDecimals: number) {
    const judgement = { discrepancies: [], timing: [] } as never;
    this.lines = new RunLines(plan, judgement, currency, minorDecimals);
  }

  textOf(line: LiveLine): string {
    const { site, item, owner, lot, category, description, ...figures } = this.lines.timingAsLine(line);
    return JSON.stringify({
      ...{ site, item, owner, lot, category, description },
      erp_quantity: figures.erp_quantity,
      wms_quantity: figures.wms_quantity,
      variance_quantity: figures.variance_quantity,
      in_flight_quantity: figures.in_flight_quantity,
      net_variance_quantity: figures.net_variance_quantity,
      uom: figures.uom,
      unit_cost: figures.unit_cost,
      variance_value: figures.variance_value,
      currency: figures.currency,
      direction: line.netVariance === 0 ? '' : line.netVariance < 0 ? 'erp-overstated' : 'erp-understated',
      absent_from: figures.absent_from,
    });
  }
}
