/**
 * Decides what is older than the evidence: documents that were on their way at the opening snapshots or when a ledger begins, and
 * messages of which no ledger tells any more. They explain a difference at the beginning; the rest of it stays one.
 */
import { draftOf } from './draft.ts';
import type { Contribution } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { KeyAccount } from './key-account.ts';
import type { Entry } from './ledger-entry.ts';
import { effectOf, type Missing, type Residual } from './residual.ts';
import type { InFlightSettlement } from './settle-in-flight.ts';
import { weighCauses } from './weigh-causes.ts';

export interface Beginning {
  /** Whether a residual's part in a key only makes up for what the balances already held. */
  isOlder(residual: Residual, key: number): boolean;
  /** What messages from before the ledgers explain. */
  contributionsOf(key: number): readonly Contribution[];
  /** What is left of the difference at the beginning. */
  differenceOf(key: number): number;
}

/** Differences by key before anything of them is explained, and how they are known. */
export interface Difference {
  readonly quantity: number;
  /** Both openings and both ledgers are there: then it is the difference at the opening, and nothing else. */
  readonly isOpening: boolean;
}

interface Candidate {
  readonly residual: Residual;
  /** What taking it adds to the difference. */
  readonly quantity: number;
  readonly isProven: boolean;
}

const CHOICES_MAX = 12;
const SLACK_MS = 3_600_000;

/** Finds for each key the early documents that add up to its difference at the beginning. */
export function settleBeginning(
  item: ItemCase,
  differences: readonly (Difference | undefined)[],
  residuals: readonly Residual[],
  inFlight: InFlightSettlement,
): Beginning {
  const early = earlyDocuments(item, residuals, inFlight);
  const told = toldBefore(item);
  const older = new Map<number, Set<Residual>>();
  const contributions = new Map<number, Contribution[]>();
  const left = differences.map((difference, key) => {
    if (difference === undefined) return 0;
    const candidates = [...(early.get(key) ?? []), ...(difference.quantity === 0 ? [] : (told.get(key) ?? []))];
    if (candidates.length === 0) return difference.quantity;
    const chosen = choose(candidates, difference);
    older.set(key, new Set(chosen.map(({ residual }) => residual)));
    const drafts = chosen.flatMap(({ residual, quantity }) => {
      const [best] = isOfNoLedger(residual) ? weighCauses(residual, item) : [];
      return best === undefined ? [] : [{ ...draftOf(residual, best, item), quantity: -quantity }];
    });
    contributions.set(key, drafts);
    return chosen.reduce((sum, { quantity }) => sum + quantity, difference.quantity);
  });
  return {
    isOlder: (residual, key) => older.get(key)?.has(residual) ?? false,
    contributionsOf: (key) => contributions.get(key) ?? [],
    differenceOf: (key) => left[key] ?? 0,
  };
}

/** What is proven to be older, with what else makes the difference 0; without the openings also what makes it smaller. */
function choose(candidates: readonly Candidate[], { quantity, isOpening }: Difference): readonly Candidate[] {
  const proven = candidates.filter(({ isProven }) => isProven);
  const rest = proven.reduce((sum, one) => sum + one.quantity, quantity);
  if (rest === 0) return proven;
  const others = candidates.filter(({ isProven }) => !isProven).slice(0, CHOICES_MAX);
  const exact = chooseSum(others, -rest);
  if (exact !== undefined) return [...proven, ...exact];
  if (isOpening) return proven;
  const chosen = [...proven];
  let left = rest;
  for (const candidate of others) {
    if (Math.abs(left + candidate.quantity) >= Math.abs(left)) continue;
    left += candidate.quantity;
    chosen.push(candidate);
  }
  return chosen;
}

function chooseSum(candidates: readonly Candidate[], sum: number): Candidate[] | undefined {
  for (let mask = (1 << candidates.length) - 1; mask > 0; mask--) {
    const chosen = candidates.filter((_, at) => (mask & (1 << at)) !== 0);
    if (chosen.reduce((all, { quantity }) => all + quantity, 0) === sum) return chosen;
  }
  return undefined;
}

function earlyDocuments(
  item: ItemCase,
  residuals: readonly Residual[],
  inFlight: InFlightSettlement,
): Map<number, Candidate[]> {
  const early = new Map<number, Candidate[]>();
  for (const residual of residuals) {
    const evidence = onItsWay(residual, item);
    if (evidence === undefined) continue;
    for (const { key, quantity } of effectOf(residual)) {
      if (!inFlight.isInFlight(residual, key)) add(early, key, { residual, quantity, isProven: evidence === 'proven' });
    }
  }
  return early;
}

function add(lists: Map<number, Candidate[]>, key: number, candidate: Candidate): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [candidate]);
  else list.push(candidate);
}

/** Whether a posting can be, or must be, of goods that moved before the beginning. */
function onItsWay(residual: Residual, item: ItemCase): 'proven' | 'possible' | undefined {
  const { habits } = item.traits;
  if (residual.kind === 'altered') return undefined;
  const entry = residual.kind === 'missing' ? residual.wms : residual.erp;
  if (residual.kind === 'extra' && isOfOlderGoods(entry, item)) return 'proven';
  const since = entry.at - item.beginningOf(entry.first.role, entry.first.site);
  const latest = residual.kind === 'missing' ? SLACK_MS : Math.max(habits.delay?.high ?? 0, item.lagMs) + SLACK_MS;
  return since >= 0 && since <= latest ? 'possible' : undefined;
}

/** The goods moved, or the message was sent, before the WMS’s part of the evidence begins. */
function isOfOlderGoods({ first }: Entry, item: ItemCase): boolean {
  const beginning = item.beginningOf('wms', first.site);
  if (first.eventAt !== undefined && first.eventAt <= beginning) return true;
  const [line] = item.messages.linesOfDocument(first);
  return line !== undefined && line.sentAt <= beginning;
}

function isOfNoLedger(residual: Residual): residual is Missing {
  return residual.kind === 'missing' && residual.wms.isFromMessage;
}

/** Messages of the WMS that were refused or lost before its ledger begins, as movements that the ERP lacks. */
function toldBefore(item: ItemCase): Map<number, Candidate[]> {
  const told = new Map<number, Candidate[]>();
  for (const wms of item.toldBefore()) {
    const verdict = item.messages.verdictOf(wms);
    if (verdict?.fate !== 'rejected' && verdict?.fate !== 'lost') continue;
    const residual: Missing = { kind: 'missing', wms, verdict };
    for (const { key, quantity } of wms.parts) add(told, key, { residual, quantity: -quantity, isProven: false });
  }
  return told;
}

/** The difference at the beginning of a key: at the opening, or what its documents, breaks and goods in flight leave of the variance. */
export function differenceOf(account: KeyAccount, rest: number): Difference {
  const { opening, wmsBreak, erpBreak } = account;
  if (opening !== undefined && wmsBreak !== undefined && erpBreak !== undefined)
    return { quantity: opening, isOpening: true };
  return { quantity: rest - (wmsBreak ?? 0) + (erpBreak ?? 0), isOpening: false };
}
