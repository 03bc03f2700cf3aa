/**
 * Decides how goods come in: purchase orders received in one go or in parts, pallet by pallet, inspected, put away; returns.
 * Never decides what the ERP makes of it.
 */
import { UNIT } from '../catalogue.ts';
import type { StockedItem } from './assortment.ts';
import { lotCode } from './assortment.ts';
import { HOUR } from './calendar.ts';
import { between, pickWeighted } from './dice.ts';
import type { Floor } from './floor.ts';
import type { Leg, Posting } from './ledger.ts';

interface OrderedLine {
  readonly stocked: StockedItem;
  readonly number: number;
  quantity: number;
}

/** A truck with a purchase order; one order in six comes in two or three parts. */
export function receivePurchaseOrder(floor: Floor, site: number): void {
  const { random } = floor;
  const lines: OrderedLine[] = [];
  for (let number = 1; number <= between(random, 1, 7); number++) {
    const stocked = neediest(floor, site);
    if (stocked === undefined || lines.some((line) => line.stocked === stocked)) continue;
    lines.push({ stocked, number: number * 10, quantity: supplyOf(floor, stocked) });
  }
  for (const { stocked, quantity } of lines) floor.onOrder[floor.slot(stocked)]! += quantity;
  const order = floor.numbering.purchaseOrder();
  const parts = random.chance(0.16) ? between(random, 2, 3) : 1;
  for (let part = 1; part <= parts; part++) {
    const isLast = part === parts;
    const later = (part - 1) * between(random, 6, 60) * HOUR + random.below(HOUR);
    floor.queue.schedule(floor.now + later, () => unload(floor, order, partOf(floor, lines, isLast)));
  }
}

/** Of four items the one that will be out of stock first. */
function neediest(floor: Floor, site: number): StockedItem | undefined {
  let best: StockedItem | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let draw = 0; draw < 4; draw++) {
    const stocked = floor.drawItem(site);
    if (stocked === undefined) return undefined;
    const cover = floor.held(site, stocked.item.index, 'available') / (stocked.weight * stocked.lineSize);
    if (cover >= least) continue;
    least = cover;
    best = stocked;
  }
  return best;
}

/** Whole cases where there are cases. */
function supplyOf({ random }: Floor, { item, lineSize, weight }: StockedItem): number {
  const pieces = Math.ceil(weight * between(random, 8, 30));
  if (item.baseUom === 'KG') return pieces * lineSize + random.below(1000);
  const caseSize = item.caseFactor * UNIT;
  return Math.max(1, Math.ceil((pieces * lineSize) / caseSize)) * caseSize;
}

function partOf({ random }: Floor, lines: readonly OrderedLine[], isLast: boolean): OrderedLine[] {
  return lines.flatMap((line) => {
    if (line.quantity <= 0 || (!isLast && random.chance(0.3))) return [];
    const step = line.stocked.item.baseUom === 'KG' ? 1 : UNIT;
    const quantity = isLast ? line.quantity : Math.floor((line.quantity * between(random, 30, 70)) / 100 / step) * step;
    line.quantity -= quantity;
    return quantity > 0 ? [{ ...line, quantity }] : [];
  });
}

/** Scans pallet after pallet; the receipt is closed and told when all are in. */
function unload(floor: Floor, order: string, lines: readonly OrderedLine[]): void {
  if (lines.length === 0) return;
  const { random, habits, numbering, queue } = floor;
  const reference = habits.receiptsByOrder ? order : numbering.document('receipt');
  const postings: Posting[] = [];
  let at = floor.now;
  for (const { stocked, number, quantity } of lines) {
    const state = stocked.isInspected ? 'quality' : 'receiving';
    const owner = stocked.owners.length > 1 ? random.pick(stocked.owners) : stocked.owners[0]!;
    const lot = incomingLot(floor, stocked);
    for (const part of pallets(floor, quantity, stocked)) {
      at += between(random, 40, 400);
      const { item, site } = stocked;
      const leg: Leg = { site, item, owner, lot, status: floor.name(state), quantity: part };
      queue.schedule(at, () => {
        postings.push(floor.post({ type: 'receipt', reference, line: number, legs: [leg] }));
        floor.onOrder[floor.slot(stocked)]! -= part;
        if (stocked.isInspected) inspectLater(floor, leg);
        else putAwayLater(floor, leg, reference, number);
      });
    }
  }
  queue.schedule(at + between(random, 20, 600), () => floor.finish('receipt', postings));
}

/** A new lot two times in three, else more of one that is there. */
function incomingLot(floor: Floor, { item, site }: StockedItem): string {
  if (!item.lotControlled) return '';
  const cells = floor.book.at(site, item.index);
  if (cells.length > 0 && floor.random.chance(0.35)) return floor.random.pick(cells).lot;
  return lotCode(floor.random, cells.length + 10);
}

/** Large lines come on two or three pallets, each with an entry of its own. */
function pallets({ random }: Floor, quantity: number, { item }: StockedItem): number[] {
  const step = item.baseUom === 'KG' ? 1 : item.caseFactor * UNIT;
  if (quantity < 6 * step || !random.chance(0.25)) return [quantity];
  const first = Math.floor((quantity * between(random, 30, 60)) / 100 / step) * step;
  return first > 0 && first < quantity ? [first, quantity - first] : [quantity];
}

export function putAwayLater(floor: Floor, leg: Leg, receipt: string, line: number): void {
  const { random, habits, numbering, queue } = floor;
  queue.schedule(floor.now + between(random, 900, 5 * HOUR), () => {
    const reference = habits.putawayKeepsNumber ? receipt : numbering.document('putaway');
    const legs = floor.moved([{ ...leg, quantity: -leg.quantity }], 'available');
    floor.finish('putaway', [floor.post({ type: 'status-change', reference, line, legs })]);
    floor.onPutAway(leg);
  });
}

/** The laboratory releases most goods within two days, and blocks some. */
function inspectLater(floor: Floor, leg: Leg): void {
  const { random, numbering, queue } = floor;
  queue.schedule(floor.now + between(random, 5, 45) * HOUR, () => {
    const state = pickWeighted(random, [
      ['available', 93],
      ['hold', 5],
      ['damaged', 2],
    ] as const);
    const there = floor.taken(leg, leg.quantity);
    if (there.length === 0) return;
    const reference = numbering.document('status');
    const reason = state === 'available' ? 'QA-RELEASE' : 'QA-BLOCK';
    const legs = floor.moved(there, state);
    floor.finish('status', [floor.post({ type: 'status-change', reference, line: 1, legs, reason })]);
  });
}

/** A customer sends something back: as good as new, to be looked at, or broken. */
export function receiveReturn(floor: Floor, site: number): void {
  const { random, numbering } = floor;
  const reference = numbering.document('return');
  const postings: Posting[] = [];
  for (
    let line = 1;
    line <=
    pickWeighted(random, [
      [1, 7],
      [2, 3],
    ] as const);
    line++
  ) {
    const stocked = floor.drawItem(site);
    if (stocked === undefined) return;
    const { item, lineSize, owners } = stocked;
    const state = pickWeighted(random, [
      ['available', 5],
      ['quality', 2],
      ['damaged', 3],
    ] as const);
    const lots = floor.book.at(site, item.index);
    const lot = item.lotControlled ? (lots.length > 0 ? random.pick(lots).lot : lotCode(random, 30)) : '';
    const quantity = item.baseUom === 'KG' ? between(random, 200, lineSize) : UNIT * between(random, 1, 4);
    const leg: Leg = { site, item, owner: owners[0]!, lot, status: floor.name(state), quantity };
    postings.push(floor.post({ type: 'return', reference, line, legs: [leg] }));
  }
  floor.finish('return', postings);
}
