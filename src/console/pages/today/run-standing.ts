/**
 * Decides which figures of a run the page stands on: of all sites, of the one that is chosen, or of those that the reader sees.
 * Never adds up amounts beyond those that a run gives site by site.
 */
import type { GroupTotals, LineSums, RunSummary, RunTotals } from '../../../contract/run.ts';
import type { Answer } from '../../api/ask.ts';
import { addDecimals } from '../../format/add-decimals.ts';
import { shareOf } from '../../format/share-of.ts';

export type RunResult = Answer<'GET /runs/{id}/result'>;
export type SiteTotals = GroupTotals & { readonly site: string };

/** Figures that only the whole run has are '' or 0 for one site and for who sees some sites only. */
export interface Standing {
  readonly sites: readonly string[];
  readonly keys: number;
  readonly timingOnly: number;
  readonly discrepancies: number;
  /** Shares from 0 to 1 as decimals; '' where there are no keys. */
  readonly accuracy: string;
  readonly accuracyExact: string;
  readonly accuracyUnits: string;
  readonly grossUnits: string;
  readonly gross: string;
  readonly net: string;
  readonly overstated: string;
  readonly understated: string;
  readonly masking: string;
  readonly unvalued: number;
}

/** Promised units that are not there: Σ over the sites that are meant. */
export interface OrdersAtRisk {
  readonly items: number;
  readonly quantity: string;
  readonly value: string;
  readonly unvalued: number;
}

/** `site`: '' for all. undefined: the run was given no demand, and knows nothing of orders. */
export function ordersAtRiskOf(
  { orders_at_risk: all }: Pick<RunResult, 'orders_at_risk'>,
  site: string,
): OrdersAtRisk | undefined {
  if (all === null) return undefined;
  const meant = all.filter((each) => site === '' || each.site === site);
  return {
    items: meant.reduce((sum, { items }) => sum + items, 0),
    quantity: addDecimals(meant.map(({ quantity }) => quantity)),
    value: addDecimals(meant.map(({ value }) => value)),
    unvalued: meant.reduce((sum, { unvalued }) => sum + unvalued, 0),
  };
}

/** The sites of a run, as its document has them: the API gives each as plain names and figures. */
export function sitesOf(result: Pick<RunResult, 'by_site'>): readonly SiteTotals[] {
  return result.by_site as unknown as readonly SiteTotals[];
}

/** `site`: '' for all. undefined: the run has no figures of it. */
export function standingOf(result: RunResult, site: string): Standing | undefined {
  const sites = sitesOf(result);
  const totals = result.totals as unknown as RunTotals | null;
  if (site !== '') {
    const group = sites.find((each) => each.site === site);
    return group && { ...partStanding([group], group), accuracy: group.sync_accuracy_keys };
  }
  if (totals !== null)
    return {
      ...partStanding(sites, totals),
      keys: totals.keys,
      timingOnly: totals.keys_timing_only,
      accuracy: totals.sync_accuracy_keys,
      accuracyExact: totals.sync_accuracy_keys_exact,
      accuracyUnits: totals.sync_accuracy_units,
      masking: totals.masking,
      unvalued: totals.unvalued,
    };
  return result.visible === null
    ? undefined
    : { ...partStanding(sites, result.visible), unvalued: result.visible.unvalued };
}

function partStanding(sites: readonly SiteTotals[], sums: Omit<LineSums, 'unvalued'>): Standing {
  const keys = countOf(sites, 'keys');
  return {
    sites: sites.map(({ site }) => site),
    keys,
    timingOnly: countOf(sites, 'keys_timing_only'),
    discrepancies: sums.discrepancies,
    accuracy: shareOf(keys - sums.discrepancies, keys),
    accuracyExact: '',
    accuracyUnits: '',
    grossUnits: sums.gross_variance_quantity,
    gross: sums.gross_variance_value,
    net: sums.net_variance_value,
    overstated: sums.erp_overstated_value,
    understated: sums.erp_understated_value,
    masking: '',
    unvalued: 0,
  };
}

function countOf(sites: readonly SiteTotals[], name: 'keys' | 'keys_timing_only'): number {
  return sites.reduce((sum, site) => sum + site[name], 0);
}

/** The latest moment that one of the two snapshots speaks of; '' where none says. */
export function cutOffOf({ inputs }: Pick<RunResult, 'inputs'>): string {
  const moments = inputs
    .filter(({ kind }) => kind === 'balances')
    .map((input) => String(input['as_of'] ?? ''))
    .filter((moment) => !Number.isNaN(Date.parse(moment)));
  return moments.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? '';
}

/** What a run of the list came to; null while it goes on, and for who does not see all its sites. */
export function summaryOf({ summary }: Answer<'GET /runs'>['items'][number]): RunSummary | null {
  return (summary ?? null) as RunSummary | null;
}
