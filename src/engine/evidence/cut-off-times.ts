/** The cut-offs and lags of a run as plain data, and as the questions that the core asks of them. */
import type { CutOffs } from '../../core/compare/ledger-evidence.ts';
import type { Plan } from '../../core/normalize/plan.ts';

/** Moments of both sides in epoch milliseconds: the ERP's, and each WMS's by its system. */
export interface SideTimes {
  readonly erp: number;
  readonly wms: ReadonlyMap<string, number>;
}

/** How long messages may take, in milliseconds: in general, and by interface. */
export interface Lags {
  readonly general: number;
  readonly byInterface: ReadonlyMap<string, number>;
}

/** Sites of which no warehouse's moment is known take that of the first. undefined where a side has none. */
export function sideTimes(found: { readonly erp: number | undefined; readonly wms: ReadonlyMap<string, number> }) {
  return found.erp === undefined || found.wms.size === 0 ? undefined : { erp: found.erp, wms: found.wms };
}

export function wmsTimeOf(times: SideTimes, plan: Plan): (site: string) => number {
  const [first] = times.wms.values();
  return (site) => times.wms.get(plan.wmsOf(site) ?? '') ?? (first as number);
}

export function cutOffsOf(times: SideTimes, lags: Lags, plan: Plan): CutOffs {
  return {
    erp: times.erp,
    wmsOf: wmsTimeOf(times, plan),
    lagOf: (interfaceName) => lags.byInterface.get(interfaceName) ?? lags.general,
  };
}
