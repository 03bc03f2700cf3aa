/**
 * Decides which documents make up what is in flight. How much is in flight is settled before, by compare/in-flight.ts: here that
 * figure is met exactly, and never changed.
 */
import { cutOffOf } from '../compare/ledger-evidence.ts';
import { causeOf } from './causes/precedence.ts';
import { circumstancesOf, type Draft, documentOf, NO_FACTORS, plainDraft } from './draft.ts';
import type { Contribution } from './explanation.ts';
import type { ItemCase } from './item-case.ts';
import type { Entry, Match, Part } from './ledger-entry.ts';
import { confidenceOf } from './priors.ts';
import { balanceProof, entryProofs, messageProof } from './proof.ts';
import { effectOf, effectOfEntries, erpOf, type Residual, wmsOf } from './residual.ts';

/** Of so many documents of one key every choice is tried. */
const CHOICES_MAX = 14;

export interface InFlightSettlement {
  contributionsOf(key: number): readonly Contribution[];
  /** Whether a residual's part in a key is in flight, and so needs no cause. */
  isInFlight(residual: Residual, key: number): boolean;
}

interface Candidate {
  readonly residual: Residual | undefined;
  readonly wms: readonly Entry[];
  readonly erp: readonly Entry[];
  readonly quantity: number;
  /** Whether it is on its way by the same rules as those that settled the figure. */
  readonly isYoung: boolean;
}

/** Finds for each key the documents whose parts add up to its quantity in flight. */
export function settleInFlight(item: ItemCase, residuals: readonly Residual[]): InFlightSettlement {
  const byKey = new Map<number, Candidate[]>();
  const add = (parts: readonly Part[], candidate: Omit<Candidate, 'quantity'>): void => {
    for (const { key, quantity } of parts) {
      const list = byKey.get(key) ?? [];
      byKey.set(key, list);
      list.push({ ...candidate, quantity });
    }
  };
  for (const { wms, erp } of crossingMatches(item))
    add(effectOfEntries(wms, erp), { residual: undefined, wms, erp, isYoung: true });
  for (const residual of residuals)
    add(effectOf(residual), {
      residual,
      wms: wmsOf(residual),
      erp: erpOf(residual),
      isYoung: isYoung(residual, item),
    });
  const contributions = new Map<number, Contribution[]>();
  const chosen = new Map<Residual, Set<number>>();
  const take = (residual: Residual, key: number): void => {
    chosen.set(residual, (chosen.get(residual) ?? new Set()).add(key));
  };
  item.facts.forEach((facts, key) => {
    const candidates = byKey.get(key) ?? [];
    const inFlight = facts?.inFlight ?? 0;
    if (inFlight === 0 && !candidates.some((candidate) => candidate.isYoung)) return;
    const misplaced = choose(candidates, inFlight) === undefined ? misplacedOn(key, byKey, item) : [];
    const found = choose(candidates, inFlight - sumOf(misplaced));
    const list: Contribution[] = [];
    if (found !== undefined)
      for (const one of misplaced)
        list.push(
          { ...draftOf(one, item), quantity: one.quantity },
          { ...unmappedDraft(one, item), quantity: -one.quantity },
        );
    for (const candidate of found ?? candidates.filter((one) => one.isYoung)) {
      if (candidate.residual !== undefined) take(candidate.residual, key);
      if (found !== undefined) list.push({ ...draftOf(candidate, item), quantity: candidate.quantity });
    }
    for (const candidate of candidates) {
      if (found?.includes(candidate) || !candidate.isYoung || !isOfUnmapped(candidate, item)) continue;
      if (candidate.residual !== undefined) take(candidate.residual, key);
      list.push({ ...unmappedDraft(candidate, item), quantity: candidate.quantity });
    }
    if (found === undefined && inFlight !== 0) list.push({ ...lumpOf(item), quantity: inFlight });
    contributions.set(key, list);
  });
  return {
    contributionsOf: (key) => contributions.get(key) ?? [],
    isInFlight: (residual, key) => chosen.get(residual)?.has(key) ?? false,
  };
}

/** Matched documents of which one snapshot holds a part that the other does not. */
function crossingMatches(item: ItemCase): Match[] {
  const matches = new Set<Match>();
  for (const entry of [...item.wms, ...item.erp]) {
    if (entry.period === 'behind' && entry.match !== undefined) matches.add(entry.match);
  }
  return [...matches].filter(({ wms, erp }) => effectOfEntries(wms, erp).length > 0);
}

/** Whether a residual is on its way by the rules of compare/in-flight.ts. */
function isYoung(residual: Residual, item: ItemCase): boolean {
  const { cutOffs, given } = item.settings;
  if (residual.kind === 'altered') return residual.erp.every(({ period }) => period === 'behind');
  if (residual.kind === 'extra') {
    const { first, at } = residual.erp;
    return at > cutOffOf('wms', first.site, cutOffs) && (first.eventAt ?? at) > cutOffOf('wms', first.site, cutOffs);
  }
  const { wms, verdict } = residual;
  if (verdict !== undefined) return verdict.fate === 'pending';
  return wms.at > cutOffs.erp || (given.erpLedger && !wms.isTied && wms.at >= cutOffs.erp - cutOffs.lagOf(''));
}

/** All young ones where they add up; else the choice that leaves the fewest young ones out and takes the fewest others in. */
function choose(candidates: readonly Candidate[], inFlight: number): readonly Candidate[] | undefined {
  const young = candidates.filter((candidate) => candidate.isYoung);
  if (sumOf(young) === inFlight) return young;
  const pool = [...young, ...candidates.filter((candidate) => !candidate.isYoung)].slice(0, CHOICES_MAX);
  let best: readonly Candidate[] | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < 1 << pool.length; mask++) {
    let sum = 0;
    let cost = 0;
    pool.forEach(({ quantity, isYoung: wanted }, at) => {
      const isTaken = (mask & (1 << at)) !== 0;
      if (isTaken) sum += quantity;
      if (isTaken !== wanted) cost += wanted ? 1 : 1.5;
    });
    if (sum === inFlight && cost < bestCost) {
      bestCost = cost;
      best = pool.filter((_, at) => (mask & (1 << at)) !== 0);
    }
  }
  return best;
}

function draftOf({ residual, wms, erp }: Candidate, item: ItemCase): Draft {
  const { resolved } = item.traits;
  const action = 'Nothing is to be done; check again after the allowed lag.';
  const line = residual?.kind === 'missing' ? residual.verdict?.line : undefined;
  const confidence = confidenceOf('in-flight', line === undefined ? 'reference' : 'message', resolved);
  const proofs = [
    ...entryProofs(wms, 'the WMS moved it'),
    ...entryProofs(
      erp,
      erp.some(({ period }) => period === 'behind') ? 'the ERP posted it behind its cut-off' : 'the ERP posted it',
    ),
    ...(line === undefined
      ? []
      : [messageProof(line, `its message is ${line.state} and younger than the allowed lag`)]),
  ];
  const event = (wms[0] ?? erp[0]) as Entry;
  if (residual !== undefined)
    return {
      cause: 'in-flight',
      confidence,
      side: 'none',
      ...circumstancesOf(residual, item),
      at: event.at,
      proofs,
      action,
    };
  return {
    cause: 'in-flight',
    confidence,
    side: 'none',
    at: event.at,
    document: documentOf(event),
    factors: NO_FACTORS,
    proofs,
    action,
  };
}

/** Movements of a status that the map does not know, or not rightly, are not seen as on their way, though they are. */
function isOfUnmapped({ wms, erp }: Candidate, item: ItemCase): boolean {
  return statusOf([...wms, ...erp], item) !== '';
}

/** The first status of entries that the map does not know, or not rightly; '' where it knows all. */
function statusOf(entries: readonly Entry[], { traits }: ItemCase): string {
  const statuses = traits.systemic.unmappedStatuses;
  const found = entries
    .flatMap(({ postings }) => postings)
    .find((posting) => statuses.some(({ role, status }) => role === posting.role && status === posting.status));
  return found?.status ?? '';
}

/**
 * Young movements of other keys that the map puts on this one, with the quantity that they have here: they are in flight, so what
 * they hold is none of the units that the wrong map makes out of sync.
 */
function misplacedOn(key: number, byKey: ReadonlyMap<number, readonly Candidate[]>, item: ItemCase): Candidate[] {
  const young = new Set([...byKey.values()].flat().filter((one) => one.isYoung && isOfUnmapped(one, item)));
  const residuals = new Map([...young].map((one) => [one.residual ?? one, one]));
  return [...residuals.values()].flatMap((one) => {
    const on = (entries: readonly Entry[]): number =>
      entries
        .flatMap(({ postings }) => postings)
        .filter((posting) => item.findKey(posting) === key)
        .reduce((sum, { quantity }) => sum + quantity, 0);
    const quantity = on(one.wms) - on(one.erp);
    const isHere = effectOfEntries(one.wms, one.erp).some((part) => part.key === key);
    return quantity === 0 || isHere ? [] : [{ ...one, quantity }];
  });
}

function sumOf(candidates: readonly Candidate[]): number {
  return candidates.reduce((sum, { quantity }) => sum + quantity, 0);
}

function unmappedDraft({ wms, erp }: Candidate, item: ItemCase): Draft {
  const { side, resolution } = causeOf('status-unmapped');
  const confidence = confidenceOf('status-unmapped', 'reference', item.traits.resolved);
  const proofs = entryProofs([...wms, ...erp], 'on its way, in a status that the map does not know');
  const at = [...wms, ...erp][0]?.at;
  const draft = plainDraft('status-unmapped', confidence, side, at, proofs, resolution);
  return { ...draft, factors: { ...NO_FACTORS, status: statusOf([...wms, ...erp], item) } };
}

/** What is in flight although none of the item's documents shows which one it is. */
function lumpOf(item: ItemCase): Draft {
  return plainDraft(
    'in-flight',
    confidenceOf('in-flight', 'time', item.traits.resolved),
    'none',
    undefined,
    [balanceProof('movements and messages near the cut-offs')],
    'Nothing is to be done; check again after the allowed lag.',
  );
}
