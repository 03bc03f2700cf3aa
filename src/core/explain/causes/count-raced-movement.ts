/** The cause `count-raced-movement`: a movement was open while its bin was counted, so the count booked it a second time. Never without such a movement. */
import type { Cause } from '../cause.ts';
import type { ItemCase } from '../item-case.ts';
import type { Entry } from '../ledger-entry.ts';
import { chanceOfType, isUntold, tellMissing } from '../missing-posting.ts';
import { entryProof, nameOf } from '../proof.ts';

/** A movement may be open for this long around the count where its own times do not say. */
const OPEN_MS = 4 * 3_600_000;
/** Times of one movement that lie closer than this only tell how long a screen was open. */
const SHORT_MS = 900_000;

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
  let near = 0;
  let all = 0;
  let equalElsewhere = 0;
  let entry: Entry | undefined;
  for (const other of item.wms) {
    const found = other.parts.find(({ key }) => key === part.key);
    if (found === undefined || other === count || other.first.type === 'count') continue;
    const isEqual = Math.abs(found.quantity) === Math.abs(part.quantity);
    all++;
    if (!wasOpen(other, count, found.quantity === part.quantity, item)) {
      if (isEqual) equalElsewhere++;
      continue;
    }
    near++;
    if (isEqual && (entry === undefined || Math.abs(other.at - count.at) < Math.abs(entry.at - count.at)))
      entry = other;
  }
  if (entry === undefined) return undefined;
  if (wasBegun(entry, count, item)) return { entry, chance: entry.first.reference === '' ? 0.1 : 0.02 };
  const share = (equalElsewhere + 0.5) / (all - near + 10);
  return { entry, chance: Math.max(0.02, 1 - (1 - share) ** near) };
}

/** Of the same sign: booked after the count, begun before it. Of the opposite sign: booked before, done after. */
function wasOpen(entry: Entry, count: Entry, isSameSign: boolean, item: ItemCase): boolean {
  const { at, first } = entry;
  if (first.eventAt !== undefined && Math.abs(first.eventAt - at) > SHORT_MS) {
    const [start, end] = first.eventAt < at ? [first.eventAt, at] : [at, first.eventAt];
    return start <= count.at && count.at <= end;
  }
  const isNear = isSameSign ? at >= count.at && at - count.at <= OPEN_MS : at <= count.at && count.at - at <= OPEN_MS;
  return isNear || wasBegun(entry, count, item);
}

/** Whether an earlier step of the same document stands in the WMS before the count: it was picked, and is not shipped yet. */
function wasBegun({ at, first }: Entry, count: Entry, item: ItemCase): boolean {
  if (first.reference === '' || at < count.at) return false;
  return item.evidence.postings.some(
    ({ role, reference, site, lot, postedAt }) =>
      role === 'wms' &&
      reference === first.reference &&
      site === first.site &&
      lot === first.lot &&
      postedAt < count.at,
  );
}
