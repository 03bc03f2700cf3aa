/**
 * What the address says of the list: filters, order, groups, what lies beside it. Decides their names; never asks the server.
 */

export interface Search {
  readonly [name: string]: string | undefined;
}

/** Names as the API has them, in the order in which people narrow a list down. */
export const FILTERS = [
  'cause',
  'site',
  'category',
  'age',
  'priority',
  'direction',
  'finding',
  'change',
  'item',
  'text',
  'min_value',
  'first_seen',
] as const;
export type FilterName = (typeof FILTERS)[number];

export const SORTS = ['rank', 'value', 'units', 'item', 'site', 'impact', 'priority', 'days_out_of_sync'] as const;
export type SortName = (typeof SORTS)[number];
export type Sort = SortName | `-${SortName}`;

export const GROUPS = ['site', 'category', 'cause', 'finding'] as const;
export type GroupName = (typeof GROUPS)[number];

export const CHARTS = ['pareto', 'treemap'] as const;
export type ChartName = (typeof CHARTS)[number];

/** Filters as the address has them: several values of one with commas between them. */
export type Filter = Readonly<Partial<Record<FilterName, string>>>;

export interface RunView {
  readonly filter: Filter;
  /** The run that `change` compares with, where it is not the one before. */
  readonly since: string | undefined;
  readonly sort: Sort;
  readonly group: GroupName | undefined;
  readonly chart: ChartName | undefined;
  /** Rank of the line that is open beside the list. */
  readonly line: string | undefined;
}

const among = <T extends string>(known: readonly T[], text: string | undefined): T | undefined =>
  known.find((each) => each === text);

/** What is written by hand and means nothing is left out; the server judges the values. */
export function viewOf(search: Search): RunView {
  const filter: Partial<Record<FilterName, string>> = {};
  for (const name of FILTERS) {
    const value = search[name]?.trim() ?? '';
    if (value !== '') filter[name] = value;
  }
  const { name, isReversed } = sortParts(search['sort'] ?? '');
  const line = search['line'];
  return {
    filter,
    since: search['since'],
    sort: isReversed ? `-${name}` : name,
    group: among(GROUPS, search['group']),
    chart: among(CHARTS, search['chart']),
    line: line !== undefined && /^[1-9]\d{0,8}$/.test(line) ? line : undefined,
  };
}

export function sortParts(sort: string): { name: SortName; isReversed: boolean } {
  const isReversed = sort.startsWith('-');
  const name = among(SORTS, isReversed ? sort.slice(1) : sort);
  return name === undefined ? { name: 'rank', isReversed: false } : { name, isReversed };
}

/** A second choice of the same order turns it round; undefined stands for what needs no word in the address. */
export function nextSort(now: Sort, chosen: SortName): string | undefined {
  const { name, isReversed } = sortParts(now);
  const next = name === chosen && !isReversed ? `-${chosen}` : chosen;
  return next === 'rank' ? undefined : next;
}

export function valuesOf(filter: Filter, name: FilterName): readonly string[] {
  return (filter[name] ?? '').split(',').filter((value) => value !== '');
}

/** With the value where it was not, without it where it was; undefined where nothing is left. */
export function toggled(filter: Filter, name: FilterName, value: string): string | undefined {
  const values = valuesOf(filter, name);
  const next = values.includes(value) ? values.filter((each) => each !== value) : [...values, value];
  return next.length === 0 ? undefined : next.join(',');
}

/** The filter without this one: what its own choices are counted under. */
export function without(filter: Filter, name: FilterName): Filter {
  const { [name]: _left, ...rest } = filter;
  return rest;
}

/** What is asked of the API. A text of several words is one text, and none has commas that part it. */
export function queryOf({ filter, since }: Pick<RunView, 'filter' | 'since'>): Record<string, string> {
  return { ...filter, ...(since !== undefined && { since }) };
}

/** What a saved view keeps of the address: all but the line that is open. In one order, so that the same view is the same text. */
export function savedQuery(search: Search): string {
  const names = [...FILTERS, 'since', 'sort', 'group', 'chart'];
  const parameters = new URLSearchParams();
  for (const name of names) {
    const value = search[name] ?? '';
    if (value !== '') parameters.set(name, value);
  }
  return parameters.toString();
}

/** The address of the file with these lines. */
export function exportAddress(
  runId: string,
  query: Record<string, string>,
  sort: Sort,
  format: 'csv' | 'xlsx',
): string {
  const parameters = new URLSearchParams({ ...query, sort, format });
  return `/api/v1/runs/${encodeURIComponent(runId)}/discrepancies/export?${parameters}`;
}
