/**
 * Decides which contributions are one systemic fault: they share a factor that hardly any sound document has, and one action
 * puts them right. Never reports a contribution under two findings, and never fewer than eight documents.
 */
import type { CauseCode } from '../cause-code.ts';
import { causeOf } from '../causes/precedence.ts';
import { type KeyName, keyText } from '../evidence.ts';
import type { Contribution, Finding } from '../explanation.ts';
import type { FactorCounts, Population } from './factor-counts.ts';
import { type CommonFactor, FactorSearch, type FailingLine } from './factor-search.ts';
import { writeTitle } from './finding-title.ts';
import { SUPPORT_MIN } from './support.ts';

/** A contribution with its key and what it is worth without its sign, in minor units of the currency. */
export interface FindingLine {
  readonly key: KeyName;
  readonly family: string;
  readonly contribution: Contribution;
  readonly value: bigint;
  readonly impact: bigint;
}

export interface FindingResult {
  /** By impact, then value, the largest first. */
  readonly findings: readonly Finding[];
  /** For each line given, the position of its finding; −1: none. */
  readonly findingOf: Int32Array;
}

/** What was to be posted, as its messages tell; where there are none, as the WMS does. */
const TO_BE_POSTED: readonly Population[] = ['messages', 'wms'];
/** What was posted; its file may be known to the message only. */
const POSTED: readonly Population[] = ['erp', 'messages', 'wms'];

/** Causes that one fault can show as: what an outage does to a document depends on when its message was under way. */
const GROUPS: readonly { readonly causes: readonly CauseCode[]; readonly books: readonly Population[] }[] = [
  {
    causes: [
      ...(['message-lost', 'message-rejected', 'shipment-unconfirmed', 'receipt-not-posted'] as const),
      ...(['return-not-posted', 'count-not-sent', 'status-move-missing', 'kit-not-posted'] as const),
    ],
    books: TO_BE_POSTED,
  },
  { causes: ['file-loaded-twice', 'posted-twice'], books: POSTED },
  { causes: ['unit-mismatch'], books: ['packs', 'whole-packs', ...POSTED] },
  ...(['sign-reversed', 'decimal-shifted', 'digits-transposed', 'pick-short'] as const).map(posted),
  ...(['out-of-order', 'item-cross-posted', 'site-cross-posted', 'lot-swapped'] as const).map(posted),
  { causes: ['item-alias-missing'], books: ['items'] },
];

function posted(cause: CauseCode): (typeof GROUPS)[number] {
  return { causes: [cause], books: POSTED };
}

/** Faults of the whole run: every line of one is the same fault, told apart by nothing but the native status. */
const OF_THE_RUN: readonly CauseCode[] = ['status-unmapped', 'scope-mismatch', 'snapshot-stale', 'cutoff-time-zone'];
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Two time ranges are one from this share of the time that either takes. */
const SAME_TIME_SHARE = 0.5;
/** Two that follow each other are one if they take so much of the time from the first to the last. */
const CLOSE_SHARE = 0.7;
/** An error text is told with the factor where so many of the failures have it. */
const SAME_ERROR_SHARE = 0.8;

/** A line with its place among those given. */
interface PlacedLine extends FailingLine {
  readonly index: number;
  readonly given: FindingLine;
}

/** Lines that are one fault, before they are ranked. */
interface Bundle extends Omit<CommonFactor<PlacedLine>, 'factor'> {
  readonly factor: Readonly<Record<string, string>>;
}

/**
 * `zone` is the time zone that titles are written in, as Luxon names it: `America/Chicago`, `UTC-6`. `postsSummaries`: one
 * ERP posting often stands for several documents (see Habits).
 */
export function findFindings(
  lines: readonly FindingLine[],
  counts: FactorCounts,
  zone: string,
  postsSummaries = false,
): FindingResult {
  const placed = placeLines(lines, postsSummaries);
  const present = new Set(lines.map(({ contribution }) => contribution.cause));
  const linesOf = (causes: readonly CauseCode[]): PlacedLine[] =>
    causes.some((cause) => present.has(cause))
      ? placed.filter(({ given }) => causes.includes(given.contribution.cause))
      : [];
  const bundles = [
    ...OF_THE_RUN.flatMap((cause) => bundleRun(linesOf([cause]))),
    ...GROUPS.flatMap(({ causes, books }) => bundleDocuments(linesOf(causes), counts, books)),
  ];
  const findings = mergeTwins(bundles).map((bundle) => ({ bundle, finding: describe(bundle, placed, zone) }));
  findings.sort((a, b) => compare(b.finding.impact, a.finding.impact) || compare(b.finding.value, a.finding.value));
  const findingOf = new Int32Array(lines.length).fill(-1);
  for (const [position, { bundle }] of findings.entries())
    for (const { index } of bundle.lines) findingOf[index] = position;
  return { findings: findings.map(({ finding }, position) => ({ ...finding, id: `F${position + 1}` })), findingOf };
}

function placeLines(lines: readonly FindingLine[], postsSummaries: boolean): PlacedLine[] {
  const numbers = new Map<string, number>();
  return lines.map((given, index) => {
    const name = documentOf(given, postsSummaries);
    const document = numbers.get(name) ?? numbers.size;
    numbers.set(name, document);
    return placeLine(given, index, document);
  });
}

function placeLine(given: FindingLine, index: number, document: number): PlacedLine {
  const { key, family, contribution } = given;
  const { cause, at, factors } = contribution;
  const { interfaceName, batch, file, user, status } = factors;
  // What undoes a document is there because something went wrong: that it fails says nothing of its kind.
  const type = factors.type === 'reversal' ? '' : factors.type;
  return {
    // Master data that is missing is missing all the time.
    ...{ index, given, document, at: cause === 'item-alias-missing' ? undefined : at },
    attributes: { interface: interfaceName, batch, file, user, type, status, site: key.site, family },
  };
}

/**
 * What failed as one: the document that was to be posted, as its message calls it; of a fault of the whole run, the key. An ERP
 * that posts an hour's summaries posts one document for each hour, site and type. Where no reference names a document, what was
 * posted within the same minute is taken for one, as a ledger numbers its rows; without any of that, the item.
 */
function documentOf({ key, contribution }: FindingLine, postsSummaries: boolean): string {
  const { cause, document, at, proofs, factors } = contribution;
  if (OF_THE_RUN.includes(cause)) return keyText(key);
  if (document === '' || cause === 'item-alias-missing') return key.item;
  const message = proofs.find(({ kind }) => kind === 'message');
  if (message !== undefined) return message.reference || message.id;
  if (at === undefined) return document;
  if (postsSummaries) return [key.site, factors.type, Math.floor(at / HOUR_MS)].join(' ');
  const isNamed = proofs.some(({ reference }) => reference !== '');
  return isNamed ? document : [key.site, factors.type, Math.floor(at / MINUTE_MS)].join(' ');
}

function bundleRun(lines: readonly PlacedLine[]): Bundle[] {
  const statuses = new Set(lines.map(({ attributes }) => attributes.status ?? ''));
  return [...statuses].flatMap((status) => {
    const own = lines.filter((line) => line.attributes.status === status);
    if (own.length < SUPPORT_MIN) return [];
    const factor: Bundle['factor'] = status === '' ? {} : { status };
    const riskRatio = Number.POSITIVE_INFINITY;
    return [{ factor, range: undefined, lines: own, documents: documentsIn(own), exposed: own.length, riskRatio }];
  });
}

/** Takes the most telling factor, and looks at what it leaves over, until nothing is common any more. */
function bundleDocuments(lines: readonly PlacedLine[], counts: FactorCounts, books: readonly Population[]): Bundle[] {
  const search = new FactorSearch(lines, counts, books);
  const bundles: Bundle[] = [];
  for (let found = search.next(); found !== undefined; found = search.next())
    bundles.push({ ...found, factor: { ...found.factor, ...errorOf(found.lines) } });
  return bundles;
}

function errorOf(lines: readonly PlacedLine[]): { error?: string } {
  const counts = new Map<string, number>();
  for (const { given } of lines) {
    const { error } = given.contribution.factors;
    counts.set(error, (counts.get(error) ?? 0) + 1);
  }
  const [[error, count]] = [...counts].sort((a, b) => b[1] - a[1]) as [[string, number]];
  return error !== '' && count >= SAME_ERROR_SHARE * lines.length ? { error } : {};
}

/**
 * Bundles with the same factor are the same fault where they take the same time, whatever their causes; so are those of several
 * types of documents then, as one interface carries them, and where no message names it the types are all that is seen.
 * Of the same type and cause they are one where they follow each other closely.
 */
function mergeTwins(bundles: readonly Bundle[]): Bundle[] {
  const merged: Bundle[] = [];
  for (const bundle of bundles) {
    const twin = merged.findIndex((other) => areTwins(other, bundle));
    if (twin < 0) merged.push(bundle);
    else merged[twin] = merge(merged[twin] as Bundle, bundle);
  }
  return merged;
}

function areTwins(a: Bundle, b: Bundle): boolean {
  if (a.range === undefined || b.range === undefined) return false;
  const nameOf = ({ factor }: Bundle): string => JSON.stringify({ ...factor, type: '', error: '' });
  if (nameOf(a) !== nameOf(b)) return false;
  const shared = Math.min(a.range.to, b.range.to) - Math.max(a.range.from, b.range.from);
  const all = Math.max(a.range.to, b.range.to) - Math.min(a.range.from, b.range.from);
  if (shared >= SAME_TIME_SHARE * all) return true;
  const taken = a.range.to - a.range.from + (b.range.to - b.range.from) - Math.max(0, shared);
  const [type, other] = [a.factor['type'], b.factor['type']];
  const isSameKind = type === undefined || other === undefined || type === other;
  return isSameKind && causesOf(a).some((cause) => causesOf(b).includes(cause)) && taken >= CLOSE_SHARE * all;
}

function causesOf({ lines }: Bundle): CauseCode[] {
  return byFrequency(lines.map(({ given }) => given.contribution.cause));
}

function merge(a: Bundle, b: Bundle): Bundle {
  const [x, y] = [a.range, b.range] as [NonNullable<Bundle['range']>, NonNullable<Bundle['range']>];
  const larger = a.documents >= b.documents ? a : b;
  const common = Object.entries(larger.factor).filter(
    ([name, value]) => a.factor[name] === value && b.factor[name] === value,
  );
  const lines = [...a.lines, ...b.lines];
  return {
    ...larger,
    factor: Object.fromEntries(common),
    range: { from: Math.min(x.from, y.from), to: Math.max(x.to, y.to) },
    lines,
    documents: documentsIn(lines),
    exposed:
      a.factor['type'] === b.factor['type'] ? Math.max(a.exposed, b.exposed, lines.length) : a.exposed + b.exposed,
  };
}

function describe(bundle: Bundle, all: readonly PlacedLine[], zone: string): Finding {
  const { factor, range, lines, documents, exposed, riskRatio } = bundle;
  const causes = causesOf(bundle);
  const [cause] = causes as [CauseCode];
  const types = byFrequency(lines.map(({ attributes }) => attributes.type ?? ''));
  return {
    ...{ id: '', cause, causes, factor, from: range?.from, to: range?.to },
    title: writeTitle({ causes, factor, range, types, documents }, zone),
    ...{
      support: documents,
      failing: lines.length,
      exposed,
      riskRatio,
      coverage: documents / failedAlike(causes, all),
    },
    lines: lines.length,
    value: lines.reduce((sum, { given }) => sum + given.value, 0n),
    impact: lines.reduce((sum, { given }) => sum + given.impact, 0n),
    action: causeOf(cause).resolution,
  };
}

/** Failing documents of causes that belong together with these, in a finding or not. */
function failedAlike(causes: readonly CauseCode[], lines: readonly PlacedLine[]): number {
  const related = new Set([
    ...causes,
    ...GROUPS.flatMap((group) => (group.causes.some((cause) => causes.includes(cause)) ? group.causes : [])),
  ]);
  return documentsIn(lines.filter(({ given }) => related.has(given.contribution.cause)));
}

function documentsIn(lines: readonly PlacedLine[]): number {
  return new Set(lines.map(({ document }) => document)).size;
}

function byFrequency<T extends string>(values: readonly T[]): T[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
