/**
 * What a complete run means to a rule about discrepancies: which lines are news, and which of those that were told are in sync
 * again. Never reads more lines than a rule can be told of.
 */

import { NO_FILTER } from '../app/lines/line-filter.ts';
import { minorDecimalsOf } from '../app/minor-decimals.ts';
import { type LineQuestion, readDiscrepancies } from '../app/read-discrepancies.ts';
import type { DiscrepancyLine } from '../contract/run.ts';
import { Failure } from '../core/model/failure.ts';
import { concernsLine } from '../core/notify/judge-concern.ts';
import { judgeNews } from '../core/notify/judge-news.ts';
import { valueSizeOf } from '../core/notify/value-size.ts';
import { listLiveLines } from '../store/work/live-lines.ts';
import { currentGeneration } from '../store/work/live-state.ts';
import { openSubjects, type PendingChange, readTold } from '../store/work/notification-pending.ts';
import type { RunRecord } from '../store/work/runs.ts';
import { itemOf, type PendingNews, subjectOf } from './pending-news.ts';
import type { EnabledRule, ReaderContext } from './reader-context.ts';

/** The largest of a run that one rule hears of. Beyond that a message would be no help: the digest has the sums. */
const LINES_MAX = 2_000;
const PAGE = 500;
/** Items that are looked up together. */
const ITEMS_PER_PAGE = 50;

export async function linesOfRun(
  context: ReaderContext,
  enabled: EnabledRule,
  run: Pick<RunRecord, 'id' | 'filters'>,
  at: number,
): Promise<PendingChange[]> {
  try {
    return [...(await goneLines(context, enabled, run)), ...(await newsLines(context, enabled, run, at))];
  } catch (error) {
    // The run was removed meanwhile.
    if (error instanceof Failure && (error.kind === 'absent' || error.kind === 'conflict')) return [];
    throw error;
  }
}

async function newsLines(
  { database: { db }, results, currency }: ReaderContext,
  { id: ruleId, rule }: EnabledRule,
  { id: runId }: Pick<RunRecord, 'id'>,
  at: number,
): Promise<PendingChange[]> {
  const decimals = minorDecimalsOf(currency);
  const document = await results.document(runId);
  const known = document.by_category.map(({ category }) => category);
  const category = rule.categories.filter((name) => known.includes(name));
  if (rule.categories.length > 0 && category.length === 0) return [];
  const hasBefore = rule.only_new && (await results.before(document)) !== undefined;
  const filter = { ...NO_FILTER, cause: rule.causes, category, minValue: rule.min_value ?? undefined };
  const question = { runId, filter, sites: rule.sites, changes: hasBefore ? (['new'] as const) : [], since: undefined };
  const lines = await readLines(results, question, LINES_MAX);
  const told = await readTold(db, ruleId, lines.map(subjectOf));
  return lines.flatMap((line): PendingChange[] => {
    const size = valueSizeOf(line.variance_value, decimals);
    const { site, category: of, cause } = line;
    if (!concernsLine(rule, { site, category: of, cause, valueSize: size, isNew: true }, decimals)) return [];
    const subject = subjectOf(line);
    const before = told.get(subject);
    const news = judgeNews(before && { size: before.size, goneAt: before.gone_at }, size, at, rule.grown_by_percent);
    if (news === undefined) return [{ kind: 'there', ruleId, subject }];
    const pending: PendingNews = { line, news, toldSize: before?.size ?? -1, runId };
    return [{ kind: 'tell', ruleId, topic: 'discrepancy', subject, size, document: pending }];
  });
}

/** What was told, or waits to be, and neither the run nor the live state has. */
async function goneLines(
  { database: { db }, results }: ReaderContext,
  { id: ruleId, rule }: EnabledRule,
  { id: runId, filters }: Pick<RunRecord, 'id' | 'filters'>,
): Promise<PendingChange[]> {
  const open = (await openSubjects(db, ruleId)).filter((subject) => isCovered(subject, filters));
  if (open.length === 0) return [];
  const items = [...new Set(open.map(itemOf))];
  const there = new Set<string>();
  const generation = await currentGeneration(db);
  for (let start = 0; start < items.length; start += ITEMS_PER_PAGE) {
    const some = items.slice(start, start + ITEMS_PER_PAGE);
    const filter = { ...NO_FILTER, item: some };
    const question = { runId, filter, sites: rule.sites, changes: [], since: undefined };
    for (const line of await readLines(results, question, Number.POSITIVE_INFINITY)) there.add(subjectOf(line));
    if (generation === undefined) continue;
    // What opened after the run's cut-off is off all the same.
    const live = await listLiveLines(db, generation.generation, {
      state: 'discrepancy',
      items: some,
      limit: LINES_MAX,
    });
    for (const line of live) there.add(subjectOf(line));
  }
  return open
    .filter((subject) => !there.has(subject))
    .flatMap((subject): PendingChange[] => [
      { kind: 'drop', ruleId, topic: 'discrepancy', subject },
      { kind: 'gone', ruleId, subject },
    ]);
}

/** Whether a run that was limited to some sites and items says anything of this key. */
function isCovered(subject: string, { site: sites, item: items }: RunRecord['filters']): boolean {
  const [item, site] = JSON.parse(subject) as [string, string];
  return (sites.length === 0 || sites.includes(site)) && (items.length === 0 || items.includes(item));
}

/** The most expensive first. */
async function readLines(results: ReaderContext['results'], question: LineQuestion, most: number) {
  const lines: DiscrepancyLine[] = [];
  const order = { by: 'value', isReversed: false } as const;
  for (let after: Parameters<typeof readDiscrepancies>[1]['after']; ; ) {
    const page = await readDiscrepancies(results, { ...question, order, after, limit: PAGE });
    if (page === undefined) return lines;
    lines.push(...page.lines);
    after = page.next;
    if (after === undefined || lines.length >= most) return lines;
  }
}
