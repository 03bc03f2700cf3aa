/**
 * What a run found, for who may see all of its sites or some of them. Never gives sums over sites that the asker may not see.
 */
import type { LineSums, RunDocument, RunTotals, SiteOrdersAtRisk } from '../contract/run.ts';
import type { KeptResults } from './kept-results.ts';
import { NO_FILTER } from './lines/line-filter.ts';

export interface RunResult
  extends Omit<
    RunDocument,
    'totals' | 'schema' | 'explanation' | 'selection' | 'by_cause' | 'measures' | 'orders_at_risk'
  > {
  readonly totals: RunTotals | null;
  /** Of the discrepancies that the asker sees; null for a run that was refused. */
  readonly visible: LineSums | null;
  readonly measures: RunDocument['measures'] | null;
  /** Of the sites that the asker sees; null where the run says nothing of orders. */
  readonly orders_at_risk: readonly SiteOrdersAtRisk[] | null;
  /** The run that it is compared with where none is named. */
  readonly run_before: string | null;
}

/** `sites`: those that the asker may see; null: all. */
export async function readRunResult(
  results: KeptResults,
  runId: string,
  sites: readonly string[] | null,
): Promise<RunResult> {
  const document = await results.document(runId);
  const { schema, explanation, selection, by_cause, totals, measures, orders_at_risk, ...kept } = document;
  const before = document.state === 'complete' ? await results.before(document) : undefined;
  const isSeen = ({ site }: SiteOrdersAtRisk): boolean => sites === null || sites.includes(site);
  const rest = {
    ...kept,
    run_before: before?.document.run_id ?? null,
    orders_at_risk: orders_at_risk?.filter(isSeen) ?? null,
  };
  if (document.state === 'refused') return { ...rest, totals: null, visible: null, measures: null };
  const { lines } = await results.complete(document.run_id);
  const request = { run: lines, selection: { filter: NO_FILTER, sites }, change: undefined };
  const order = { by: 'rank', isReversed: false } as const;
  const page = await results.lines.page({ ...request, order, after: undefined, limit: 1 });
  const visible = page?.sums ?? null;
  if (sites === null) return { ...rest, totals, visible, measures: measures ?? null };
  const groups = await results.lines.groups({ ...request, by: 'finding_id' });
  return {
    ...rest,
    totals: null,
    visible,
    measures: null,
    by_site: rest.by_site.filter(({ site }) => sites.includes(site)),
    by_category: [],
    unmapped: [],
    findings: rest.findings.flatMap((finding) => {
      const group = groups.find((each) => each.group === finding.id);
      if (group === undefined) return [];
      const { discrepancies, gross_variance_quantity, gross_variance_value } = group;
      return [{ ...finding, discrepancies, gross_variance_quantity, gross_variance_value, impact_value: '' }];
    }),
  };
}
