/**
 * Decides what one entry of a ledger is: one posting, or the legs of one move that leave the total as it is.
 * Never looks at the other side's ledger.
 */
import type { Posting } from './evidence.ts';
import type { EvidenceGrade } from './priors.ts';

/** What an entry does to one key; `key` is an index into the keys of the item. */
export interface Part {
  readonly key: number;
  readonly quantity: number;
}

/** Where an entry stands in time: before the opening snapshot of its side, in the closing one but not in the opening one, or behind both. */
export type Period = 'before' | 'within' | 'behind';

export interface Entry {
  readonly postings: readonly Posting[];
  readonly first: Posting;
  readonly at: number;
  readonly period: Period;
  /** By key; none is 0, and there is at least one. */
  readonly parts: readonly Part[];
  /** Number of its document where both sides number alike; '' where it has none, or one that only its own side knows. */
  readonly reference: string;
  /** Whether it was read from a message because the ledger of its side is not given. */
  readonly isFromMessage: boolean;
  /** Whether the other side knows its message or document. */
  isTied: boolean;
  /** The batch of messages that it belongs to, where its own numbers do not tie it; '' where there is none. */
  batch: string;
  match: Match | undefined;
}

/** Entries of both sides that are the same event. Without one side: entries of a side that cancel each other. */
export interface Match {
  readonly wms: readonly Entry[];
  readonly erp: readonly Entry[];
  readonly grade: EvidenceGrade;
}

export interface EntryPlaces {
  /** Index of the key that a posting belongs to; -1 where no category takes it. */
  keyOf(posting: Posting): number;
  periodOf(posting: Posting): Period;
  /** The document number that both sides share; '' where there is none. */
  referenceOf(posting: Posting): string;
}

/** The legs of one move are written within this time. */
const MOVE_MS = 3_600_000;
const ROUNDED_SHARE = 0.01;

const MOVES: ReadonlySet<string> = new Set(['status-change', 'lot-change', 'transfer-out', 'transfer-in']);

/** Entries of one side in the order of its postings. Moves within one key change nothing and are left out. */
export function readEntries(postings: readonly Posting[], places: EntryPlaces, isFromMessage: boolean): Entry[] {
  const moves = findMoves(postings);
  const entries: Entry[] = [];
  for (const posting of postings) {
    const legs = moves.get(posting);
    if (legs !== undefined && legs[0] !== posting) continue;
    const parts = legs === undefined ? partsOfOne(posting, places) : partsOf(legs, places);
    if (parts.length === 0) continue;
    entries.push({
      postings: legs ?? [posting],
      first: posting,
      at: posting.postedAt,
      period: places.periodOf(posting),
      parts,
      reference: places.referenceOf(posting),
      isFromMessage,
      isTied: false,
      batch: '',
      match: undefined,
    });
  }
  return entries;
}

/** Rows with one movement id whose quantities add up to 0, by each of their rows. */
function findMoves(postings: readonly Posting[]): Map<Posting, Posting[]> {
  const byId = new Map<string, Posting[]>();
  let previous: Posting | undefined;
  for (const posting of postings) {
    const mayMove = MOVES.has(posting.type) || previous?.movementId === posting.movementId;
    if (mayMove && posting.movementId !== '') {
      const legs = byId.get(posting.movementId) ?? [];
      if (legs.length === 0) byId.set(posting.movementId, legs);
      if (legs.length === 0 && previous?.movementId === posting.movementId) legs.push(previous);
      legs.push(posting);
    }
    previous = posting;
  }
  const moves = new Map<Posting, Posting[]>();
  for (const legs of byId.values()) {
    for (const move of splitMoves(legs)) for (const leg of move) moves.set(leg, move);
  }
  return moves;
}

/** Legs of one movement id as moves: in pairs where they repeat, since a move that was posted twice has its legs twice. */
function splitMoves(legs: readonly Posting[]): Posting[][] {
  const pairs: Posting[][] = [];
  for (let at = 0; at + 1 < legs.length; at += 2) pairs.push(legs.slice(at, at + 2));
  if (legs.length % 2 === 0 && pairs.every(isMove)) return pairs;
  return isMove(legs) ? [[...legs]] : [];
}

function isMove(legs: readonly Posting[]): boolean {
  const [first, last] = [legs[0], legs.at(-1)];
  if (first === undefined || last === undefined || first === last) return false;
  if (last.postedAt - first.postedAt > MOVE_MS) return false;
  const sum = legs.reduce((all, { quantity }) => all + quantity, 0);
  // Each leg may be rounded by itself.
  return (
    sum === 0 ||
    (legs.length === 2 &&
      Math.abs(sum) <= ROUNDED_SHARE * Math.abs(first.quantity) &&
      first.quantity * last.quantity < 0)
  );
}

function partsOfOne(posting: Posting, places: EntryPlaces): Part[] {
  const key = places.keyOf(posting);
  return key < 0 || posting.quantity === 0 ? [] : [{ key, quantity: posting.quantity }];
}

function partsOf(legs: readonly Posting[], places: EntryPlaces): Part[] {
  const sums = new Map<number, number>();
  for (const leg of legs) {
    const key = places.keyOf(leg);
    if (key >= 0) sums.set(key, (sums.get(key) ?? 0) + leg.quantity);
  }
  return partsOfSums(sums);
}

/** Parts by key, without those that are 0. */
export function partsOfSums(sums: ReadonlyMap<number, number>): Part[] {
  const parts: Part[] = [];
  for (const [key, quantity] of sums) if (quantity !== 0) parts.push({ key, quantity });
  return parts.sort((a, b) => a.key - b.key);
}

/** Adds the parts of entries to sums by key, `sign` times. */
export function addParts(sums: Map<number, number>, entries: readonly Entry[], sign: 1 | -1): void {
  for (const { parts } of entries) {
    for (const { key, quantity } of parts) sums.set(key, (sums.get(key) ?? 0) + sign * quantity);
  }
}

/** Equal for entries that do the same to the same keys. */
export function signatureOf({ parts }: Entry): string {
  if (parts.length === 1) {
    const [{ key, quantity }] = parts as [Part];
    return `${key}:${quantity}`;
  }
  return parts.map(({ key, quantity }) => `${key}:${quantity}`).join(' ');
}

export function hasSameParts(a: Entry, b: Entry): boolean {
  return (
    a.parts.length === b.parts.length &&
    a.parts.every(({ key, quantity }, at) => b.parts[at]?.key === key && b.parts[at].quantity === quantity)
  );
}

export const isOpen = ({ match }: Entry): boolean => match === undefined;

/** Ties entries of both sides to one event. */
export function claim(wms: readonly Entry[], erp: readonly Entry[], grade: EvidenceGrade): void {
  const match = { wms, erp, grade };
  for (const entry of wms) entry.match = match;
  for (const entry of erp) entry.match = match;
}

/** Whether both sides do the same to every key. */
export function isBalanced(wms: readonly Entry[], erp: readonly Entry[]): boolean {
  const sums = new Map<number, number>();
  addParts(sums, wms, 1);
  addParts(sums, erp, -1);
  for (const sum of sums.values()) if (sum !== 0) return false;
  return true;
}
