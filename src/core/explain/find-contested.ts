/**
 * Decides which calls are open to doubt: the same evidence, put together otherwise, asks for another correction just as well.
 * Never decides which of the readings is right: a call that is contested is shown, and is never safe.
 */
import type { ItemCase } from './item-case.ts';
import { type Entry, hasSameParts } from './ledger-entry.ts';
import { mayBeSame } from './match-entries.ts';
import { type Altered, compareEntries, type Extra, type Missing, type Residual } from './residual.ts';
import { isTelling, weighCauses } from './weigh-causes.ts';

/** What lies further apart is hardly one event. */
const CONTESTED_MS = 36 * 3_600_000;

/** `lists`: residuals by the keys that they change. */
export function findContested(lists: ReadonlyMap<number, readonly Residual[]>, item: ItemCase): Set<Residual> {
  const contested = new Set<Residual>();
  const extras = new Set([...lists.values()].flat().filter((residual) => residual.kind === 'extra'));
  for (const list of lists.values()) {
    for (const missing of list) {
      if (missing.kind !== 'missing' || missing.verdict !== undefined) continue;
      const elsewhere = [...extras].filter((extra) => isOfOtherKey(missing, extra, item));
      const rivals = [...elsewhere, ...list.filter((other) => isRival(missing, other, item))];
      if (rivals.length === 0 && !isOfMatched(missing.wms, item)) continue;
      for (const residual of [missing, ...rivals]) contested.add(residual);
    }
  }
  return contested;
}

/** Whether what is left over beside a movement may be its own posting. */
function isRival(missing: Missing, other: Residual, item: ItemCase): boolean {
  if (other.kind === 'missing') return false;
  return other.kind === 'extra' ? isOfExtra(missing, other, item) : isOfAltered(missing, other, item);
}

/** A movement without a posting beside a posting without a movement, where nothing but time tells them apart. */
function isOfExtra({ wms }: Missing, extra: Extra, item: ItemCase): boolean {
  if (extra.original !== undefined && extra.originalGrade !== 'time') return false;
  return Math.abs(extra.erp.at - wms.at) <= CONTESTED_MS && mayBeSame(item, wms, extra.erp);
}

/** A posting on another key of the item in the usual time, which may be the sum of this movement and others. */
function isOfOtherKey({ wms }: Missing, { erp, original, originalGrade }: Extra, item: ItemCase): boolean {
  const [[moved, ...legs], [booked, ...others]] = [wms.parts, erp.parts];
  if (moved === undefined || booked === undefined || legs.length + others.length > 0) return false;
  const isRepeated = original !== undefined && originalGrade !== 'time';
  const isOfSum =
    Math.sign(booked.quantity) * moved.quantity > 0 && Math.abs(booked.quantity) >= Math.abs(moved.quantity);
  return !isRepeated && isOfSum && costOf(wms, erp, item) <= item.delays.usualMs && mayBeSame(item, wms, erp);
}

/**
 * A posting that stands for other movements with a difference: with this one among them the difference would be smaller, or it
 * alone would explain it as well.
 */
function isOfAltered({ wms }: Missing, { erp, grade, legs }: Altered, item: ItemCase): boolean {
  const [posting, ...more] = erp;
  if (posting === undefined || more.length > 0 || !isNear(wms, posting, item)) return false;
  if (isToldOtherwise([wms], posting, item))
    return wms.reference === posting.reference || mayBeSame(item, wms, posting);
  const [leg, ...others] = legs;
  const [part, ...parts] = wms.parts;
  if (grade !== 'time' || part === undefined || others.length + parts.length > 0 || leg.erpKey !== part.key)
    return false;
  const gap = leg.booked - leg.moved;
  return Math.abs(gap - part.quantity) < Math.abs(gap) && mayBeSame(item, wms, posting);
}

/**
 * Postings that time alone tied to other movements: an equal one of another type, which then is the one without a posting; one
 * nearer than its own movement, that a usual mistake would make of this one; or a sum that holds this one too, but for a mistake.
 */
function isOfMatched(wms: Entry, item: ItemCase): boolean {
  const { postsSummaries } = item.traits.habits;
  return item.erp.some((posting) => {
    const { match } = posting;
    if (match?.grade !== 'time' || match.erp.length > 1) return false;
    const [other] = match.wms;
    if (other === undefined || Math.abs(other.at - wms.at) > CONTESTED_MS || !mayBeSame(item, wms, posting))
      return false;
    const equal = match.wms.find((event) => hasSameParts(event, wms));
    if (equal !== undefined) return equal.first.type !== wms.first.type;
    if (!isNear(wms, posting, item)) return false;
    if (postsSummaries && isToldOtherwise([...match.wms, wms], posting, item)) return true;
    return costOf(wms, posting, item) < costOf(other, posting, item) && isToldOtherwise([wms], posting, item);
  });
}

/** Whether a mistake that is seldom met by accident would make the posting of these movements. */
function isToldOtherwise(wms: readonly Entry[], posting: Entry, item: ItemCase): boolean {
  const altered = compareEntries(wms, [posting], 'time', item);
  return altered !== undefined && isTelling(weighCauses(altered, item)[0]);
}

function isNear(wms: Entry, posting: Entry, item: ItemCase): boolean {
  return wms.reference !== '' && wms.reference === posting.reference
    ? true
    : costOf(wms, posting, item) <= item.delays.usualMs;
}

function costOf(wms: Entry, posting: Entry, item: ItemCase): number {
  return Math.abs(posting.at - wms.at - item.delays.median);
}
