/**
 * Decides what went together although it differs: of what matching left open, movements and postings of one document, then of
 * one time, are paired where a cause explains the difference. The rest is missing, or extra.
 */
import { append } from '../compare/ledger-evidence.ts';
import type { DelayScale } from './align-in-time.ts';
import type { ItemCase } from './item-case.ts';
import { claim, type Entry, hasSameParts, isOpen } from './ledger-entry.ts';
import { matchDocuments, matchOthers, mayBeSame } from './match-entries.ts';
import { Originals } from './originals.ts';
import { CONFIDENCE_MIN, type EvidenceGrade } from './priors.ts';
import { type Altered, compareEntries, type Missing, type Residual } from './residual.ts';
import { isTelling, type Opinion, weighCauses } from './weigh-causes.ts';

interface Candidate {
  readonly residual: Altered;
  /** undefined where both are of one document, and nothing explains the difference. */
  readonly opinion: Opinion | undefined;
  readonly rank: number;
  readonly cost: number;
}

/** Of entries of one time at most so many are held against each other. */
const NEIGHBOURS_MAX = 24;
/** A posting this long after its movement is not taken for it where quantities differ. */
const ALTERED_LATE_MS = 30 * 3_600_000;

/**
 * Residuals of an item, all entries being claimed afterwards. Within documents first, so that no posting that a cause explains is
 * taken for another document's by its quantity; then partly referenced documents are completed; then the rest is paired in time.
 */
export function findResiduals(item: ItemCase): Residual[] {
  matchDocuments(item);
  const scale = item.delays;
  const residuals: Residual[] = claimBest(ofOneDocument(item, scale).filter(isSure));
  matchOthers(item);
  residuals.push(...claimBest(ofOneDocument(item, scale)), ...claimBest(ofOneTime(item, scale)));
  for (const wms of item.wms) {
    if (isOpen(wms) && wms.period === 'within') residuals.push(missing(wms, item));
  }
  const originals = new Originals(item);
  for (const erp of item.erp) {
    if (isOpen(erp) && erp.period === 'within') residuals.push(originals.extra(erp));
  }
  return residuals;
}

function missing(wms: Entry, item: ItemCase): Missing {
  return { kind: 'missing', wms, verdict: item.messages.verdictOf(wms) };
}

function isSure({ opinion }: Candidate): boolean {
  return opinion !== undefined && opinion.confidence >= CONFIDENCE_MIN;
}

function claimBest(candidates: Candidate[]): Altered[] {
  candidates.sort(
    (a, b) => b.rank - a.rank || (b.opinion?.confidence ?? 0) - (a.opinion?.confidence ?? 0) || a.cost - b.cost,
  );
  const altered: Altered[] = [];
  for (const { residual } of candidates) {
    if (![...residual.wms, ...residual.erp].every(isOpen)) continue;
    claim(residual.wms, residual.erp, residual.grade);
    altered.push(residual);
  }
  return altered;
}

function candidateOf(item: ItemCase, residual: Altered | undefined, isOneDocument: boolean, cost: number): Candidate[] {
  if (residual === undefined) return [];
  const [opinion] = weighCauses(residual, item);
  if (opinion === undefined && !isOneDocument && !isLikely(residual, cost, item)) return [];
  const rank =
    opinion === undefined ? (isOneDocument ? 0 : -1) : (isOneDocument ? 2 : 0) + (isTelling(opinion) ? 2 : 1);
  return [{ residual, opinion, rank, cost }];
}

/** Booked on one key in the usual time, both without anything else to go with: one document, whatever went wrong with it. */
function isLikely({ legs }: Altered, cost: number, item: ItemCase): boolean {
  return (
    cost <= item.delays.usualMs &&
    legs.every(({ wmsKey, erpKey, moved, booked }) => wmsKey === erpKey && moved > 0 === booked > 0)
  );
}

/** Entries that share a message or a document: each with each, and all of one side with all of the other. */
function ofOneDocument(item: ItemCase, scale: DelayScale): Candidate[] {
  const [wms, erp] = [item.wms.filter(isOpen), item.erp.filter(isOpen)];
  if (wms.length === 0 || erp.length === 0) return [];
  const { linksByMessage, linksByReference } = item.traits.habits;
  const links: [EvidenceGrade, (entry: Entry) => string][] = [];
  if (linksByMessage) links.push(['message', ({ first }) => first.messageId]);
  if (linksByReference) links.push(['reference', ({ reference }) => reference]);
  if (item.messages.isGiven) links.push(['message', (entry) => item.messageOf(entry)]);
  if (item.messages.hasBatches) links.push(['message', ({ batch }) => batch]);
  return links.flatMap(([grade, linkOf]) => {
    const groups = new Map<string, Entry[]>();
    for (const entry of wms) if (linkOf(entry) !== '') append(groups, linkOf(entry), entry);
    const postings = new Map<string, Entry[]>();
    for (const entry of erp) if (groups.has(linkOf(entry))) append(postings, linkOf(entry), entry);
    return [...postings].flatMap(([link, group]) => {
      const events = (groups.get(link) as Entry[]).slice(0, NEIGHBOURS_MAX);
      const bookings = group.slice(0, NEIGHBOURS_MAX);
      const pairs = events.flatMap((event) =>
        bookings.flatMap((posting) =>
          candidateOf(item, compareEntries([event], [posting], grade, item), true, costOf(scale, event, posting)),
        ),
      );
      const completed = bookings.flatMap((posting) => completedOf(item, events, posting, grade));
      const kinds = kindsOf(events);
      const known = new Set(kinds.map((kind) => keysOf(kind[0] as Entry)));
      const elsewhere = bookings.filter((posting) => !known.has(keysOf(posting)));
      const sums = kinds.flatMap((kind) => {
        const here = bookings.filter((posting) => keysOf(posting) === keysOf(kind[0] as Entry));
        const like = here.length > 0 ? here : elsewhere;
        return kind.length + like.length === 2
          ? []
          : candidateOf(item, compareEntries(kind, like, grade, item), true, 0);
      });
      return [...pairs, ...sums, ...completed];
    });
  });
}

/** A posting with all movements of its document and one more that names none, where only then a telling test holds. */
function completedOf(item: ItemCase, events: readonly Entry[], posting: Entry, grade: EvidenceGrade): Candidate[] {
  const like = events.filter((event) => keysOf(event) === keysOf(posting));
  const [first] = like;
  if (first === undefined) return [];
  return item.wms
    .filter(
      (event) =>
        isOpen(event) &&
        event.reference === '' &&
        !event.isTied &&
        Math.abs(event.at - first.at) <= LINES_WITHIN_MS &&
        event.first.type === first.first.type &&
        keysOf(event) === keysOf(posting),
    )
    .slice(0, NEIGHBOURS_MAX)
    .flatMap((event) => candidateOf(item, compareEntries([...like, event], [posting], grade, item), true, 0))
    .filter(({ opinion }) => isTelling(opinion));
}

/** Lines of one document are moved within this time. */
const LINES_WITHIN_MS = 2 * 3_600_000;

/** Movements of one document by the keys that they change. */
function kindsOf(entries: readonly Entry[]): Entry[][] {
  const kinds = new Map<string, Entry[]>();
  for (const entry of entries) append(kinds, keysOf(entry), entry);
  return [...kinds.values()];
}

function keysOf({ parts }: Entry): string {
  return parts.map(({ key }) => key).join(' ');
}

function costOf(scale: DelayScale, wms: Entry, erp: Entry): number {
  return Math.abs(erp.at - wms.at - scale.median);
}

function ofOneTime(item: ItemCase, scale: DelayScale): Candidate[] {
  const erp = item.erp.filter((entry) => isOpen(entry) && entry.period === 'within');
  if (erp.length === 0) return [];
  const wms = item.wms.filter((entry) => isOpen(entry) && entry.period === 'within' && mayBePosted(entry, item));
  const originals = new Originals(item);
  const candidates: Candidate[] = [];
  let next = 0;
  for (const posting of erp) {
    const [from, to] = [posting.at - scale.median - ALTERED_LATE_MS, posting.at - scale.earliest];
    while (next < wms.length && (wms[next] as Entry).at < from) next++;
    const near: Entry[] = [];
    for (let at = next; at < wms.length && (wms[at] as Entry).at <= to; at++) near.push(wms[at] as Entry);
    near.sort((a, b) => costOf(scale, a, posting) - costOf(scale, b, posting));
    const isRepeated = near.length > 0 && originals.extra(posting).original !== undefined;
    candidates.push(...ofRun(item, near, posting), ...ofLines(item, near, posting));
    for (const event of near.slice(0, NEIGHBOURS_MAX)) {
      if (!mayBeSame(item, event, posting) || hasSameParts(event, posting)) continue;
      const cost = costOf(scale, event, posting);
      const found = candidateOf(item, compareEntries([event], [posting], 'time', item), false, cost);
      candidates.push(
        ...found.filter((candidate) => !isRepeated || (isTelling(candidate.opinion) && cost <= scale.usualMs)),
      );
    }
  }
  return candidates;
}

/** Of a summary so many movements are tried; where summaries are no habit, so many lines of one document. */
const SUMMARY_OF_MAX = 6;
const LINES_MAX = 3;

/** Runs of movements that one posting may have added up, where a telling test explains the difference. */
function ofRun(item: ItemCase, near: readonly Entry[], posting: Entry): Candidate[] {
  const like = near
    .filter((event) => keysOf(event) === keysOf(posting) && mayBeSame(item, event, posting))
    .slice(0, NEIGHBOURS_MAX)
    .sort((a, b) => a.at - b.at);
  const lengthMax = item.traits.habits.postsSummaries ? SUMMARY_OF_MAX : LINES_MAX;
  const candidates: Candidate[] = [];
  for (let first = 0; first < like.length; first++) {
    for (let length = 2; length <= lengthMax && first + length <= like.length; length++) {
      const run = like.slice(first, first + length);
      candidates.push(...candidateOf(item, compareEntries(run, [posting], 'time', item), false, 0));
    }
  }
  return candidates.filter(({ opinion }) => isTelling(opinion));
}

/** All open lines of one WMS document on another key, whose sum the posting may have put where it does not belong. */
function ofLines(item: ItemCase, near: readonly Entry[], posting: Entry): Candidate[] {
  const documents = new Map<string, Entry[]>();
  for (const event of near) {
    const { reference, type } = event.first;
    if (reference === '' || keysOf(event) === keysOf(posting) || !mayBeSame(item, event, posting)) continue;
    append(documents, JSON.stringify([reference, type, keysOf(event)]), event);
  }
  return [...documents.values()].flatMap((lines) => {
    const times = lines.map(({ at }) => at);
    const isOne = lines.length > 1 && lines.length <= NEIGHBOURS_MAX;
    if (!isOne || Math.max(...times) - Math.min(...times) > LINES_WITHIN_MS) return [];
    return candidateOf(item, compareEntries(lines, [posting], 'time', item), false, 0).filter(({ opinion }) =>
      isTelling(opinion),
    );
  });
}

/** A movement whose message was refused or never came has no posting, however like it one looks. */
function mayBePosted(entry: Entry, item: ItemCase): boolean {
  const verdict = item.messages.verdictOf(entry);
  return verdict === undefined || verdict.isLoose || verdict.fate === 'applied' || verdict.fate === 'partial';
}
