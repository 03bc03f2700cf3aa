/** What a run found, for people who may see all of its sites or some. Never tells of other sites, not even in sums. */

import type { KeptResults } from '../../app/kept-results.ts';
import type { LinePage } from '../../app/lines/line-book.ts';
import { NO_FILTER } from '../../app/lines/line-filter.ts';
import { compareRuns, readDiscrepancies } from '../../app/read-discrepancies.ts';
import { type RunResult, readRunResult } from '../../app/read-run-result.ts';
import type { NotifyMessage } from '../../contract/notification.ts';
import type { LineSums, RunDocument, RunTotals } from '../../contract/run.ts';
import { shareText } from '../../core/measure/judge-comparison.ts';
import { Failure } from '../../core/model/failure.ts';
import type { NotifyRule } from '../../core/notify/notify-rule.ts';
import { formatCount, formatMoney, plural } from '../../report/figures.ts';
import { findingFacts, findingTitle } from '../../report/finding-wording.ts';
import { conditionSentences, openingSentences, sitesPhrase, unitsPhrase } from '../../report/wording.ts';
import { footerOf, messageLines, momentPhrase, runPath } from './message-wording.ts';

const FINDINGS_MAX = 3;

export interface DigestRequest {
  readonly runId: string;
  readonly rule: NotifyRule;
  readonly ruleName: string;
}

/**
 * undefined: the run is not kept any more, none of its sites is the reader's, or the rule wants to hear of what is new and
 * nothing is new or worse.
 */
export async function digestMessage(
  results: KeptResults,
  { runId, rule, ruleName }: DigestRequest,
): Promise<NotifyMessage | undefined> {
  const found = await readRunResult(results, runId, rule.sites).catch(absentIsUndefined);
  if (found === undefined || (rule.sites !== null && found.by_site.length === 0)) return undefined;
  const run = visibleRun(found, rule.sites !== null);
  const changes = await changesOf(results, runId, rule);
  if (rule.only_new && changes !== undefined && changes.new.discrepancies + changes.worse.discrepancies === 0)
    return undefined;
  const lines = await topLines(results, runId, rule, found);
  const opening = [
    ...openingSentences(run),
    ...conditionSentences({ ...run, filters: { ...run.filters, site: [] } }),
    ...(rule.sites !== null && isIncomplete(await results.document(runId))
      ? ['Rows of the files were rejected or have a stock status without a category; some may be of these sites.']
      : []),
    ...(changes === undefined ? [] : [changeSentence(changes, run.currency)]),
  ];
  const moment = momentPhrase(found.finished_at, rule.time_zone);
  return {
    topic: 'run-digest',
    subject: `${subjectOf(run)} (${moment})`,
    opening,
    sections: [findingsSection(run, runId), linesSection(lines, rule, run)].filter(({ lines }) => lines.length > 0),
    action: '',
    link: { label: 'Open the run', path: runPath(runId) },
    footer: footerOf(ruleName),
    data: {
      run_id: runId,
      finished_at: found.finished_at,
      currency: run.currency,
      sites: run.by_site.map(({ site }) => site),
      keys: run.totals?.keys ?? 0,
      discrepancies: found.visible?.discrepancies ?? 0,
      gross_variance_value: found.visible?.gross_variance_value ?? '',
      net_variance_value: found.visible?.net_variance_value ?? '',
      sync_accuracy_keys: run.totals?.sync_accuracy_keys ?? '',
      lines: lines?.lines ?? [],
    },
  };
}

/** The document as its reader may see it: of some sites there are sums of these only. */
function visibleRun({ visible, ...found }: RunResult, isLimited: boolean): RunDocument {
  const rest = { ...found, schema: 1 as const, by_cause: [], totals: found.totals };
  const run = rest as unknown as RunDocument;
  if (!isLimited || visible === null) return run;
  const sum = (of: 'keys' | 'keys_in_sync' | 'keys_timing_only'): number =>
    run.by_site.reduce((total, group) => total + group[of], 0);
  const keys = sum('keys');
  const totals = {
    ...visible,
    keys,
    keys_in_sync: sum('keys_in_sync'),
    keys_timing_only: sum('keys_timing_only'),
    sync_accuracy_keys: keys === 0 ? '' : shareText(BigInt(keys - visible.discrepancies), BigInt(keys)),
    sync_accuracy_keys_exact: '',
    sync_accuracy_units: '',
    rejected_rows: 0,
    unmapped_rows: 0,
    excluded_rows: 0,
  };
  return { ...run, totals: totals as unknown as RunTotals };
}

function isIncomplete({ totals, unmapped }: RunDocument): boolean {
  return totals !== null && (totals.rejected_rows > 0 || totals.unmapped_rows > 0 || unmapped.length > 0);
}

function subjectOf(run: RunDocument): string {
  const { totals, by_site, currency } = run;
  const at = by_site.length === 0 ? '' : ` at ${sitesPhrase(by_site.map(({ site }) => site))}`;
  if (totals === null || totals.keys === 0) return `Nothing was compared${at}`;
  const { discrepancies, unvalued } = totals;
  if (discrepancies === 0) return `No discrepancies in ${plural(totals.keys, 'key')}${at}`;
  const are = discrepancies === 1 ? 'is' : 'are';
  const size =
    unvalued >= discrepancies
      ? unitsPhrase(totals.gross_variance_quantity)
      : formatMoney(totals.gross_variance_value, currency, true);
  return `${plural(discrepancies, 'key')} ${are} off by ${size}${at}`;
}

/** Those that fit the rule, in the order of the report. */
async function topLines(
  results: KeptResults,
  runId: string,
  rule: NotifyRule,
  { by_category }: RunResult,
): Promise<LinePage | undefined> {
  const document = await results.document(runId);
  const known = new Set([
    ...document.by_category.map(({ category }) => category),
    ...by_category.map((each) => each.category),
  ]);
  const category = rule.categories.filter((name) => known.has(name));
  if (rule.categories.length > 0 && category.length === 0) return undefined;
  const filter = { ...NO_FILTER, cause: rule.causes, category, minValue: rule.min_value ?? undefined };
  const order = { by: 'rank', isReversed: false } as const;
  const question = { runId, filter, sites: rule.sites, changes: [], since: undefined };
  return readDiscrepancies(results, { ...question, order, after: undefined, limit: rule.lines_max });
}

function linesSection(page: LinePage | undefined, rule: NotifyRule, run: RunDocument) {
  const shown = page?.lines ?? [];
  const count = page?.sums.discrepancies ?? 0;
  const limit = rule.min_value === null ? '' : ` of at least ${formatMoney(rule.min_value, run.currency, true)}`;
  return {
    title: titleOf(count, shown.length, limit),
    lines: messageLines(shown.map((line) => ({ line }))),
    rest: count > shown.length ? `${plural(count - shown.length, 'more is', 'more are')} in the run.` : '',
  };
}

function titleOf(count: number, shown: number, limit: string): string {
  if (count === 1) return `The only discrepancy${limit}`;
  if (shown === count) return `All ${formatCount(count)} discrepancies${limit}`;
  const most = shown === 1 ? 'The one that matters' : `The ${formatCount(shown)} that matter`;
  return `${most} most, of ${formatCount(count)} discrepancies${limit}`;
}

function findingsSection(run: RunDocument, runId: string) {
  const shown = run.findings.slice(0, FINDINGS_MAX);
  const lines = shown.map((finding) => ({
    title: findingTitle(finding),
    detail: `${findingFacts(finding, run.currency).join(' · ')}. ${finding.action}`,
    path: runPath(runId),
  }));
  const others = run.findings.length - shown.length;
  return {
    title: run.findings.length === 1 ? 'One fault is behind many of them' : 'Faults that are behind many of them',
    lines,
    rest: others > 0 ? `${plural(others, 'more is', 'more are')} in the run.` : '',
  };
}

/** What became of the lines since the run before; undefined where there is none to compare with. */
async function changesOf(results: KeptResults, runId: string, { sites }: NotifyRule) {
  const compared = await compareRuns(results, { runId, filter: NO_FILTER, sites, since: undefined }).catch(
    absentIsUndefined,
  );
  return compared?.sums;
}

function changeSentence(sums: NonNullable<Awaited<ReturnType<typeof changesOf>>>, currency: string): string {
  const worth = ({ discrepancies, gross_variance_value, unvalued }: LineSums): string =>
    discrepancies === 0 || unvalued >= discrepancies ? '' : ` (${formatMoney(gross_variance_value, currency, true)})`;
  const parts = [
    sums.new.discrepancies > 0 ? `${formatCount(sums.new.discrepancies)} new${worth(sums.new)}` : '',
    sums.worse.discrepancies > 0 ? `${formatCount(sums.worse.discrepancies)} worse` : '',
    sums.better.discrepancies > 0 ? `${formatCount(sums.better.discrepancies)} better` : '',
    sums.gone.discrepancies > 0 ? `${formatCount(sums.gone.discrepancies)} in sync again${worth(sums.gone)}` : '',
  ].filter((text) => text !== '');
  return parts.length === 0 ? 'Nothing changed since the run before.' : `Since the run before: ${parts.join(', ')}.`;
}

/** What is not kept any more is no fault; what cannot be read is. */
function absentIsUndefined(error: unknown): undefined {
  if (error instanceof Failure && (error.kind === 'absent' || error.kind === 'conflict')) return undefined;
  throw error;
}
