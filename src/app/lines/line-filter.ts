/**
 * Decides which lines of a run fit what was asked. The names are those of the command line's options. Never looks at lines
 * of sites that the asker may not see.
 */
import { rescale } from '../../core/model/decimal.ts';
import { parseDecimal } from '../../core/normalize/number.ts';
import { ageTexts } from './line-ages.ts';
import type { CodedColumn, CodedTexts, LineColumns } from './line-columns.ts';

/** What became of a line since another run, or what it was there. */
export const LINE_CHANGES = ['new', 'worse', 'better', 'same', 'gone'] as const;
export type LineChange = (typeof LINE_CHANGES)[number];

/** Each list is any of its texts; an empty one is all. `minValue` counts whatever the sign; unvalued lines never reach it. */
export interface LineFilter {
  readonly site: readonly string[];
  readonly category: readonly string[];
  readonly cause: readonly string[];
  readonly finding: readonly string[];
  readonly direction: readonly string[];
  readonly priority: readonly string[];
  /** Buckets of days out of sync, as the measures name them. */
  readonly age: readonly string[];
  /** Item codes that begin like one of these. */
  readonly item: readonly string[];
  readonly minValue: string | undefined;
  /** Lines first seen at this moment, or on this day: ISO 8601 text or its beginning. */
  readonly firstSeen: readonly string[];
  /** Part of the item, its description or its lot, in upper or lower case. */
  readonly text: string | undefined;
  /** These lines alone, where any are named. */
  readonly rank: readonly number[];
}

export const NO_FILTER: LineFilter = {
  site: [],
  category: [],
  cause: [],
  finding: [],
  direction: [],
  priority: [],
  age: [],
  item: [],
  minValue: undefined,
  firstSeen: [],
  text: undefined,
  rank: [],
};

const EQUAL_COLUMNS = [
  ['site', 'site'],
  ['category', 'category'],
  ['cause', 'cause'],
  ['finding', 'finding_id'],
  ['direction', 'direction'],
  ['priority', 'priority'],
] as const satisfies readonly (readonly [keyof LineFilter, CodedColumn])[];

const TEXT_COLUMNS = ['item', 'description', 'lot'] as const;

/** 1 for each line that fits and is of a site of `sites` (null: of any), 0 for the others. */
export function markLines(columns: LineColumns, filter: LineFilter, sites: readonly string[] | null): Uint8Array {
  const marks = startMarks(columns.count, filter.rank);
  const keep = (column: CodedColumn, isWanted: (text: string) => boolean): void =>
    keepTexts(marks, columns.coded[column], isWanted);
  if (sites !== null) keep('site', (text) => sites.includes(text));
  for (const [name, column] of EQUAL_COLUMNS) {
    const wanted = filter[name];
    if (wanted.length > 0) keep(column, (text) => wanted.includes(text));
  }
  if (filter.age.length > 0) keepTexts(marks, ageTexts(columns), (text) => filter.age.includes(text));
  for (const [wanted, column] of [
    [filter.item, 'item'],
    [filter.firstSeen, 'first_seen'],
  ] as const)
    if (wanted.length > 0) keep(column, (text) => wanted.some((start) => text.startsWith(start)));
  if (filter.minValue !== undefined) keepWorth(marks, columns, filter.minValue);
  if (filter.text !== undefined) keepText(marks, columns, filter.text.replaceAll('\n', ' ').toLowerCase());
  return marks;
}

function startMarks(count: number, ranks: readonly number[]): Uint8Array {
  const marks = new Uint8Array(count);
  if (ranks.length === 0) return marks.fill(1);
  for (const rank of ranks) if (rank >= 1 && rank <= count) marks[rank - 1] = 1;
  return marks;
}

function keepTexts(marks: Uint8Array, { values, codes }: CodedTexts, isWanted: (text: string) => boolean): void {
  const wanted = new Uint8Array(values.length);
  for (let code = 0; code < values.length; code++) if (isWanted(values[code] as string)) wanted[code] = 1;
  for (let index = 0; index < marks.length; index++)
    marks[index] = (marks[index] as number) & (wanted[codes[index] as number] as number);
}

function keepWorth(marks: Uint8Array, { numbers, minorDecimals }: LineColumns, minValue: string): void {
  const least = minorUnits(minValue, minorDecimals);
  const values = numbers.variance_value;
  // Nothing is as large as NaN, and so no line without a value fits.
  for (let index = 0; index < marks.length; index++)
    if (!(Math.abs(values[index] as number) >= least)) marks[index] = 0;
}

/** The smallest whole number of minor units that is at least this amount. */
function minorUnits(amount: string, minorDecimals: number): number {
  const read = parseDecimal(amount, {});
  if (!read.ok) return Number.POSITIVE_INFINITY;
  const { value } = read;
  const exact = rescale(value, Math.max(minorDecimals, value.scale)) as bigint;
  const step = 10n ** BigInt(Math.max(0, value.scale - minorDecimals));
  return Number((exact + step - 1n) / step);
}

function keepText(marks: Uint8Array, { coded }: LineColumns, part: string): void {
  const [item, description, lot] = TEXT_COLUMNS.map((name) => findTexts(coded[name], part)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const { item: items, description: descriptions, lot: lots } = coded;
  for (let index = 0; index < marks.length; index++) {
    const isFound =
      (item[items.codes[index] as number] as number) |
      (description[descriptions.codes[index] as number] as number) |
      (lot[lots.codes[index] as number] as number);
    marks[index] = (marks[index] as number) & isFound;
  }
}

interface SearchText {
  readonly text: string;
  /** Where each text begins. */
  readonly starts: Uint32Array;
}

const searchTexts = new WeakMap<CodedTexts, SearchText>();

/** 1 for each text that contains the part. One search through all of them takes a tenth of the time of many. */
function findTexts(texts: CodedTexts, part: string): Uint8Array {
  const { text, starts } = searchTextOf(texts);
  const found = new Uint8Array(starts.length);
  let code = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, starts[code] ?? text.length)) {
    while (code < starts.length && (starts[code] as number) <= at) code++;
    found[code - 1] = 1;
    if (code === starts.length) break;
  }
  return found;
}

/** All texts of a column in lower case, one a line, made at the first search. */
function searchTextOf(texts: CodedTexts): SearchText {
  const known = searchTexts.get(texts);
  if (known !== undefined) return known;
  const starts = new Uint32Array(texts.values.length);
  let length = 0;
  const lines = texts.values.map((value, code) => {
    const line = `${value.replaceAll('\n', ' ').toLowerCase()}\n`;
    starts[code] = length;
    length += line.length;
    return line;
  });
  const made = { text: lines.join(''), starts };
  searchTexts.set(texts, made);
  return made;
}

/** Makes what the first search would wait for. */
export function prepareSearch({ coded }: LineColumns): void {
  for (const name of TEXT_COLUMNS) searchTextOf(coded[name]);
}
