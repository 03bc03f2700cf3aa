/** The cause `count-raced-movement`: a movement was open while its bin was counted, so the count booked it a second time. Never without such a movement. */
import type { Cause } from '../cause.ts';
import type { Posting } from '../evidence.ts';
import type { ItemCase } from '../item-case.ts';
import type { Entry } from '../ledger-entry.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { entryProof, nameOf } from '../proof.ts';

/** A movement may be open for this long where nothing tells. */
const OPEN_MS = 4 * 3_600_000;
/** Without a document, an earlier step of the same quantity is looked for within this time. */
const BEGUN_MS = 12 * 3_600_000;

export const countRacedMovement: Cause = {
  code: 'count-raced-movement',
  title: 'Count raced a movement',
  meaning:
    'A bin was counted while a movement was open: the goods had moved and the booking had not, or the other way round. The count then booked the same units again.',
  clue: 'A count adjustment of exactly the quantity of a movement around it.',
  test: 'A count adjustment without a message equals ± a movement of the same key that was open while counting; v = adjustment.',
  side: 'wms',
  resolution: 'Recount, and reverse the adjustment in the WMS.',
  example: {
    story:
      'A picker took 7 at 09:00 and confirmed at 09:40; the bin was counted at 09:20 and booked 7 short, so the WMS lost them twice.',
    scenario: `
opening 11-20 00:00
cut-off 11-22 00:00
balance erp 100>93 wms 100>86
wms 11-21 09:20 count -7 id=C1
wms 11-21 09:40 shipment -7 ref=SO1 event=09:00
erp 11-21 09:45 shipment -7 ref=SO1
`,
    expected: `
A: count-raced-movement -7
`,
  },
  judge(residual, item) {
    if (residual.kind !== 'missing' || residual.wms.first.type !== 'count' || !isUntold(residual)) return undefined;
    const { wms } = residual;
    const raced = findRaced(wms, item);
    if (raced === undefined) return undefined;
    const told = tellMissing(
      residual,
      item,
      chanceOfType(true) * raced.chance,
      `Recount, and reverse count ${nameOf(wms)} (${item.signed(wms.first.quantity)}) in the WMS: ${nameOf(raced.entry)} was open while counting.`,
    );
    return {
      chance: told.chance,
      tell() {
        const { proofs, action } = told.tell();
        return {
          proofs: [
            ...proofs,
            entryProof(
              raced.entry,
              `a movement of ${item.signed(raced.entry.first.quantity)} that was open while counting`,
            ),
          ],
          action,
        };
      },
    };
  },
};

/** The movement of the count's quantity that was open around it, and how likely one would be there by accident. */
function findRaced(count: Entry, item: ItemCase): { entry: Entry; chance: number } | undefined {
  const [part] = count.parts;
  if (part === undefined) return undefined;
  const others = item.wms.filter(
    (entry) => entry !== count && entry.first.type !== 'count' && entry.parts.some(({ key }) => key === part.key),
  );
  const [first, last] = [others[0], others.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  let openMs = 0;
  let equal = 0;
  let raced: Entry | undefined;
  for (const entry of others) {
    const quantity = entry.parts.find(({ key }) => key === part.key)?.quantity ?? 0;
    const isEqual = Math.abs(quantity) === Math.abs(part.quantity);
    const { from, to } = openTime(entry, quantity === part.quantity, isEqual ? item : undefined);
    openMs += to - from;
    if (!isEqual) continue;
    equal++;
    if (count.at < from || count.at > to) continue;
    if (raced === undefined || Math.abs(entry.at - count.at) < Math.abs(raced.at - count.at)) raced = entry;
  }
  if (raced === undefined) return undefined;
  const openAtOnce = openMs / Math.max(OPEN_MS, last.at - first.at);
  const share = (equal - 0.5) / (others.length + SIZES_PRIOR);
  return { entry: raced, chance: Math.min(1, Math.max(0.005, openAtOnce * share)) };
}

/** Few movements tell little of how usual a quantity is. */
const SIZES_PRIOR = 5;

/**
 * From when to when a movement was open. Of the count's sign: done before it was booked, so the count missed the goods already. Of the
 * opposite sign: booked before it was done. Its own times tell, or an earlier step of its document; else a few hours are assumed.
 */
function openTime({ at, first }: Entry, isSameSign: boolean, item: ItemCase | undefined): { from: number; to: number } {
  const { eventAt } = first;
  if (eventAt !== undefined && eventAt !== at) return { from: Math.min(at, eventAt), to: Math.max(at, eventAt) };
  const begun = isSameSign && item !== undefined ? firstStep(first, item) : undefined;
  if (begun !== undefined) return { from: begun, to: at };
  return isSameSign ? { from: at - OPEN_MS, to: at } : { from: at, to: at + OPEN_MS };
}

/** When the WMS booked the first step of a movement's document at its place: picked, and not shipped yet. */
function firstStep({ site, lot, reference, quantity, postedAt: at }: Posting, item: ItemCase): number | undefined {
  return item.evidence.postings.find(
    (step) =>
      step.role === 'wms' &&
      step.site === site &&
      step.lot === lot &&
      step.postedAt < at &&
      (reference === ''
        ? Math.abs(step.quantity) === Math.abs(quantity) && at - step.postedAt <= BEGUN_MS
        : step.reference === reference),
  )?.postedAt;
}
