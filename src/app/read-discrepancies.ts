/**
 * Reads the discrepancies of a kept run: page by page, in sums and groups, beside another run. Decides which names may be
 * asked for; never shows lines of sites that the asker may not see, nor names of such sites.
 */
import type { DiscrepancyLine, LineSums, RunDocument } from '../contract/run.ts';
import { CAUSE_CODES } from '../core/explain/cause-code.ts';
import { shareText } from '../core/measure/judge-comparison.ts';
import { Failure } from '../core/model/failure.ts';
import { parseDecimal } from '../core/normalize/number.ts';
import { type CompleteRun, isSamePart, type KeptResults } from './kept-results.ts';
import type { LinePage, LinePlace, LineSelection } from './lines/line-book.ts';
import type { LineChange, LineFilter } from './lines/line-filter.ts';
import type { LineOrder } from './lines/line-order.ts';
import type { ChangeLimit } from './lines/line-shelf.ts';
import type { GroupSums } from './lines/line-sums.ts';

export interface LineQuestion {
  /** Or `latest`. */
  readonly runId: string;
  readonly filter: LineFilter;
  /** Those that the asker may see; null: all. */
  readonly sites: readonly string[] | null;
  /** Only lines of these changes since another run; all where empty. */
  readonly changes: readonly LineChange[];
  /** The run that `changes` compare with; undefined: the one before. */
  readonly since: string | undefined;
}

export interface PageQuestion extends LineQuestion {
  readonly order: LineOrder;
  readonly after: LinePlace | undefined;
  /** How many of the lines that fit come before the page; instead of `after`. */
  readonly offset?: number | undefined;
  readonly limit: number;
}

export const GROUPED_BY = {
  site: 'site',
  category: 'category',
  cause: 'cause',
  finding: 'finding_id',
  direction: 'direction',
  priority: 'priority',
  age: 'age',
  item: 'item',
} as const;
export type GroupedBy = keyof typeof GROUPED_BY;

/** One group, and its share of the gross value of all of them: of itself, and of it and those before it. Shares have six decimals. */
export interface SharedGroup extends GroupSums {
  readonly value_share: string;
  readonly running_share: string;
}

export interface Groups {
  readonly run: RunDocument;
  readonly groups: SharedGroup[];
  /** Groups that are not listed. */
  readonly others: number;
}

/** undefined: `after` is no place of this list. */
export async function readDiscrepancies(results: KeptResults, question: PageQuestion): Promise<LinePage | undefined> {
  const { order, after, offset, limit } = question;
  return results.lines.page({ ...(await resolve(results, question)), order, after, offset, limit });
}

/** The most expensive groups first, and how few of them make up how much of the whole. */
export async function groupDiscrepancies(
  results: KeptResults,
  question: LineQuestion,
  { by, limit }: { readonly by: GroupedBy; readonly limit: number },
): Promise<Groups> {
  const { document } = await results.complete(question.runId);
  const groups = await results.lines.groups({ ...(await resolve(results, question)), by: GROUPED_BY[by] });
  const sized = groups.map((group) => ({ group, minor: BigInt(group.gross_variance_value.replace('.', '')) }));
  sized.sort((a, b) =>
    a.minor === b.minor ? b.group.discrepancies - a.group.discrepancies : a.minor < b.minor ? 1 : -1,
  );
  const whole = sized.reduce((sum, { minor }) => sum + minor, 0n);
  let running = 0n;
  const listed = sized.slice(0, limit).map(({ group, minor }) => {
    running += minor;
    return { ...group, value_share: shareText(minor, whole), running_share: shareText(running, whole) };
  });
  return { run: document, groups: listed, others: sized.length - listed.length };
}

export interface RunComparison {
  readonly run: RunDocument;
  readonly since: RunDocument;
  readonly sums: Record<LineChange, LineSums>;
}

/** Sums of the lines that are new, worse, better, the same and gone since another run. */
export async function compareRuns(
  results: KeptResults,
  question: Omit<LineQuestion, 'changes'>,
): Promise<RunComparison> {
  const run = await results.complete(question.runId);
  checkFilter(run.document, question);
  const since = await sinceOf(results, run, question.since);
  const { filter, sites } = question;
  const sums = await results.lines.compare({ run: run.lines, since: since.lines, selection: { filter, sites } });
  return { run: run.document, since: since.document, sums };
}

/** Lines of an export that are asked for at once. */
const BATCH_LINES = 2_000;

/** All lines that fit, batch by batch. */
export async function* streamDiscrepancies(
  results: KeptResults,
  question: Omit<PageQuestion, 'after' | 'offset' | 'limit'>,
): AsyncGenerator<readonly DiscrepancyLine[]> {
  const request = { ...(await resolve(results, question)), order: question.order, limit: BATCH_LINES };
  let after: LinePlace | undefined;
  do {
    const page = await results.lines.page({ ...request, after });
    if (page === undefined) throw new Error('Invariant broken: a run that is kept has changed');
    yield page.lines;
    after = page.next;
  } while (after !== undefined);
}

interface Resolved {
  readonly run: CompleteRun['lines'];
  readonly selection: LineSelection;
  readonly change: ChangeLimit | undefined;
}

async function resolve(results: KeptResults, question: LineQuestion): Promise<Resolved> {
  const run = await results.complete(question.runId);
  checkFilter(run.document, question);
  const { filter, sites, changes } = question;
  const selection = { filter, sites };
  if (changes.length === 0) return { run: run.lines, selection, change: undefined };
  if (changes.includes('gone') && changes.length > 1)
    throw new Failure(
      'usage',
      'CHANGES_MIXED',
      'lines that are gone are lines of the run before; they cannot be listed with others',
      'Ask for change=gone alone.',
    );
  const since = await sinceOf(results, run, question.since);
  return { run: run.lines, selection, change: { since: since.lines, changes } };
}

async function sinceOf(results: KeptResults, run: CompleteRun, since: string | undefined): Promise<CompleteRun> {
  const { document } = run;
  const other = since === undefined ? await results.before(document) : await results.complete(since);
  if (other === undefined)
    throw new Failure('absent', 'NO_RUN_BEFORE', `no run before ${document.run_id} compared the same sites and items`);
  if (!isSamePart(other.document.filters, document.filters))
    throw new Failure(
      'conflict',
      'RUNS_NOT_COMPARABLE',
      `runs ${document.run_id} and ${other.document.run_id} were limited to other sites or items`,
      'Name a run of the same part of the business.',
    );
  return other;
}

/** Refuses names that no line of any run could have, and a limit that is no amount. */
function checkFilter(run: RunDocument, { filter, sites }: Pick<LineQuestion, 'filter' | 'sites'>): void {
  const visible = run.by_site.map(({ site }) => site).filter((site) => sites === null || sites.includes(site));
  refuseUnknown('site', filter.site, visible);
  const categories = [...run.by_category.map(({ category }) => category), ...(run.explanation?.categories ?? [])];
  refuseUnknown('category', filter.category, categories);
  refuseUnknown('cause', filter.cause, CAUSE_CODES);
  if (filter.minValue === undefined) return;
  const least = parseDecimal(filter.minValue, {});
  if (!least.ok || least.value.coefficient < 0n)
    throw new Failure(
      'usage',
      'AMOUNT_EXPECTED',
      `min_value ${filter.minValue}: an amount such as 500 or 12.50 was expected`,
    );
}

const NAMES_SHOWN_MAX = 20;

function refuseUnknown(what: string, wanted: readonly string[], known: readonly string[]): void {
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const names = known.slice(0, NAMES_SHOWN_MAX).join(', ') + (known.length > NAMES_SHOWN_MAX ? ' …' : '');
  throw new Failure('usage', 'FILTER_UNKNOWN', `${what} ${unknown}: there is none; there are ${names || 'none'}`);
}
