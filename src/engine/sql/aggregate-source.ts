/**
 * Adds up one input by key, and says what became of each of its rows.
 * Never compares sides; a row that disappears between file and groups is our bug and ends the run.
 */

import { assert, Failure } from '../../core/model/failure.ts';
import type { Rejection } from '../../core/model/rejection.ts';
import { normalizeText } from '../../core/normalize/text.ts';
import { type InputOutcome, REJECTIONS_LISTED_MAX } from '../comparison-input.ts';
import { createJudgedTable, type JudgedBalance, RowJudge } from './judge-rows.ts';
import { type ResolvedSource, resolveSource } from './resolve-source.ts';
import type { RunNames } from './run-names.ts';
import type { Session } from './session.ts';
import { FATE, type KeyLayout, type SourceShape } from './source-shape.ts';
import {
  aggregateSource,
  countedGroups,
  countRepeats,
  countRepeatsOfAll,
  FATES_END,
  judgedTable,
  mergeLots,
  outsideGroups,
  repeatCandidates,
  unusualLots,
} from './statement-builder.ts';

export interface UnmappedGroup {
  readonly item: number;
  readonly site: number;
  readonly status: number;
  readonly rows: number;
  readonly quantity: bigint;
}

export interface AggregatedSource {
  readonly resolved: ResolvedSource;
  readonly outcome: InputOutcome;
  readonly unmapped: readonly UnmappedGroup[];
  readonly judged: readonly JudgedBalance[];
}

/** Lots of all inputs that are written otherwise than they read. */
export interface LotLookup {
  readonly raws: string[];
  readonly cleans: string[];
}

/** Every row that was read must be accounted for. */
function checkCount({ input, rows }: ResolvedSource['source'], counted: number): void {
  // Only statistics that lie make the database see other rows of a file in one statement than in another.
  if (counted !== rows && input.content.kind === 'parquet') {
    throw new Failure(
      'refused',
      'PARQUET_DAMAGED',
      `${input.file} is damaged: it has ${rows} rows, but ${counted} are found by their values`,
      'Send the file again.',
    );
  }
  assert(counted === rows, `${input.name}: ${rows} rows were read, ${counted} are accounted for`);
}

/** Reads one input and aggregates its accepted rows by key; what became of each row comes with it. */
export async function aggregateInput(
  session: Session,
  first: ResolvedSource,
  names: RunNames,
  layout: KeyLayout,
  lots: LotLookup,
): Promise<AggregatedSource> {
  const { source } = first;
  const { resolved, outside } = await addUp(session, first, names, layout);
  const { shape } = resolved;
  const judge = new RowJudge(session, source, shape, names);
  const judged = outside.fates[FATE.judged] ? await judge.judge() : { accepted: [], rejected: 0, rejections: [] };
  const isJudged = judged.accepted.length > 0;
  if (isJudged) await createJudgedTable(session, judgedTable(source.index), judged.accepted, names, layout);
  const isAllAccepted = outside.outOfScope === 0 && Object.keys(outside.fates).length === 0;
  const duplicates = await countDuplicates(session, shape, layout, isJudged, isAllAccepted, source.rows);
  if (duplicates > 0 && source.input.unique) {
    throw new Failure(
      'refused',
      'ROWS_REPEAT',
      `${source.input.file}: ${duplicates} rows repeat an earlier one in every column, and the source is declared unique.`,
      'Send the file without repeated rows.',
    );
  }
  const hasNewLots = shape.lotGrain !== 'none' && (await learnLots(session, source.index, lots));
  if (hasNewLots || isJudged) {
    await session.createTable(
      'lookup_lots',
      [
        ['raw', 'VARCHAR'],
        ['clean', 'VARCHAR'],
      ],
      [lots.raws, lots.cleans],
    );
    await session.run(mergeLots(source.index, isJudged ? judgedTable(source.index) : undefined));
  }
  const merged = isJudged ? await readOutside(session, source.index, layout) : outside;
  const [[accepted, negative, cleaned]] = (await session.rows(countedGroups(source.index, layout))) as [
    [bigint, bigint, bigint],
  ];
  const rejected = (outside.fates[FATE.rejected] ?? 0) + judged.rejected;
  const hasRejections =
    (outside.fates[FATE.rejected] ?? 0) > 0 || shape.hasCostFaults || shape.foreignCurrency !== 'none';
  const excluded = {
    ignored: outside.fates[FATE.ignored] ?? 0,
    'out-of-scope': outside.outOfScope,
    filtered: outside.fates[FATE.filtered] ?? 0,
  };
  const counted = Number(accepted) + rejected + excluded.ignored + excluded['out-of-scope'] + excluded.filtered;
  checkCount(source, counted);
  const outcome: InputOutcome = {
    rows: source.rows,
    accepted: Number(accepted),
    rejected,
    excluded,
    duplicates,
    negative: Number(negative),
    cleaned: Number(cleaned),
    asOf: resolved.asOf,
    outOfScopeSites: outside.outOfScopeSites.map((site) => names.sites.names[site] as string).sort(),
    rejections: inRowOrder(hasRejections ? await judge.rejections() : [], judged.rejections),
    finalNewlineMissing: false,
  };
  return { resolved, outcome, unmapped: merged.unmapped, judged: judged.accepted };
}

/** Adds the rows up by key; a second time where some item codes are not among the known ones. */
async function addUp(
  session: Session,
  first: ResolvedSource,
  names: RunNames,
  layout: KeyLayout,
): Promise<{ resolved: ResolvedSource; outside: OutsideGroups }> {
  const { source } = first;
  session.readingFrom(source.isParquet ? source.input : undefined);
  await session.run(aggregateSource(first.shape, layout));
  const outside = await readOutside(session, source.index, layout);
  if (!outside.fates[FATE.unknownItem]) return { resolved: first, outside };
  const resolved = await resolveSource(session, source, names, true);
  await session.run(aggregateSource(resolved.shape, layout));
  return { resolved, outside: await readOutside(session, source.index, layout) };
}

function inRowOrder(some: readonly Rejection[], others: readonly Rejection[]): Rejection[] {
  if (others.length === 0) return [...some];
  return [...some, ...others].sort((a, b) => a.row - b.row).slice(0, REJECTIONS_LISTED_MAX);
}

interface OutsideGroups {
  readonly fates: Readonly<Record<number, number>>;
  readonly outOfScope: number;
  readonly outOfScopeSites: readonly number[];
  readonly unmapped: readonly UnmappedGroup[];
}

/** Reads the groups outside every key. */
async function readOutside(session: Session, source: number, layout: KeyLayout): Promise<OutsideGroups> {
  const fates: Record<number, number> = {};
  const outOfScopeSites: number[] = [];
  const unmapped: UnmappedGroup[] = [];
  let outOfScope = 0;
  await session.columns(outsideGroups(source), ([keys = [], quantities = [], counts = []], rows) => {
    for (let row = 0; row < rows; row++) {
      const code = -1n - (keys[row] as bigint);
      const count = Number(counts[row]);
      if (code < FATES_END) fates[Number(code)] = count;
      else if (code < FATES_END + layout.sites) {
        outOfScope += count;
        outOfScopeSites.push(Number(code) - FATES_END);
      } else {
        const [place, status] = divide(code - BigInt(FATES_END + layout.sites), BigInt(layout.statuses));
        const [item, site] = divide(place, BigInt(layout.sites));
        unmapped.push({
          item: Number(item),
          site: Number(site),
          status: Number(status),
          rows: count,
          quantity: quantities[row] as bigint,
        });
      }
    }
  });
  return { fates, outOfScope, outOfScopeSites, unmapped };
}

function divide(code: bigint, by: bigint): [bigint, bigint] {
  return [code / by, code % by];
}

/** Above this share of the items, picking the rows of candidates costs more than looking at all rows. */
const CANDIDATE_SHARE_MAX = 0.3;

async function countDuplicates(
  session: Session,
  shape: SourceShape,
  layout: KeyLayout,
  isJudged: boolean,
  isAllAccepted: boolean,
  rows: number,
): Promise<number> {
  if (rows === 0) return 0;
  await session.run(repeatCandidates(shape.index, layout));
  const [[candidates, items]] = (await session.rows(
    `SELECT (SELECT count(*) FROM repeat_candidates), count(DISTINCT item) FROM lookup_${shape.index}_item`,
  )) as [[bigint, bigint]];
  if (candidates === 0n && !isJudged) return 0;
  const ofCandidates = !isJudged && Number(candidates) <= Number(items) * CANDIDATE_SHARE_MAX;
  const sql = isAllAccepted
    ? countRepeatsOfAll(shape, ofCandidates)
    : countRepeats(shape, ofCandidates, isJudged ? judgedTable(shape.index) : undefined);
  const [[repeats]] = (await session.rows(sql)) as [[bigint]];
  return Number(repeats);
}

/** Reads the lots of one input that are not plain, and lets the core say how they read. Returns whether any differs. */
async function learnLots(session: Session, source: number, lots: LotLookup): Promise<boolean> {
  let hasOdd = false;
  const known = new Set(lots.raws);
  await session.columns(unusualLots(source), ([texts = []]) => {
    for (const text of texts as string[]) {
      const clean = normalizeText(text);
      if (clean === text) continue;
      hasOdd = true;
      if (known.has(text)) continue;
      lots.raws.push(text);
      lots.cleans.push(clean);
    }
  });
  return hasOdd;
}
